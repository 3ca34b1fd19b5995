// inverted_residual<Expansion, C, K, Stride, options...>: channels widened, a convolution of each by itself, and
// narrowed without an activation; the identity beside it where extents allow: the block of MobileNet v2.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   u = relu6(norm(expand x))              I Expansion channels; with Expansion = 1 u = x
//   v = relu6(norm(depthwise u))           K, Stride
//   y = norm(project v), and + x where Stride = 1 and C = I
//
// Options     activated_by<f>: relu6; MobileNet v3 takes hard_swish in its later blocks. excited_by<f>: f on v, such as a
//             squeeze-and-excitation. expanded<N>: N channels instead of I Expansion. paths_dropped<P>. Padding is
//             pad<K / 2>; `same` is TensorFlow's, which differs where the stride is 2.
// Parameters  expand.weight (1..., I, I Expansion), expand_norm.weight, .bias, unless Expansion is 1; depthwise.weight
//             (K..., 1, I Expansion), depthwise_norm.weight, .bias; excite: those of f; project.weight
//             (1..., I Expansion, C), project_norm.weight, .bias. No convolution has a bias.
// Gradient    exact.
// Cost        |spatial| I^2 Expansion + |spatial'| I Expansion (K^2 + C) multiply-adds of an image.
// Errors      compile time: Expansion, C, K or Stride < 1; a rank outside 2 to 4; other options.
// Source      Sandler et al. 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks".
//
//     inline constexpr auto stage = inverted_residual<6, 24, 3, 2> >> inverted_residual<6, 24>;
#pragma once
#include <tessera/layers/activation/relu6.hpp>
#include <tessera/layers/mixing/block_options.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

template <int Expansion, int C, int K, int Stride, class... Options>
struct inverted_residual_layer : layer_base<inverted_residual_layer<Expansion, C, K, Stride, Options...>> {
    static_assert(Expansion >= 1 && C >= 1 && K >= 1 && Stride >= 1,
                  "inverted_residual<Expansion, C, K, Stride>: all at least 1");
    static_assert(
        ((detail::blocks::is_activation<Options> || detail::blocks::is_excitation<Options> ||
          detail::blocks::is_drop<Options> || detail::blocks::width_of<Options> > 0 || std::is_same_v<Options, same>) &&
         ...),
        "inverted_residual<...>: options are activated_by<>, excited_by<>, expanded<>, paths_dropped<> and same");
    static constexpr std::string_view name = "inverted_residual";
    static constexpr text describe() { return detail::written(name, {Expansion, C, K, Stride}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(spatial..., channels), rank 2 to 4")) return x;
        using padding = std::conditional_t<detail::has_option<same, Options...>, same, pad<K / 2>>;
        constexpr int named = (0 + ... + detail::blocks::width_of<Options>);
        const int wide = named > 0 ? named : Expansion * x.extent(-1);
        value y = x;
        if (Expansion > 1 || named > 0) {
            y = detail::call_in("expand_norm", batch_norm, detail::blocks::convolved<1>("expand", y, wide));
            y = detail::blocks::activated<relu6, Options...>(y);  // (spatial..., wide)
        }
        y = detail::blocks::convolved<K, stride<Stride>, padding>("depthwise", y, wide, wide);
        y = detail::blocks::activated<relu6, Options...>(detail::call_in("depthwise_norm", batch_norm, y));
        y = detail::blocks::excited<Options...>(y);
        y = detail::call_in("project_norm", batch_norm, detail::call_in("project", conv<C, 1, no_bias>, y));
        return Stride == 1 && x.extent(-1) == C ? detail::blocks::joined<Options...>(x, y) : y;  // (spatial'..., C)
    }
};

template <int Expansion, int C, int K = 3, int Stride = 1, class... Options>
inline constexpr inverted_residual_layer<Expansion, C, K, Stride, Options...> inverted_residual{};

}  // namespace tessera
