// Files that call variables otherwise, have their axes in another order, or are for a part of a model.
#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/io/model_file.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/weights_of.hpp>
#include <utility>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::message_of;

inline constexpr auto cube = [](value x) { return einsum("i,ijk->jk", x, parameter("cube", {4, 2, 3})); };
struct net
    : network<(named<"stem">(dense<4> >> batch_norm >> named<"deep">(dense<4>)) >> named<"head">(cube)), shape<5>> {};
using single = model<net, backend::scalar>;

using shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

// element i of a tensor holds i + 100 times its place in the list
std::vector<float> content(std::size_t tensor, std::size_t size) {
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<float>(100 * tensor + i);
    return values;
}

struct name_rules : testing::Test {
    const tests::temporary_folder own;
    const std::filesystem::path file = own.path() / "weights.safetensors";

    void write(const shapes& tensors) const {
        encoded_tensors list;
        for (std::size_t t = 0; t < tensors.size(); ++t) {
            const auto values = content(t, static_cast<std::size_t>(*element_count(tensors[t].second)));
            list.add(tensors[t].first, tensors[t].second, dtype::f32,
                     encode_floats(std::span<const float>(values), dtype::f32));
        }
        write_safetensors(file, list.entries());
    }
    template <class Model> std::string message(Model& m, load_options options) const {
        options.layout = options.layout == weight_layout::as_stated ? weight_layout::tessera : options.layout;
        const std::string text = message_of([&] { load(m, file, options); });
        return text.starts_with(file.string()) ? text.substr(file.string().size()) : text;
    }
};

template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

const shapes foreign{{"encoder.0.kernel", {4, 5}},    {"encoder.0.bias", {4}},    {"encoder.1.gamma", {4}},
                     {"encoder.1.beta", {4}},         {"encoder.1.mean", {4}},    {"encoder.1.var", {4}},
                     {"encoder.deep.kernel", {4, 4}}, {"encoder.deep.bias", {4}}, {"out [*] \xC3\xA9 cube", {2, 3, 4}}};
std::vector<name_rule> all_rules() {
    return {{"encoder.1.gamma", "stem.1.weight"},          {"encoder.1.beta", "stem.1.bias"},
            {"encoder.1.mean", "stem.1.running_mean"},     {"encoder.1.var", "*.running_var", {}},
            {"encoder.*.kernel", "stem.*.weight", {1, 0}}, {"encoder.*.bias", "stem.*.bias"},
            {"out [*] \xC3\xA9 *", "head.*", {2, 0, 1}}};
}

TEST_F(name_rules, bring_over_a_file_of_other_names_and_axes) {
    write(foreign);
    single m(1);
    auto map = all_rules();
    map[3] = {"encoder.1.var", "stem.1.running_var"};
    map[6] = {"out [*] \xC3\xA9 cube", "head.cube", {2, 0, 1}};
    // a star of the file's own would be one of the rule: it is written as what stands for any letters on both sides
    EXPECT_EQ(message(m, {.map = map}),
              "load: map, 'out [*] \xC3\xA9 cube' for 'head.cube': expected as many * in both, found 1 and 0");
    map[6] = {"out [*", "head*", {2, 0, 1}};
    EXPECT_NE(message(m, {.map = map}), "");
    shapes plain = foreign;
    plain[8].first = "out [] \xC3\xA9 cube";
    write(plain);
    map[6] = {"out [] \xC3\xA9 *", "head.*", {2, 0, 1}};
    EXPECT_EQ(message(m, {.map = map}), "");
    const auto weight = m.parameter("stem.0.weight");  // (5, 4) of (4, 5)
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(weight[4 * i + j], static_cast<float>(5 * j + i));
    EXPECT_EQ(copy_of(m.parameter("stem.0.bias")), content(1, 4));
    EXPECT_EQ(copy_of(m.parameter("stem.1.weight")), content(2, 4));
    EXPECT_EQ(copy_of(m.parameter("stem.1.bias")), content(3, 4));
    EXPECT_EQ(copy_of(m.state("stem.1.running_mean")), content(4, 4));
    EXPECT_EQ(copy_of(m.state("stem.1.running_var")), content(5, 4));
    EXPECT_EQ(m.parameter("stem.deep.weight")[1], 600 + 4);
    const auto c = m.parameter("head.cube");  // (4, 2, 3) of (2, 3, 4): axis 0 is the file's axis 2
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 2; ++j)
            for (std::size_t k = 0; k < 3; ++k)
                EXPECT_EQ(c[6 * i + 3 * j + k], static_cast<float>(800 + 12 * j + 4 * k + i));
    // the same into weights that models borrow
    weights_of<net> w(2);
    load(w, file, {.layout = weight_layout::tessera, .map = map});
    EXPECT_EQ(copy_of(w.parameters()), copy_of(m.parameters()));
}

