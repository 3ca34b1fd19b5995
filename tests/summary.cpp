#include "networks/lenet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/model.hpp>
#include <tessera/summary.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto gate = [](value x) { return x * sigmoid(dense<4>(relu(dense<300>(x)))); };
inline constexpr auto small_layers = dense<4> >> relu >> named<"gate">(identity >> gate) >> dropout<> >>
                                     residual(dense<4> >> batch_norm) >> dense<3>;
struct small : network<small_layers, shape<5>> {};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// "name      value" as totals have it
std::string total(const std::string& name, const std::string& value) {
    return "\n" + name + std::string(20 - name.size(), ' ') + value + "\n";
}

TEST(summary, of_a_small_network) {
    EXPECT_EQ(summary<small>(),
              "path            layer       output  parameters   MACs  bytes\n"
              "------------------------------------------------------------\n"
              "input                       (5)              -      -     20\n"
              "0               dense<4>    (4)             24     20     16\n"
              "1               relu        (4)              -      -     16\n"
              "gate                        (4)              -      -     16\n"
              "  gate.dense    dense<300>  (300)        1,500  1,200  1,200\n"
              "  gate.relu     relu        (300)            -      -  1,200\n"
              "  gate.dense_1  dense<4>    (4)          1,204  1,200     16\n"
              "  gate.sigmoid  sigmoid     (4)              -      -     16\n"
              "3               dropout     -                -      -      -\n"
              "4               sum         (4)              -      -     16\n"
              "  4.0           chain       -                -      -      -\n"
              "  4.1           chain       (4)              -      -     16\n"
              "    4.1.0       dense<4>    (4)             20     16     16\n"
              "    4.1.1       batch_norm  (4)              8      -     16\n"
              "5               dense<3>    (3)             15     12     12\n"
              "\n"
              "parameters          2,771\n"
              "states              8\n"
              "MACs                2,448\n"
              "parameter bytes     11,456\n");
}

struct bare : network<dense<3>, in<"features", shape<2>>> {};

TEST(summary, of_a_layer_without_a_scope) {
    EXPECT_EQ(summary<bare>(),
              "path      layer  output  parameters  MACs  bytes\n"
              "------------------------------------------------\n"
              "features         (2)              -     -      8\n"
              "network          (3)              9     6     12\n"
              "\n"
              "parameters          9\n"
              "MACs                6\n"
              "parameter bytes     128\n");
}

inline constexpr auto pair = [](value x) { return tied<"shared">(dense<3>)(x) + tied<"shared">(dense<3>)(relu(x)); };
struct twice : network<(identity >> pair), shape<3>> {};

TEST(summary, counts_shared_parameters_once_and_both_runs) {
    const std::string text = summary<twice>();
    EXPECT_TRUE(contains(text, total("parameters", "12"))) << text;
    EXPECT_TRUE(contains(text, total("MACs", "18"))) << text;
    EXPECT_TRUE(contains(text, "\n  shared  dense<3>  (3)             12    18     12\n")) << text;
}

struct tokens : network<embedding<10, 4>, in<"tokens", shape<6>, int32>> {};

TEST(summary, whole_numbers_have_four_bytes_also_in_double) {
    const std::string text = summary<tokens, program<tokens, backend::scalar, batch<1>, double>>();
    EXPECT_TRUE(contains(text, "tokens          (6)              -     -     24\n")) << text;
    EXPECT_TRUE(contains(text, "    192\n")) << text;
    EXPECT_TRUE(contains(text, ", double\n")) << text;
}

TEST(summary, totals_of_lenet) {
    const std::string text = summary<networks::lenet>();
    EXPECT_TRUE(contains(text, "\n0      conv<6, 5>   (28, 28, 6)          156  117,600  18,816\n")) << text;
    EXPECT_TRUE(contains(text, total("parameters", "61,706"))) << text;
    EXPECT_TRUE(contains(text, total("MACs", "416,520"))) << text;
    EXPECT_FALSE(contains(text, "workspace")) << text;
}

TEST(summary, of_a_model_adds_its_program) {
    using net = model<networks::lenet, backend::scalar, batch<4>>;
    using p = net::program_type;
    const std::string text = summary<net>();
    EXPECT_EQ(text, (summary<networks::lenet, p>()));
    EXPECT_EQ(text, summary<p>());
    EXPECT_EQ(text, (summary<networks::lenet, net>()));
    EXPECT_TRUE(contains(text, total("parameters", "61,706"))) << text;
    EXPECT_TRUE(contains(text, total("program", "scalar, batch of 4, float"))) << text;
    EXPECT_TRUE(contains(text, total("nodes", grouped_digits(p::nodes)))) << text;
    EXPECT_TRUE(contains(text, total("steps", grouped_digits(p::steps)))) << text;
    EXPECT_TRUE(contains(text, total("workspace bytes", grouped_digits(p::workspace_bytes) + " (at least " +
                                                            grouped_digits(p::workspace_bound) + ")")))
        << text;
    EXPECT_TRUE(contains(text, total("memory bytes", grouped_digits(net::memory_bytes)))) << text;
}

TEST(summary, of_a_trainer_says_what_training_takes) {
    using net = model<small, backend::scalar, batch<4>>;
    using all_of_it = trainer<net, cross_entropy, sgd>;
    using frozen = trainer<net, cross_entropy, sgd, freeze<"gate">>;
    const std::string text = summary<frozen>();
    EXPECT_TRUE(contains(summary<all_of_it>(), total("parameters", "2,771 (2,771 trainable)")));
    EXPECT_TRUE(contains(text, total("parameters", "2,771 (67 trainable)"))) << text;
    // parameters, gradients, one slot; states, and as they were before a step; workspace
    const long bytes = 3 * net::parameter_bytes + 2 * net::state_bytes + frozen::workspace_bytes;
    EXPECT_TRUE(contains(text, total("training bytes", grouped_digits(bytes)))) << text;
    const std::string of_program = summary<frozen::program_type>();
    const long without_optimiser = bytes - net::parameter_bytes - net::state_bytes;
    EXPECT_TRUE(contains(of_program, total("training bytes", grouped_digits(without_optimiser))));
}

struct recurrent : network<(gru<4> >> dense<3>), shape<5, 2>> {};

TEST(summary, a_loop_multiplies) {
    const std::string text = summary<recurrent>();
    // for each of 5 items: 3 gates of 4 from 2 inputs and from 4 states; then the dense layer
    EXPECT_TRUE(contains(text, total("MACs", grouped_digits(5 * (12 * 2 + 12 * 4 + 4 * 3))))) << text;
    EXPECT_TRUE(contains(text, "gru<4>    (5, 4)          96   360     80\n")) << text;
}

std::string line_of(const std::string& text, const std::string& name) {
    const std::size_t begin = text.find("\n" + name + " ") + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

struct four : network<repeat<4>(dense<8>), shape<8>> {};
struct nine : network<repeat<9>(dense<8>), shape<8>> {};

TEST(summary, kernels_of_equal_steps_count_once) {
    using shorter = program<four, backend::scalar>;
    using longer = program<nine, backend::scalar>;
    static_assert(longer::steps > shorter::steps);
    const std::string kernels = line_of(summary<shorter>(), "distinct kernels");
    EXPECT_EQ(kernels, line_of(summary<longer>(), "distinct kernels"));
    EXPECT_TRUE(kernels.starts_with("distinct kernels    ")) << kernels;
    EXPECT_LT(std::stoi(kernels.substr(20)), shorter::steps);
}

}  // namespace
