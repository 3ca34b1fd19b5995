// Faults that were reported of other libraries, rebuilt here: what they got wrong must be right on every backend. Each
// names the report; numbers follow from the definitions, by hand or by the plain loops below.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/elu.hpp>
#include <tessera/layers/activation/prelu.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

namespace {

using namespace tessera;
using numbers = std::vector<float>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

template <class View> numbers copy(const View& v) { return {v.begin(), v.end()}; }
numbers waves(int count) {
    numbers x;
    for (int i = 0; i < count; ++i) x.push_back(std::sin(1.7F * static_cast<float>(i) + 0.3F));
    return x;
}
void expect_near(const numbers& found, const numbers& wanted, float tolerance = 2e-5F) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], tolerance) << i;
}

template <class Backend> struct reported_elsewhere : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(reported_elsewhere, backends);

// --- convolutions

// y of an image (H, W, C) by a kernel (K, K, C / G, O), zeros around
struct plain_convolution {
    int height, width, channels, kernel, out, stride, before, after, dilation, groups;

    int size(int extent) const { return (extent + before + after - dilation * (kernel - 1) - 1) / stride + 1; }
    numbers operator()(const numbers& x, const numbers& w) const {
        numbers y;
        const int wide = channels / groups;
        for (int i = 0; i < size(height); ++i)
            for (int j = 0; j < size(width); ++j)
                for (int o = 0; o < out; ++o) {
                    double total = 0;
                    for (int a = 0; a < kernel; ++a)
                        for (int b = 0; b < kernel; ++b)
                            for (int c = 0; c < wide; ++c) {
                                const int p = i * stride + a * dilation - before,
                                          q = j * stride + b * dilation - before;
                                if (p < 0 || p >= height || q < 0 || q >= width) continue;
                                const int channel = o / (out / groups) * wide + c;
                                total += static_cast<double>(x[at((p * width + q) * channels + channel)]) *
                                         static_cast<double>(w[at(((a * kernel + b) * wide + c) * out + o)]);
                            }
                    y.push_back(static_cast<float>(total));
                }
        return y;
    }
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
};

template <class Net, class Backend> void expect_convolution(const plain_convolution& wanted) {
    model<Net, Backend> m;
    const numbers w = waves(static_cast<int>(m.parameter("weight").size()));
    std::ranges::copy(w, m.parameter("weight").begin());
    const numbers x = waves(wanted.height * wanted.width * wanted.channels);
    expect_near(copy(m(x)), wanted(x, w));
}

struct dilated_depthwise : network<depthwise_conv<3, 1, dilation<2>, pad<2>, no_bias>, shape<5, 5, 4>> {};
struct strided_to_9_by_9 : network<conv<4, 3, stride<2>, pad<1>, no_bias>, shape<18, 17, 3>> {};
struct strided_to_9_by_10 : network<conv<4, 3, stride<2>, pad<1>, no_bias>, shape<18, 19, 3>> {};
struct even_kernel : network<conv<1, 2, no_bias>, shape<4, 4, 1>> {};
struct stride_beyond_kernel : network<conv<3, 1, stride<2>, same, no_bias>, shape<5, 7, 2>> {};
struct padding_beyond_kernel : network<conv<2, 3, pad<5>, no_bias>, shape<3, 3, 2>> {};

// Tencent/ncnn #315: the result was what the memory held before
TYPED_TEST(reported_elsewhere, depthwise_convolution_with_dilation) {
    expect_convolution<dilated_depthwise, TypeParam>({5, 5, 4, 3, 4, 1, 2, 2, 2, 4});
}
// Tencent/ncnn #1014: wrong where height times width of the result was no multiple of four
TYPED_TEST(reported_elsewhere, strided_convolution_to_an_odd_size) {
    expect_convolution<strided_to_9_by_9, TypeParam>({18, 17, 3, 3, 4, 2, 1, 1, 1, 1});
    expect_convolution<strided_to_9_by_10, TypeParam>({18, 19, 3, 3, 4, 2, 1, 1, 1, 1});
}
// ARM-software/ComputeLibrary #78: the last column was wrong
TYPED_TEST(reported_elsewhere, convolution_by_an_even_kernel) {
    expect_convolution<even_kernel, TypeParam>({4, 4, 1, 2, 1, 1, 0, 0, 1, 1});
}
// Tencent/ncnn #116: read outside
TYPED_TEST(reported_elsewhere, convolution_whose_stride_exceeds_its_kernel) {
    expect_convolution<stride_beyond_kernel, TypeParam>({5, 7, 2, 1, 3, 2, 0, 0, 1, 1});
}
// Maratyszcza/NNPACK #103: refused
TYPED_TEST(reported_elsewhere, convolution_with_more_padding_than_kernel) {
    expect_convolution<padding_beyond_kernel, TypeParam>({3, 3, 2, 3, 2, 1, 5, 5, 1, 1});
}

