// Early exits and skip gates: what is taken, and what it costs.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/structure/early_exits.hpp>
#include <tessera/layers/structure/skip_gate.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../network_facts.hpp"
#include "run_of.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::run_of;

inline constexpr auto early = early_exits(dense<5> >> relu, dense<3>, dense<7> >> relu, dense<3>, identity, dense<3>);
struct whole : network<early, shape<4>> {};
static_assert(whole::table.output_count == 3 && output_shape<whole> == (extents{3}));
static_assert(paths_are<whole>({"stage0.0.weight", "stage0.0.bias", "exit0.weight", "exit0.bias", "stage1.0.weight",
                                "stage1.0.bias", "exit1.weight", "exit1.bias", "exit2.weight", "exit2.bias"}));

// what each exit costs, counted by hand
constexpr auto macs = exit_macs<early, shape<4>>;
static_assert(macs[0] == 4 * 5 + 5 * 3 && macs[1] == macs[0] + 5 * 7 + 7 * 3 && macs[2] == macs[1] + 7 * 3);
static_assert(macs[2] == whole::macs);
static_assert(expected_macs<early, shape<4>>({0, 0, 1}) == whole::macs);
static_assert(expected_macs<early, shape<4>>({0.5, 0.25, 0.25}) == 0.5 * macs[0] + 0.25 * macs[1] + 0.25 * macs[2]);

// a piece has the parameters of the whole, by name, and its cost
struct first_piece : network<exit_piece<early, 0>, shape<4>> {};
struct second_piece : network<exit_piece<early, 1>, shape<5>> {};
static_assert(paths_are<first_piece>({"stage0.0.weight", "stage0.0.bias", "exit0.weight", "exit0.bias"}));
static_assert(first_piece::macs == macs[0] && first_piece::macs + second_piece::macs == macs[1]);

TEST(early_exits, pieces_one_after_another_are_the_whole) {
    model<whole, backend::scalar, double> all;
    model<first_piece, backend::scalar, double> first;
    model<second_piece, backend::scalar, double> second;
    const auto hand_over = [&](auto& to, const char* name) {
        for (const char* part : {".weight", ".bias"})
            std::ranges::copy(all.parameter(std::string(name) + part), to.parameter(std::string(name) + part).begin());
    };
    for (const char* name : {"stage0.0", "exit0"}) hand_over(first, name);
    for (const char* name : {"stage1.0", "exit1"}) hand_over(second, name);
    const std::vector<double> x{0.3, -1, 2, 0.7};
    all(x);
    first(x);
    const std::vector<double> between(first.output(0).begin(), first.output(0).end());
    second(between);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(first.output(1)[i], all.output(0)[i]);
        EXPECT_EQ(second.output(1)[i], all.output(1)[i]);
        EXPECT_NE(all.output(1)[i], 0);
    }
}

// three exits of two classes as rows of the input
template <int Percent, bool Entropy>
inline constexpr auto chosen = [](value x) {
    values logits;
    for (int i = 0; i < 3; ++i) logits.push(reshape(slice(x, 0, i, 1), {2}));
    const values y = Entropy ? first_certain(logits, Percent / 100.0) : first_confident(logits, Percent / 100.0);
    return concatenate({y[0], y[1]});
};
template <int Percent, bool Entropy = false> std::vector<double> choose(const std::vector<double>& x) {
    model<network<chosen<Percent, Entropy>, shape<3, 2>>, backend::scalar, double> m;
    const auto y = m(x);
    return {y.begin(), y.end()};
}
using list = std::vector<double>;
TEST(first_confident, takes_the_first_that_is_sure) {
    const list x{0.1, 0, 3, 0, 0, 40};  // probabilities 0.52, 0.95, 1
    EXPECT_EQ(choose<90>(x), (list{3, 0, 0, 1, 0}));
    EXPECT_EQ(choose<50>(x), (list{0.1, 0, 1, 0, 0}));
    EXPECT_EQ(choose<99>(x), (list{0, 40, 0, 0, 1}));
    EXPECT_EQ(choose<-1>(x), (list{0.1, 0, 1, 0, 0}));
    // a threshold of 1 is the whole network, however sure an exit is
    EXPECT_EQ(choose<100>({800, 0, 800, 0, 1, 2}), (list{1, 2, 0, 0, 1}));
    EXPECT_EQ((choose<30, true>(x)), (list{3, 0, 0, 1, 0}));
    EXPECT_EQ((choose<0, true>(x)), (list{0, 40, 0, 0, 1}));
}
inline constexpr auto of_two_shapes = [](value x) { return first_confident({x, sum(x)}, 0.5); };
static_assert(mistake<of_two_shapes, 3>().expected.view() == "logits (classes) of every exit");

