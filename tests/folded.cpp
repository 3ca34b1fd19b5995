// A folded network has the values of the network that it comes from, and nothing of what was folded.
#include <tessera/folded.hpp>
//
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct folded_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(folded_on, backends);

template <class Range> void fill(Range numbers, double around, double by) {
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = around + by * std::sin(1.7 * static_cast<double>(i));
}

// both networks on the same data; returns the folded one's program
template <class Net, class Backend> auto expect_equal_values() {
    struct rewritten : folded<Net> {};
    model<Net, Backend, batch<3>, double> whole;
    model<rewritten, Backend, batch<3>, double> part;
    fill(whole.parameters(), 0.1, 0.5);
    fill(whole.states(), 1, 0.5);
    fold(whole, part);
    std::vector<double> x(static_cast<std::size_t>(2 * Net::table.inputs[0].shape.size()));
    fill(std::span(x), 0, 1);
    const auto wanted = whole(x), found = part(x);
    EXPECT_EQ(wanted.size(), found.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-11 * (1 + std::abs(wanted[i])));
    return typename decltype(part)::program_type{};
}

template <class Program> int pointwise_nodes(Program) {
    int n = 0;
    for (int i = 0; i < Program::nodes; ++i) n += Program::graph.nodes[i].kind == op::pointwise;
    return n;
}
// whole numbers are left to every call, and so is the operation that makes them beside real ones
inline constexpr auto of_the_largest = [](value x) {  // (2, 6)
    const sorted_values y = top_k(exp(parameter("weight", {6}).with(x)), 3);
    return gather(x, y.indices, 1) * y.values;
};
struct picks_the_largest : network<of_the_largest, shape<2, 6>> {};
TYPED_TEST(folded_on, results_of_which_one_is_whole_stay_together) {
    const auto program = expect_equal_values<picks_the_largest, TypeParam>();
    EXPECT_TRUE(program.uses(op::top_k));
    EXPECT_EQ(pointwise_nodes(program), 1);  // of the weight nothing is left to do
}

template <class Net> std::vector<std::string> parameter_paths() {
    std::vector<std::string> paths;
    for (int i = 0; i < Net::table.parameter_count; ++i)
        paths.emplace_back(Net::table.path_of(Net::table.parameters[i]).view());
    return paths;
}
template <class Program> constexpr int steps_of(Program) { return Program::steps; }

inline constexpr auto usual = conv<4, 3> >> batch_norm >> relu >> conv<6, 3, no_bias> >> batch_norm >> relu >>
                              flatten >> dense<5> >> batch_norm >> dropout<0.5> >> dense<3>;
struct classifier : network<usual, shape<7, 7, 2>> {};

TYPED_TEST(folded_on, batch_norms_behind_products_vanish) {
    using folded_net = folded<classifier>;
    const auto p = expect_equal_values<classifier, TypeParam>();
    EXPECT_EQ(pointwise_nodes(p), 4 + 2);  // four sums with a bias, two relus
    if (TypeParam::fuses) {
        EXPECT_EQ(steps_of(p), 4);
    }
    EXPECT_EQ(folded_net::state_elements, 0);
    EXPECT_EQ(parameter_paths<folded_net>(), (std::vector<std::string>{"0.weight", "0.bias", "3.weight", "4.bias",
                                                                       "7.weight", "7.bias", "10.weight", "10.bias"}));
}

// after a relu there is nothing to fold into: a product and a sum stay
struct ahead : network<(relu >> batch_norm >> relu >> conv<3, 1>), shape<4, 4, 2>> {};

TYPED_TEST(folded_on, one_ahead_of_a_product_becomes_a_product_and_a_sum) {
    const auto p = expect_equal_values<ahead, TypeParam>();
    EXPECT_EQ(pointwise_nodes(p), 2 + 2 + 1);
    EXPECT_EQ(folded<ahead>::state_elements, 0);
}