// pytorch/pytorch #1565: dilation was ignored, so that every element of the result was reached
struct dilated_transpose : network<conv_transpose<1, 3, stride<2>, pad<1>, output_pad<1>, dilation<2>>, shape<6, 1>> {};
TYPED_TEST(reported_elsewhere, transposed_convolution_with_dilation) {
    model<dilated_transpose, TypeParam> m;
    std::ranges::fill(m.parameter("weight"), 1.0F);
    EXPECT_EQ(copy(m(numbers(6, 1))), (numbers{0, 2, 0, 3, 0, 3, 0, 3, 0, 3, 0, 2, 0, 1}));
}
// Samsung/TICO #420, llvm/torch-mlir #4650: padding crops the result; output padding lengthens its end alone
struct cropped_transpose : network<conv_transpose<1, 3, stride<2>, pad<1>, output_pad<1>>, shape<3, 1>> {};
TYPED_TEST(reported_elsewhere, transposed_convolution_crops_at_both_ends) {
    model<cropped_transpose, TypeParam> m;
    std::ranges::copy(numbers{1, 10, 100}, m.parameter("weight").begin());
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{10, 102, 20, 203, 30, 300}));
}

// --- pooling

// robertknight/rten #1456, sonos/tract #2851, microsoft/onnxruntime #16203: in ceil mode the last window was divided by
// elements that it does not have
struct ceil_mode : network<avg_pool<2, pad<0, 1>, padding_not_counted>, shape<5, 1>> {};
TYPED_TEST(reported_elsewhere, average_of_a_window_over_the_edge) {
    model<ceil_mode, TypeParam> m;
    EXPECT_EQ(copy(m(numbers{1, 2, 3, 4, 5})), (numbers{1.5F, 3.5F, 5}));
}
// ROCm/AMDMIGraphX #5007: padding that counts, more of it at one end
struct uneven_padding : network<avg_pool<3, stride<1>, pad<0, 2>>, shape<3, 1>> {};
TYPED_TEST(reported_elsewhere, average_with_uneven_padding) {
    model<uneven_padding, TypeParam> m;
    EXPECT_EQ(copy(m(numbers{3, 6, 9})), (numbers{6, 5, 3}));
}

template <class Net, class Backend> numbers input_gradient(const numbers& x, const numbers& upstream) {
    model<Net, Backend, batch<1>, float, gradients_of<weighted_outputs>> m;
    m(x, upstream);
    return copy(m.gradient());
}

// FluxML/NNlib.jl #205: an element that is the largest of several windows got the gradient of the last
struct overlapping : network<max_pool<3, stride<2>, pad<1>>, shape<4, 6, 1>> {};
TYPED_TEST(reported_elsewhere, gradient_of_overlapping_max_pooling) {
    numbers x(24);
    for (std::size_t i = 0; i < 24; ++i) x[i] = static_cast<float>(i + 1);
    x[7] = 88;
    numbers wanted(24, 0);
    wanted[7] = 1 + 2 + 4 + 5;
    wanted[9] = 0;
    wanted[11] = 3;
    wanted[21] = 0;
    wanted[23] = 6;
    EXPECT_EQ((input_gradient<overlapping, TypeParam>(x, {1, 2, 3, 4, 5, 6})), wanted);
}

// NervanaSystems/neon #170: the gradient of max(x) + x was not the sum of theirs
inline constexpr auto largest_and_all = [](value x) { return max(x, last) + x; };
struct two_ways : network<largest_and_all, shape<2>> {};
// tensorflow/tensorflow #4886: ties share one gradient, they do not each get it; a pool gives it to the first
inline constexpr auto largest = [](value x) { return max(x, last); };
struct reduces : network<largest, shape<4>> {};
struct pools : network<max_pool<4>, shape<4, 1>> {};
TYPED_TEST(reported_elsewhere, gradient_of_the_largest) {
    EXPECT_EQ((input_gradient<two_ways, TypeParam>({2, 3}, {1, 1})), (numbers{1, 3}));
    const numbers x{1, 2, 2, 2};
    expect_near(input_gradient<reduces, TypeParam>(x, {1}), {0, 1.0F / 3, 1.0F / 3, 1.0F / 3});
    EXPECT_EQ((input_gradient<pools, TypeParam>(x, {1})), (numbers{0, 1, 0, 0}));
}