// all that does not fit in one message, and nothing of it in the model
TEST_F(name_rules, name_all_that_does_not_fit_and_change_nothing) {
    write(
        {{"encoder.0.kernel", {5, 4}}, {"encoder.0.bias", {4}}, {"stem.1.weight", {4}}, {"left", {1}}, {"over", {2}}});
    single m(1);
    const auto parameters = copy_of(m.parameters()), states = copy_of(m.states());
    EXPECT_EQ(
        message(m, {.map = {{"encoder.*.kernel", "stem.*.weight", {1, 0}},
                            {"encoder.*.bias", "stem.*.bias"},
                            {"nothing.*", "nobody.*"},
                            {"cube", "head.cube", {1, 0}}}}),
        ": expected 7 tensors that fit the model, found "
        "5 missing ('encoder.1.bias' (for 'stem.1.bias'), 'encoder.deep.kernel' (for 'stem.deep.weight'), "
        "'encoder.deep.bias' (for 'stem.deep.bias'), 'stem.1.running_mean', 'stem.1.running_var'); "
        "3 surplus ('left', 'over', 'stem.1.weight'); "
        "4 unfit ('encoder.0.kernel' (for 'stem.0.weight') (5, 4) for (4, 5), 'stem.1.weight' (4) for 2 axes of a "
        "rule, 'head.cube' (4, 2, 3) for 2 axes of a rule, no variable of the rule 'nothing.*' for 'nobody.*')");
    EXPECT_EQ(copy_of(m.parameters()), parameters);
    EXPECT_EQ(copy_of(m.states()), states);
}

TEST_F(name_rules, without_sense_are_refused) {
    write(foreign);
    single m(1);
    EXPECT_EQ(message(m, {.map = {{"a.*.*", "b.*"}}}),
              "load: map, 'a.*.*' for 'b.*': expected as many * in both, found 2 and 1");
    EXPECT_EQ(message(m, {.map = {{"a", "b", {1, 2}}}}),
              "load: map, 'a' for 'b': expected axes 0 to 1, each once, found no 0");
    EXPECT_EQ(message(m, {.map = {{"a", "b", {0, 0}}}}),
              "load: map, 'a' for 'b': expected axes 0 to 1, each once, found no 1");
    EXPECT_EQ(message(m, {.map = {{"a", "b", {-1}}}}),
              "load: map, 'a' for 'b': expected axes 0 to 0, each once, found no 0");
}

// one tensor for several variables, of one shape and of two
TEST_F(name_rules, may_share_a_tensor) {
    write({{"square", {4, 4}}, {"four", {4}}});
    model<net, backend::scalar, double> m(1);
    EXPECT_EQ(
        message(m, {.map = {{"square", "deep.weight"},
                            {"four", "1.weight"},
                            {"four", "1.bias"},
                            {"four", "deep.bias"},
                            {"four", "0.bias"},
                            {"four", "1.running_mean"},
                            {"four", "1.running_var"},
                            {"square", "0.weight"}},
                    .to = "stem"}),
        ": expected 2 tensors that fit the model, found 1 unfit ('square' (for 'stem.0.weight') (4, 4) for (5, 4))");
    EXPECT_EQ(message(m, {.map = {{"square", "weight"}, {"four", "bias"}}, .to = "stem.deep"}), "");
    EXPECT_EQ(m.parameter("stem.deep.weight")[15], 15);
    EXPECT_EQ(m.parameter("stem.deep.bias")[3], 103);
}