// what is read twice keeps its weights
inline constexpr auto twice = [](value x) {
    const value y = conv<2, 3>(x);
    return y + batch_norm(y);
};
struct shared : network<(identity >> twice), shape<5, 5, 2>> {};
struct residual_block : network<(conv<4, 1> >> residual(conv<4, 3, same, groups<4>> >> batch_norm)), shape<5, 5, 2>> {};
// weights of a loop take a scale in as well
inline constexpr auto scaled_cell = [](value x) {
    const value start = broadcast_to(constant(*x.owner, 0), {3}, x.batched());
    const value by = parameter("by", {3}).with(x);
    return scan([&](value h, value item) { return tanh(by * dense<3>(h + item)); }, start, x);
};
struct cell : network<(identity >> scaled_cell), shape<4, 3>> {};
struct sequence : network<(dense<4> >> batch_norm >> gru<3>), shape<6, 2>> {};
inline constexpr auto scales = [](value x) {
    const value by = parameter("by", {1, 3}).with(x);
    return (3 * dense<3>(x) + 1) * (by * by) + 2;
};
struct scaled : network<(identity >> scales), shape<4, 2>> {};
// factors that cannot move into the weights: one that stretches the product's result, one of a higher rank
inline constexpr auto stretched = [](value x) { return conv<1, 3>(x) * parameter("by", {8}).with(x); };
inline constexpr auto of_higher_rank = [](value x) { return dense<3>(x) * parameter("by", {1, 1, 3}).with(x); };
struct widened : network<(identity >> stretched), shape<5, 5, 2>> {};
struct lifted : network<(identity >> of_higher_rank), shape<4, 4, 2>> {};

TYPED_TEST(folded_on, values_stay) {
    expect_equal_values<shared, TypeParam>();
    expect_equal_values<residual_block, TypeParam>();
    expect_equal_values<sequence, TypeParam>();
    EXPECT_EQ(pointwise_nodes(expect_equal_values<cell, TypeParam>()), pointwise_nodes(program<cell, TypeParam>{}) - 1);
    expect_equal_values<widened, TypeParam>();
    expect_equal_values<lifted, TypeParam>();
    const auto p = expect_equal_values<scaled, TypeParam>();
    EXPECT_EQ(pointwise_nodes(p), 1);
}

// --- what depends on parameters alone is computed once

// nodes of real numbers that calls compute of parameters and numbers alone
template <class Program> int computed_in_calls(Program) {
    const graph g = Program::graph.thaw();
    const list<char> fixed = find_fixed_values(g, true);
    int n = 0;
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        n += fixed[i] != 0 && !is_source(g.nodes[i].kind) && g.nodes[i].is_real();
    return n;
}
inline constexpr auto norm_of_rows = [](value w) { return sqrt(sum(w * w, axes(0), keep_axes)); };

// weights that are normalised, standardised, stored narrow or laid out anew, before products and convolutions
inline constexpr auto normalised_weights = [](value x) {  // (3)
    const value v = parameter("v", {3, 5}, initial::kaiming(3)).with(x);
    const value g = parameter("g", {5}).with(x);
    return einsum("i,io->o", x, v * (g / norm_of_rows(v)));
};
inline constexpr window of_3x3{.kernel = {1, 3, 3}};
inline constexpr auto standardised_weights = [](value x) {  // (6, 6, 2)
    const value w = parameter("w", {3, 3, 2, 4}, initial::kaiming(18)).with(x);
    const value flat = reshape(w, {18, 4});
    const value mean = sum(flat, axes(0), keep_axes) / 18, off = flat - mean;
    return convolution(x, reshape(off / sqrt(sum(off * off, axes(0), keep_axes) / 18 + 1e-5), {3, 3, 2, 4}), of_3x3);
};
inline constexpr auto narrow_weights = [](value x) {  // (3)
    const value w = parameter("w", {3, 5}, initial::kaiming(3)).with(x), b = parameter("b", {5}).with(x);
    return einsum("i,io->o", x, dequantise(quantise<int8>(w, 0.01), 0.01)) + to_real(cast<float16>(b));
};
inline constexpr auto rearranged_weights = [](value x) {  // (3)
    const value w = parameter("w", {5, 2, 2}, initial::kaiming(3)).with(x);
    const value flipped = permute(slice(w, 0, 4, 5, -1), {1, 2, 0});  // (2, 2, 5)
    return einsum("i,io->o", x, tessera::softmax(slice(padded(reshape(flipped, {4, 5}), {1, 0}, {0, 1}), 0, 1, 3)));
};
inline constexpr auto loop_of_weights = [](value x) {  // (4, 3)
    const value w = parameter("w", {3, 3}, initial::kaiming(3)).with(x), by = parameter("by", {3}).with(x);
    const value start = broadcast_to(constant(*x.owner, 0), {3}, x.batched());
    return scan([&](value h, value item) { return tanh(einsum("i,oi->o", h + item, exp(w)) * by) + by * by; }, start,
                x);
};
struct weight_norm : network<(identity >> normalised_weights), shape<3>> {};
struct standardised : network<(identity >> standardised_weights), shape<6, 6, 2>> {};
struct narrowed : network<(identity >> narrow_weights), shape<3>> {};
struct rearranged : network<(identity >> rearranged_weights), shape<3>> {};
struct looped : network<(identity >> loop_of_weights), shape<4, 3>> {};