// --- gates

inline constexpr auto gate = skip_gate(dense<4> >> layer<tanh>);
struct gated : network<gate, shape<3, 4>> {};
static_assert(paths_are<gated>({"branch.0.weight", "branch.0.bias", "bias", "weight"}));
constexpr auto cost = skip_gate_macs<gate, shape<3, 4>>;
static_assert(cost.branch == 3 * 4 * 4 && cost.gate == 4 && cost.expected(0.25) == 4 + 12 &&
              cost.expected(1) == gated::macs);
static_assert(mistake<skip_gate(dense<3>), 2, 4>().expected.view() == "a branch that keeps the shape");

TEST(skip_gate, runs_its_branch_or_not) {
    model<gated, backend::scalar, double> m;
    const list x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    m.parameter("bias")[0] = -100;
    const auto y = m(x);
    EXPECT_EQ(list(y.begin(), y.end()), x);
    m.parameter("bias")[0] = 100;
    m.parameter("branch.0.bias")[0] = 1000;
    std::ranges::fill(m.parameter("branch.0.weight"), 0.0);
    const auto z = m(x);
    EXPECT_EQ(list(z.begin(), z.end()), (list{2, 2, 3, 4, 6, 6, 7, 8, 10, 10, 11, 12}));
}

// the gate is closed, and learns as its sigmoid would
struct costly : network<skip_gate_with<execution_cost<0.5>>(dense<2>), shape<2>> {};
TEST(skip_gate, learns_through_the_step) {
    run_of<costly> r;
    r.set("weight", {0.5, 0.25});
    r.set("bias", {-2});
    r.set("branch.weight", {0, 0, 0, 0});
    r.set("branch.bias", {3, 4});
    r.input() = {1, 2};
    r.seed() = {1, 10};
    r.run();
    EXPECT_EQ(list(r.output().begin(), r.output().end()), (list{1, 2}));
    const double s = 1 / (1 + std::exp(1.0)), slope = s * (1 - s);
    EXPECT_NEAR(r.gradient("bias")[0], slope * (3 * 1 + 4 * 10 + 0.5), 1e-12);
    EXPECT_NEAR(r.gradient("weight")[1], 2 * slope * (43 + 0.5), 1e-12);
    EXPECT_EQ(r.gradient("branch.bias")[0], 0);
    EXPECT_NEAR(r.loss(), 1 + 20, 1e-12);  // a closed gate costs nothing
}

// half of the batch is to run: of two samples, one gate is open
struct at_a_rate : network<skip_gate_with<target_rate<0.25, 8>>(dense<2>), shape<2>> {};
TEST(skip_gate, is_held_at_a_rate) {
    run_of<at_a_rate, backend::scalar, double, 2> r;
    r.set("weight", {1, 0});
    r.set("bias", {0});
    std::ranges::fill(r.seed(), 0.0);
    r.input() = {5, 0, -5, 0};
    r.run();
    EXPECT_NEAR(r.loss(), 8 * 0.25 * 0.25, 1e-12);
}

// a gate that is sampled is open as often as its probability says
struct sampled : network<skip_gate_with<sampled_gate>(dense<1>), shape<1>> {};
TEST(skip_gate, is_open_with_its_probability) {
    constexpr int samples = 4000;
    run_of<sampled, backend::scalar, double, samples> r;
    r.set("weight", {0});
    r.set("bias", {1});
    r.set("branch.weight", {0});
    r.set("branch.bias", {1});
    r.run();
    double open = 0;
    for (double y : r.output()) open += y;
    EXPECT_NEAR(open / samples, 1 / (1 + std::exp(-1.0)), 0.03);
}

}  // namespace
