// ResNet-18 and ResNet-50 with the stride in the 3 by 3 convolution; parameter paths are those of torchvision.
// He, Zhang, Ren, Sun 2016, "Deep Residual Learning for Image Recognition".
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>
#include <utility>

namespace networks {

using namespace tessera;

// x, or where the extents change a projection of it
template <int C, int Stride> constexpr value shortcut(value x) {
    if (Stride == 1 && x.extent(-1) == C) return x;
    return named<"downsample">(conv<C, 1, stride<Stride>, no_bias> >> batch_norm)(x);
}

template <int C, int Stride>
inline constexpr auto basic_block = [](value x) {
    value y = relu(named<"bn1">(batch_norm)(named<"conv1">(conv<C, 3, stride<Stride>, pad<1>, no_bias>)(x)));
    y = named<"bn2">(batch_norm)(named<"conv2">(conv<C, 3, pad<1>, no_bias>)(y));
    return relu(y + shortcut<C, Stride>(x));
};

template <int C, int Stride>
inline constexpr auto bottleneck = [](value x) {
    value y = relu(named<"bn1">(batch_norm)(named<"conv1">(conv<C, 1, no_bias>)(x)));
    y = relu(named<"bn2">(batch_norm)(named<"conv2">(conv<C, 3, stride<Stride>, pad<1>, no_bias>)(y)));
    y = named<"bn3">(batch_norm)(named<"conv3">(conv<4 * C, 1, no_bias>)(y));
    return relu(y + shortcut<4 * C, Stride>(x));
};

// N blocks, the first with the stride
template <int C, int Stride, int... I> constexpr auto basic_blocks(std::integer_sequence<int, I...>) {
    return (identity >> ... >> basic_block < C, I == 0 ? Stride : 1 >);
}
template <int C, int Stride, int... I> constexpr auto bottlenecks(std::integer_sequence<int, I...>) {
    return (identity >> ... >> bottleneck < C, I == 0 ? Stride : 1 >);
}
template <int N> inline constexpr std::make_integer_sequence<int, N> blocks{};

inline constexpr auto resnet_stem = named<"conv1">(conv<64, 7, stride<2>, pad<3>, no_bias>) >>
                                    named<"bn1">(batch_norm) >> relu >> max_pool<3, stride<2>, pad<1>>;

inline constexpr auto resnet18_layers =
    resnet_stem >>
    named<"layer1">(basic_blocks<64, 1>(blocks<2>)) >> named<"layer2">(basic_blocks<128, 2>(blocks<2>)) >>
    named<"layer3">(basic_blocks<256, 2>(blocks<2>)) >> named<"layer4">(basic_blocks<512, 2>(blocks<2>)) >>
    global_avg_pool >> named<"fc">(dense<1000>);

inline constexpr auto resnet50_layers =
    resnet_stem >> named<"layer1">(bottlenecks<64, 1>(blocks<3>)) >> named<"layer2">(bottlenecks<128, 2>(blocks<4>)) >>
    named<"layer3">(bottlenecks<256, 2>(blocks<6>)) >> named<"layer4">(bottlenecks<512, 2>(blocks<3>)) >>
    global_avg_pool >> named<"fc">(dense<1000>);

struct resnet18 : network<resnet18_layers, shape<224, 224, 3>> {};
struct resnet50 : network<resnet50_layers, shape<224, 224, 3>> {};

}  // namespace networks