TYPED_TEST(folded_on, what_depends_on_parameters_alone_is_computed_once) {
    EXPECT_GT(computed_in_calls(program<weight_norm, TypeParam>{}), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<weight_norm, TypeParam>()), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<standardised, TypeParam>()), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<narrowed, TypeParam>()), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<rearranged, TypeParam>()), 0);
    EXPECT_GT(computed_in_calls(program<looped, TypeParam>{}), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<looped, TypeParam>()), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<classifier, TypeParam>()), 0);
    EXPECT_EQ(computed_in_calls(expect_equal_values<sequence, TypeParam>()), 0);
}

// a state that inference changes too stays one
inline constexpr auto counts = [](value x) {
    const value n = state("n", {3}).with(x);
    update(n, n + 1);
    return x + n;
};
struct counting : network<(dense<3> >> batch_norm >> counts), shape<3>> {};

TYPED_TEST(folded_on, states_that_are_left_go_along) {
    struct rewritten : folded<counting> {};
    static_assert(rewritten::state_elements > 0);
    model<counting, TypeParam, batch<1>, double> whole(2);
    model<rewritten, TypeParam, batch<1>, double> part;
    const std::vector<double> x{1, 2, 3};
    for (int i = 0; i < 3; ++i) whole(x);
    fold(whole, part);
    const auto wanted = whole(x), found = part(x);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], wanted[i], 1e-12);
}

// --- streams

struct hearing : network<(dense<4> >> batch_norm >> gru<5> >> dense<3> >> batch_norm >> gru<3>), shape<7, 2>> {};

inline constexpr auto starts_elsewhere = [](value x) {
    const value start = parameter("start", {3}).with(x);
    const value by = parameter("by", {3}).with(x);
    return scan([&](value h, value item) { return tanh((by * by) * dense<3>(h + item)); }, start * by, x);
};
struct started : network<(identity >> starts_elsewhere >> batch_norm), shape<6, 3>> {};

// each frame of a folded stream is that of the network's own, and of the whole sequence
template <class Net, class Backend> void expect_equal_frames() {
    struct listening : folded<Net, streaming> {};
    model<Net, Backend, double> whole(2);
    model<Net, Backend, double, streaming> stream;
    model<listening, Backend, double, streaming> part;
    fill(whole.parameters(), 0.1, 0.5);
    fill(whole.states(), 1, 0.5);
    std::ranges::copy(whole.parameters(), stream.parameters().begin());
    std::ranges::copy(whole.states(), stream.states().begin());
    fold(whole, part);
    const int frames = Net::table.inputs[0].shape[0];
    const auto width = static_cast<std::size_t>(Net::table.inputs[0].shape.size() / frames);
    std::vector<double> x(width * static_cast<std::size_t>(frames));
    fill(std::span(x), 0, 1);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t t = 0; t < static_cast<std::size_t>(frames); ++t) {
            const std::span<const double> frame = std::span(x).subspan(t * width, width);
            const auto wanted = stream(frame), found = part(frame);
            ASSERT_EQ(wanted.size(), found.size());
            for (std::size_t i = 0; i < wanted.size(); ++i)
                EXPECT_NEAR(found[i], wanted[i], 1e-12 * (1 + std::abs(wanted[i]))) << "frame " << t;
        }
        stream.reset();
        part.reset();
    }
    // a stream is folded from another one as well, and what it has heard stays its own
    part(std::span(x).first(width));
    fold(stream, part);
    const auto after = part(std::span(x).subspan(width, width));
    const std::vector<double> heard(after.begin(), after.end());
    part.reset();
    part(std::span(x).first(width));
    const auto again = part(std::span(x).subspan(width, width));
    for (std::size_t i = 0; i < heard.size(); ++i) EXPECT_EQ(again[i], heard[i]);
}

TYPED_TEST(folded_on, streams_are_folded_too) {
    expect_equal_frames<hearing, TypeParam>();
    expect_equal_frames<started, TypeParam>();
}

}  // namespace
