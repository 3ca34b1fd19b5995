// A key of tied<> belongs to the function that opens it, unless one further out has opened it.
#include "../network_facts.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/io/model_file.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

// x a, twice
inline constexpr auto scaled = [](value x) { return x * parameter("a", {2}, initial::constant(2)); };
inline constexpr auto squares = [](value x) {
    const auto inner = tied<"inner">(scaled);
    return inner(inner(x));
};

// --- a function applied twice has two sets; whoever applies it
struct in_a_chain : network<(squares >> squares), shape<2>> {};
static_assert(paths_are<in_a_chain>({"0.inner.a", "1.inner.a"}));
static_assert(paths_are<network<repeat<2>(squares), shape<2>>>({"0.inner.a", "1.inner.a"}));
static_assert(paths_are<network<(named<"one">(squares) + squares), shape<2>>>({"one.inner.a", "1.inner.a"}));
static_assert(paths_are<network<squares, shape<2>>>({"inner.a"}));

struct squares_layer : layer_base<squares_layer> {
    static constexpr std::string_view name = "squares";
    constexpr value apply(value x) const { return squares(x); }
};
inline constexpr auto calls_layers = [](value x) { return squares_layer{}(squares_layer{}(x)); };
static_assert(paths_are<network<calls_layers, shape<2>>>({"squares.inner.a", "squares_1.inner.a"}));

inline constexpr auto two_layers = [](value x) {
    const auto inner = tied<"inner">(dense<4>);
    return inner(relu(inner(x)));
};
static_assert(network<two_layers, shape<4>>::parameter_count == 20);
static_assert(network<(two_layers >> two_layers), shape<4>>::parameter_count == 40);

// --- combinators are no functions: what is written in one expression shares a key, however deep
inline constexpr auto step = tied<"step">(scaled);
static_assert(paths_are<network<(step >> residual(step >> (step + step)) >> repeat<2>(named<"it">(step))), shape<2>>>(
    {"step.a"}));
static_assert(paths_are<network<(squares >> step >> residual(step)), shape<2>>>({"0.inner.a", "step.a"}));

// --- opened further out, it is one
inline constexpr auto opened_first = [](value x) { return (squares >> squares)(tied<"inner">(scaled)(x)); };
static_assert(paths_are<network<opened_first, shape<2>>>({"inner.a"}));
static_assert(paths_are<network<(tied<"inner">(scaled) >> squares >> named<"two">(squares)), shape<2>>>({"inner.a"}));
static_assert(paths_are<network<(opened_first >> opened_first), shape<2>>>({"0.inner.a", "1.inner.a"}));
// what is tied as a whole is tied within
static_assert(paths_are<network<(tied<"block">(squares) >> tied<"block">(squares)), shape<2>>>({"block.inner.a"}));

// --- what would depend on the order is refused
inline constexpr fault late = mistake<(squares >> tied<"inner">(scaled)), 2>();
static_assert(late.where.view() == "input" && late.expected.view() == "key 'inner' opened further out first");
static_assert(late.found.view() == "one in 0" && !late.hint.empty());
static_assert(mistake<(named<"w">(scaled) >> tied<"w">(scaled)), 2>().found.view() == "'w' twice");
static_assert(mistake<(tied<"w">(scaled) >> named<"w">(scaled)), 2>().found.view() == "'w' twice");
inline constexpr auto key_of_a_name = [](value x) { return tied<"dense">(dense<2>)(dense<2>(x)); };
static_assert(mistake<key_of_a_name, 2>().found.view() == "'dense' twice");
inline constexpr auto name_of_a_key = [](value x) { return dense<2>(tied<"dense">(dense<2, no_bias>)(x)); };
static_assert(paths_are<network<(tied<"all">(name_of_a_key) >> tied<"all">(name_of_a_key)), shape<2>>>(
    {"all.dense.weight", "all.dense_1.weight", "all.dense_1.bias"}));

// --- states as well; every phase has the same sets
inline constexpr auto normed = [](value x) {
    const auto norm = tied<"norm">(batch_norm);
    return norm(norm(x));
};
struct norms : network<(normed >> normed), shape<2>> {};
static_assert(norms::table.state_count == 4 && norms::table.parameter_count == 4);
static_assert(count_of<norms, phase::training>(op::store) == 4);  // both of each set, once
template <class Net, phase Purpose> constexpr bool has_the_same_sets() {
    const auto& g = Net::template graph_for<Purpose>::graph;
    bool same = !g.failed && g.parameter_count == Net::table.parameter_count;
    for (int i = 0; same && i < g.parameter_count; ++i)
        same = g.path_of(g.parameters[i]) == Net::table.path_of(Net::table.parameters[i]);
    for (int i = 0; same && i < Net::table.state_count; ++i)
        same = g.path_of(g.states[i]) == Net::table.path_of(Net::table.states[i]);
    return same;
}
static_assert(has_the_same_sets<in_a_chain, phase::training>() && has_the_same_sets<norms, phase::training>());
struct frames : network<(squares >> squares), shape<4, 2>> {};
static_assert(has_the_same_sets<frames, phase::streaming>());

using chain_model = model<in_a_chain, backend::scalar>;

TEST(tied, sets_of_two_applications_are_two) {
    chain_model m;
    m.parameter("0.inner.a")[0] = 3;
    m.parameter("1.inner.a")[1] = 5;
    const auto y = m(std::array<float, 2>{1, 1});
    EXPECT_EQ(y[0], 9 * 4);
    EXPECT_EQ(y[1], 4 * 25);
}

TEST(tied, a_set_of_an_outer_function_is_one) {
    model<network<opened_first, shape<2>>, backend::scalar> m;
    m.parameter("inner.a")[0] = 3;
    EXPECT_EQ(m(std::array<float, 2>{1, 1})[0], 243);
}

TEST(tied, a_frame_sees_the_sets_of_the_whole) {
    model<frames, backend::scalar, batch<1>, float, streaming> m;
    m.parameter("1.inner.a")[1] = 5;
    EXPECT_EQ(m(std::array<float, 2>{1, 2})[1], 2 * 4 * 25);
}

TEST(tied, training_moves_each_set_by_its_own_gradient) {
    model<in_a_chain, backend::scalar> m;
    m.parameter("1.inner.a")[0] = 1;
    trainer<model<in_a_chain, backend::scalar>, cross_entropy, sgd> t(m);
    t.compute(std::array<float, 2>{1, 1}, std::array<std::int32_t, 1>{0});
    // y = a^2 b^2: dy/da = 2 a b^2, dy/db = 2 a^2 b
    const auto& table = in_a_chain::table;
    const float da = t.gradients()[static_cast<std::size_t>(table.parameters[0].offset)];
    const float db = t.gradients()[static_cast<std::size_t>(table.parameters[1].offset)];
    EXPECT_NE(da, 0);
    EXPECT_NEAR(db, 2 * da, 1e-5F * std::abs(da));
}

TEST(tied, files_name_each_set) {
    const tests::temporary_folder own;
    chain_model m, other;
    m.parameter("0.inner.a")[0] = 3;
    m.parameter("1.inner.a")[0] = 7;
    save(m, own.path() / "m.safetensors");
    load(other, own.path() / "m.safetensors");
    EXPECT_EQ(other.parameter("0.inner.a")[0], 3);
    EXPECT_EQ(other.parameter("1.inner.a")[0], 7);
}

}  // namespace
