// What looks back along time, frame by frame as on the whole sequence: causal convolutions and delays.
#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/delay.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>

#include "streams.hpp"

namespace {

using namespace tessera;

constexpr int T = 13;
template <auto Layers, int... Rest> struct over_time : network<Layers, shape<T, Rest...>> {};

template <class Net> void expect_streams() { streams::expect_streams<Net>(2e-6); }

// --- the convolution

// y_t = sum x_(t - (K - 1 - k) D) w_k + b, in double
template <int C, int K, int D, int G, class Model>
std::vector<double> by_definition(const Model& m, const std::vector<double>& x, int inputs) {
    const auto w = m.parameter("weight"), b = m.parameter("bias");
    const int rows = static_cast<int>(x.size()) / inputs, in = inputs / G, out = C / G;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<double> y;
    for (int t = 0; t < rows; ++t)
        for (int c = 0; c < C; ++c) {
            double sum = b[at(c)];
            for (int k = 0; k < K; ++k)
                for (int i = 0, from = t - (K - 1 - k) * D; i < in && from >= 0; ++i)
                    sum += x[at(from * inputs + c / out * in + i)] * w[at((k * in + i) * C + c)];
            y.push_back(sum);
        }
    return y;
}
template <int C, int K, int D, int G, int I> void expect_definition() {
    using layer = over_time<causal_conv<C, K, dilation<D>, groups<G>>, I>;
    model<layer, backend::scalar, batch<1>, double> m(5);
    for (double& b : m.parameter("bias")) b = 0.1 * static_cast<double>(&b - m.parameter("bias").data() + 1);
    const std::vector<double> x = streams::numbers_of(T * I, 3);
    const auto y = m(x);
    const std::vector<double> wanted = by_definition<C, K, D, G>(m, x, I);
    ASSERT_EQ(y.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(y[i], wanted[i], 1e-13) << i;
    expect_streams<layer>();
}
TEST(causal_conv, is_its_definition_and_streams) {
    expect_definition<3, 3, 1, 1, 2>();
    expect_definition<4, 2, 5, 2, 6>();
    expect_definition<3, 4, 3, 1, 1>();   // odd, and one channel
    expect_definition<1, 1, 1, 1, 3>();   // one element: no state
    expect_definition<2, 2, 20, 1, 3>();  // looks back before the beginning of all
    expect_definition<5, 3, 13, 5, 5>();  // a group for each channel
    expect_definition<17, 2, 12, 1, 33>();
}

using plain = over_time<causal_conv<3, 4, dilation<2>, no_bias>, 2>;
static_assert(plain::parameter_count == 4 * 2 * 3 && plain::state_elements == 0);
template <class Net, class Batch = batch<1>> using stream_of = program<Net, backend::scalar, Batch, double, streaming>;
static_assert(stream_of<plain>::graph.state_count == 2 && stream_of<plain>::graph.states[0].shape == extents({6, 2}));
static_assert(stream_of<over_time<causal_conv<3, 1>, 2>>::graph.state_count == 0);

// --- several of them

template <int C, int D>
inline constexpr auto gated =
    [](value x) { return tanh(causal_conv<C, 2, dilation<D>>(x)) * sigmoid(causal_conv<C, 2, dilation<D>>(x)); };
template <int C, int D> inline constexpr auto wave_block = [](value x) { return x + dense<C>(gated<C, D>(x)); };
inline constexpr auto wave_net =
    dense<5> >> wave_block<5, 1> >> wave_block<5, 2> >> wave_block<5, 4> >> wave_block<5, 8> >> dense<3>;

TEST(causal_conv, in_a_row_and_in_blocks_streams) {
    expect_streams<over_time<(causal_conv<4, 3, dilation<2>> >> causal_conv<3, 2, dilation<4>>), 3>>();
    expect_streams<over_time<wave_net, 3>>();
    expect_streams<over_time<repeat<3>(residual(causal_conv<4, 3>)), 4>>();
    expect_streams<over_time<(causal_conv<4, 3> >> gru<3> >> causal_conv<2, 2>), 2>>();
}
TEST(causal_conv, of_one_key_keeps_what_each_application_has_heard) {
    expect_streams<over_time<(tied<"c">(causal_conv<3, 2>) >> tied<"c">(causal_conv<3, 2>)), 3>>();
}
// an element of each frame's own sequence is none of time: the layer is as on any value
inline constexpr auto within_each = [](value x) {  // (T, 4, 2)
    return scan([](value h, value frame) { return h + causal_conv<2, 3>(frame); },
                broadcast_to(constant(*x.owner, 0), {4, 2}, x.batched()), x);
};
TEST(causal_conv, within_an_element_of_time_looks_along_that) {
    expect_streams<over_time<within_each, 4, 2>>();
    static_assert(stream_of<over_time<within_each, 4, 2>>::graph.state_count == 1);
}

TEST(causal_conv, has_the_gradient_of_a_convolution) {
    EXPECT_LT((gradient_check<over_time<(causal_conv<3, 3, dilation<2>> >> causal_conv<2, 2>), 2>>().error), 1e-6);
}

// --- the delay

inline constexpr auto differences = [](value x) { return x - delay<1>(x); };
inline constexpr auto loudest = [](value x) { return maximum(maximum(x, delay<1>(x)), delay<2>(x)); };
TEST(delay, hands_on_what_was) {
    model<over_time<delay<3>, 2>, backend::scalar, batch<1>, double> m;
    const std::vector<double> x = streams::numbers_of(T * 2, 1);
    const auto y = m(x);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(y[i], i < 6 ? 0 : x[i - 6]);
    expect_streams<over_time<delay<3>, 2>>();
    expect_streams<over_time<delay<0>, 2>>();
    expect_streams<over_time<delay<T>, 1>>();
    expect_streams<over_time<delay<T + 4>, 2, 3>>();
    expect_streams<over_time<delay<T - 1>, 2, 3>>();
    expect_streams<over_time<differences, 3>>();
    expect_streams<over_time<loudest, 3>>();
    expect_streams<network<delay<2>, shape<T>>>();
    EXPECT_LT((gradient_check<over_time<(dense<3> >> delay<2> >> dense<2>), 2>>().error), 1e-6);
}

// --- what is refused

template <class Net> constexpr detail::fault said = Net::template graph_for<phase::streaming>::graph.problem;
template <auto Layers, int... Rest>
constexpr bool is_refused =
    said<over_time<Layers, Rest...>>.expected.view() == "each element of time by itself, or loops along it";
inline constexpr auto along_another = [](value x) { return permute(causal_conv<T, 2>(permute(x, {1, 0})), {1, 0}); };
static_assert(is_refused<along_another, 4>);
inline constexpr auto again = [](value x) {
    return iterate<2>([](value h) { return tied<"again">(causal_conv<2, 2>)(h); }, x);
};
static_assert(is_refused<again, 2>);
static_assert(is_refused<(identity >> [](value x) { return x + delay<1>(parameter("p", {1, 2}).with(x)); }), 2>);

}  // namespace
