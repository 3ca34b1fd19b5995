// depthwise_separable<C, K, Stride, options...>: a convolution of each channel by itself, then one that mixes the
// channels at each place: the block of MobileNet.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   y = relu(norm(pointwise(relu(norm(depthwise x)))))
//
// Options     activated_by<f>: relu; the authors' code takes relu6. Padding is pad<K / 2>; `same` is TensorFlow's, which
//             differs where the stride is 2.
// Parameters  depthwise.weight (K..., 1, I); depthwise_norm.weight, .bias (I); pointwise.weight (1..., I, C);
//             pointwise_norm.weight, .bias (C). No convolution has a bias.
// Gradient    exact.
// Cost        |spatial'| I (K^2 + C) multiply-adds of an image, 1 / C + 1 / K^2 of what conv<C, K> takes.
// Errors      compile time: C, K or Stride < 1; a rank outside 2 to 4; other options.
// Source      Howard et al. 2017, "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications".
//
//     inline constexpr auto body = conv<32, 3, stride<2>, same, no_bias> >> batch_norm >> relu >>
//                                  depthwise_separable<64> >> depthwise_separable<128, 3, 2>;
#pragma once
#include <tessera/layers/mixing/block_options.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

template <int C, int K, int Stride, class... Options>
struct depthwise_separable_layer : layer_base<depthwise_separable_layer<C, K, Stride, Options...>> {
    static_assert(C >= 1 && K >= 1 && Stride >= 1, "depthwise_separable<C, K, Stride>: all at least 1");
    static_assert(((detail::blocks::is_activation<Options> || std::is_same_v<Options, same>) && ...),
                  "depthwise_separable<...>: options are activated_by<> and same");
    static constexpr std::string_view name = "depthwise_separable";
    static constexpr text describe() { return detail::written(name, {C, K, Stride}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(spatial..., channels), rank 2 to 4")) return x;
        using padding = std::conditional_t<detail::has_option<same, Options...>, same, pad<K / 2>>;
        const int channels = x.extent(-1);
        value y = detail::blocks::convolved<K, stride<Stride>, padding>("depthwise", x, channels, channels);
        y = detail::call_in("depthwise_norm", batch_norm, y);
        y = detail::blocks::activated<relu, Options...>(y);
        y = detail::call_in("pointwise", conv<C, 1, no_bias>, y);
        y = detail::call_in("pointwise_norm", batch_norm, y);
        return detail::blocks::activated<relu, Options...>(y);  // (spatial'..., C)
    }
};

template <int C, int K = 3, int Stride = 1, class... Options>
inline constexpr depthwise_separable_layer<C, K, Stride, Options...> depthwise_separable{};

}  // namespace tessera
