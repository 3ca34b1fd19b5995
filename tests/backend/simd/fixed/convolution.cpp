// Fixed kernels of convolutions and of what streams of them keep: any window, groups, borders, odd extents, extents of 1.
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>

#include "agreement.hpp"

namespace {

using namespace tessera;
using namespace tessera::fixed_kernels;

template <class Net, class Mode = inference> constexpr int convolutions() {
    using p = small_program<Net, float, Mode>;
    return count_of<p>(fixed_form::convolution) + count_of<p>(fixed_form::depthwise);
}

template <auto Layers, int... Extents> void convolves() {
    using net = of<Layers, Extents...>;
    static_assert(!any_width || convolutions<net>() >= 1);
    expect_agreement_of_both<net>();
}

inline constexpr auto pair = conv<8, 3> >> relu >> conv<4, 3>;
inline constexpr auto dilated = conv<5, 3, dilation<3>, pad<2>> >> layer<tessera::tanh>;
inline constexpr auto strided = conv<17, 4, stride<3>> >> layer<tessera::tanh>;
inline constexpr auto single = conv<1, 1>;
inline constexpr auto wide = conv<70, 2, no_bias>;
inline constexpr auto plane = conv<8, 3, same> >> relu;
inline constexpr auto plane_steps = conv<3, 3, stride<2>, same> >> layer<tessera::tanh>;
inline constexpr auto of_points = conv<9, 1> >> layer<tessera::tanh>;
inline constexpr auto volume = conv<3, 2> >> relu;
inline constexpr auto in_groups = conv<6, 3, groups<2>, same> >> layer<tessera::tanh>;
inline constexpr auto apart = depthwise_conv<3, 1, same> >> layer<tessera::tanh>;
inline constexpr auto apart_steps = depthwise_conv<3, 1, stride<2>>;
inline constexpr auto several_apart = depthwise_conv<3, 2, same> >> relu;
inline constexpr auto computed = layer<tessera::tanh> >> conv<4, 3, same>;
inline constexpr auto of_a_part = [](value x) { return conv<3, 3>(slice(x, 0, 1, 5)); };

TEST(fixed_convolution, of_lines) {
    convolves<pair, 32, 1>();
    convolves<pair, 7, 3>();
    convolves<dilated, 9, 2>();
    convolves<strided, 11, 3>();
    convolves<single, 1, 1>();
    convolves<single, 13, 5>();
    convolves<wide, 6, 3>();
}
TEST(fixed_convolution, of_planes_and_volumes) {
    convolves<plane, 8, 8, 4>();
    convolves<plane, 1, 1, 1>();
    convolves<plane, 5, 7, 3>();
    convolves<plane_steps, 7, 6, 5>();
    convolves<of_points, 3, 5, 6>();
    convolves<volume, 3, 4, 3, 2>();
}
TEST(fixed_convolution, of_groups) {
    convolves<in_groups, 5, 4>();
    convolves<in_groups, 3, 5, 4>();
    convolves<apart, 6, 5, 19>();
    convolves<apart, 1, 3, 2>();
    convolves<apart_steps, 9, 33>();
    convolves<several_apart, 6, 7>();
}
TEST(fixed_convolution, of_what_is_computed_or_a_part) {
    convolves<computed, 7, 3>();
    convolves<computed, 4, 5, 2>();
    expect_agreement_of_both<of<of_a_part, 8, 16>>();
    expect_agreement_of_both<of<of_a_part, 8, 6, 3>>();
}

template <int Dilation>
inline constexpr auto gated = [](value x) {  // (T, 16)
    const value both = causal_conv<32, 3, dilation<Dilation>>(x);
    return x + dense<16>(tanh(slice(both, 1, 0, 16)) * sigmoid(slice(both, 1, 16, 16)));
};
inline constexpr auto wavenet = dense<16> >> gated<1> >> gated<4> >> dense<1>;
inline constexpr auto odd_stream = causal_conv<5, 2> >> layer<tessera::tanh> >> causal_conv<3, 6, dilation<2>>;
inline constexpr auto stream_of_groups = causal_conv<6, 3, groups<3>> >> relu >> causal_conv<6, 3, groups<6>>;

TEST(fixed_convolution, of_streams) {
    using block = of<wavenet, 1, 1>;
    using p = small_program<block, float, streaming>;
    static_assert(!any_width || count_of<p>(fixed_form::none) == 0);
    static_assert(count_of<p>(fixed_form::rows_out_of_a_ring) == 2 && count_of<p>(fixed_form::row_into_a_ring) == 2);
    expect_agreement_of_both<block, streaming>(30);
    expect_agreement_of_both<of<odd_stream, 1, 3>, streaming>(30);
    expect_agreement_of_both<of<stream_of_groups, 1, 3>, streaming>(20);
    expect_agreement<of<odd_stream, 1, 3>, float, streaming, 1>(30);
}

inline constexpr auto image = conv<8, 3, same> >> relu >> max_pool<2> >> conv<3, 1>;
TEST(fixed_convolution, of_batches_full_and_not) {
    expect_agreement<of<pair, 9, 2>, float, inference, 3>();
    expect_agreement<of<image, 4, 6, 3>, float, inference, 5>();
    expect_agreement<of<image, 4, 6, 3>, double, inference, 2>();
    expect_agreement<of<apart, 3, 4, 5>, float, inference, 4>();
    expect_agreement<of<computed, 4, 3, 2>, float, inference, 3>();
}

}  // namespace