// --- normalisation, activations, softmax

// FluxML/Flux.jl #2071: with an activation in the same kernel NaN became 0
struct normed : network<(batch_norm >> relu), shape<32>> {};
TYPED_TEST(reported_elsewhere, batch_norm_and_relu_keep_nan) {
    model<normed, TypeParam> m;
    for (float y : m(numbers(32, nan))) EXPECT_TRUE(std::isnan(y));
}
// davisking/dlib #2902: gradients of layer norm; ai-on-browser #773: gradient of ELU
struct layer_normed : network<layer_norm, shape<3, 5>> {};
struct bent : network<elu<>, shape<4>> {};
TEST(reported_elsewhere_once, gradients_of_layer_norm_and_elu) {
    EXPECT_LT(gradient_check<layer_normed>().error, 1e-6);
    EXPECT_LT(gradient_check<bent>().error, 1e-6);
}
TYPED_TEST(reported_elsewhere, gradient_of_elu) {
    expect_near(input_gradient<bent, TypeParam>({-1, 0.5F, -3, 2}, {1, 1, 1, 1}),
                {std::exp(-1.0F), 1, std::exp(-3.0F), 1});
}

// openxla/xla #11772: along an axis with axes of one element after it, all results were 1
inline constexpr auto along_the_first = [](value x) { return permute(softmax(permute(x, {1, 2, 0})), {2, 0, 1}); };
struct of_a_column : network<along_the_first, shape<3, 1, 1>> {};
// uxlfoundation/oneDNN #106: very negative numbers gave NaN. openvinotoolkit/openvino #33456: of an infinity and others
struct of_a_row : network<softmax, shape<3>> {};
TYPED_TEST(reported_elsewhere, softmax) {
    model<of_a_column, TypeParam> column;
    expect_near(copy(column(numbers{0, std::log(2.0F), std::log(5.0F)})), {0.125F, 0.25F, 0.625F});
    model<of_a_row, TypeParam> row;
    expect_near(copy(row(numbers{-3e38F, -3e38F, -3.1e38F})), {0.5F, 0.5F, 0});
    expect_near(copy(row(numbers{-infinity, 1, 1})), {0, 0.5F, 0.5F});
    EXPECT_TRUE(std::isnan(row(numbers{infinity, 1, 2})[0]));
}

// Dobiasd/frugally-deep #422: slopes of a PReLU after a dense layer were those of other features
struct sloped : network<prelu, shape<3>> {};
TYPED_TEST(reported_elsewhere, prelu_has_a_slope_for_each_feature) {
    model<sloped, TypeParam> m;
    ASSERT_EQ(m.parameters().size() >= 3, true);
    std::ranges::copy(numbers{0.5F, 2, -1}, m.parameters().begin());
    EXPECT_EQ(copy(m(numbers{-2, -2, -2})), (numbers{-1, -4, 2}));
    EXPECT_EQ(copy(m(numbers{2, 2, 2})), (numbers{2, 2, 2}));
}

// --- recurrence, dropout

// uxlfoundation/oneDNN #617: a GRU of zeros, whose second bias was taken for the first
struct cell : network<gru<1>, shape<2, 1>> {};
TYPED_TEST(reported_elsewhere, gru_of_zeros) {
    model<cell, TypeParam> m;
    std::ranges::fill(m.parameters(), 1.0F);
    std::ranges::copy(numbers{1, 2, 3}, m.parameter("bias_ih").begin());  // reset, update, new
    std::ranges::copy(numbers{-2, -3, 4}, m.parameter("bias_hh").begin());
    const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
    double h = 0;
    numbers wanted;
    for (int t = 0; t < 2; ++t) {
        const double r = sigmoid(-1 + h), z = sigmoid(-1 + h), n = std::tanh(3 + r * (h + 4));
        h = (1 - z) * n + z * h;
        wanted.push_back(static_cast<float>(h));
    }
    expect_near(copy(m(numbers{0, 0})), wanted, 1e-6F);
}

// tiny-dnn/tiny-dnn #723: after dropout the gradient of the first channel alone was right
inline constexpr auto dropped = dropout<0.5>;
struct drops : network<dropped, shape<4, 4, 3>> {};
TEST(reported_elsewhere_once, gradients_of_dropout_reach_every_channel) {
    EXPECT_LT(gradient_check<drops>().error, 1e-6);
}

}  // namespace