TEST_F(name_rules, load_a_part_of_a_file_into_a_part_of_a_model) {
    write({{"backbone.weight", {4, 4}}, {"backbone.bias", {4}}, {"backbone2.bias", {9}}, {"head", {1}}});
    single m(1);
    const single before(1);
    EXPECT_EQ(message(m, {.from = "backbone", .to = "stem.deep"}), "");
    EXPECT_EQ(copy_of(m.parameter("stem.deep.weight")), content(0, 16));
    EXPECT_EQ(copy_of(m.parameter("stem.deep.bias")), content(1, 4));
    for (const char* path : {"stem.0.weight", "stem.0.bias", "stem.1.weight", "head.cube"})
        EXPECT_EQ(copy_of(m.parameter(path)), copy_of(before.parameter(path))) << path;
    EXPECT_EQ(copy_of(m.states()), copy_of(before.states()));

    EXPECT_EQ(
        message(m, {.to = "stem.deep"}),
        ": expected 2 tensors that fit the model, found 2 missing ('weight' (for 'stem.deep.weight'), 'bias' (for "
        "'stem.deep.bias')); 4 surplus ('backbone.bias', 'backbone.weight', 'backbone2.bias', 'head')");
    EXPECT_EQ(message(m, {.from = "backbone", .to = "stem.dee"}),
              ": expected variables below 'stem.dee' in the model, found none");
    write({{"backbone.weight", {4, 4}}, {"backbone.bias", {4}}, {"backbone.more", {1}}});
    EXPECT_EQ(message(m, {.from = "backbone", .to = "stem.deep"}),
              ": expected 2 tensors that fit the model, found 1 surplus ('backbone.more')");
    EXPECT_EQ(message(m, {.allow_surplus = true, .from = "backbone", .to = "stem.deep"}), "");
    // rules are within the parts
    write({{"backbone.w", {4, 4}}, {"backbone.b", {4}}});
    EXPECT_EQ(message(m, {.map = {{"w", "weight"}, {"b", "bias"}}, .from = "backbone", .to = "stem.deep"}), "");
}

struct recurrent : network<(named<"read">(gru<2>) >> named<"out">(dense<3>)), shape<4, 2>> {};

// rules speak of PyTorch's names, and its order of axes is turned as ever
TEST_F(name_rules, go_with_the_layout_of_pytorch) {
    write({{"net.rnn.weight_ih_l0", {6, 2}},
           {"net.rnn.weight_hh_l0", {6, 2}},
           {"net.rnn.bias_ih_l0", {6}},
           {"net.rnn.bias_hh_l0", {6}},
           {"net.fc.weight", {3, 2}},
           {"net.fc.bias", {3}},
           {"net.fc.num_batches_tracked", {}}});
    model<recurrent, backend::scalar> m(1);
    EXPECT_EQ(message(m, {.layout = weight_layout::pytorch,
                          .map = {{"rnn.*_l0", "read.*_l0"}, {"fc.*", "out.*"}},
                          .from = "net"}),
              "");
    EXPECT_EQ(m.parameter("read.weight_ih")[1], 2);  // (2, 6) of (6, 2)
    EXPECT_EQ(m.parameter("out.weight")[1], 402);    // (2, 3) of (3, 2)
    EXPECT_EQ(copy_of(m.parameter("out.bias")), content(5, 3));
    EXPECT_EQ(message(m, {.layout = weight_layout::pytorch, .map = {{"fc.*", "*"}}, .from = "net", .to = "out"}),
              ": expected 2 tensors that fit the model, found 4 surplus ('net.rnn.bias_hh_l0', 'net.rnn.bias_ih_l0', "
              "'net.rnn.weight_hh_l0', 'net.rnn.weight_ih_l0')");
    EXPECT_EQ(message(m, {.layout = weight_layout::pytorch, .from = "net.fc", .to = "out"}), "");
}

}  // namespace
