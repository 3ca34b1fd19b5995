// primary_capsules<Types, D, K, Stride>: the lowest capsules, of which a convolution makes Types at each place.
//
//   in      x (H, W, C)
//   out     v (H' W' Types, D), those of one place side by side
//
//   v = squash(convolution(x) + bias), a vector of D channels
//
// Options     same, pad<P>, no_bias as of conv. relu_before_squash: v = squash(relu(...)), as in a wide-spread port.
//             shared_votes: the convolution, without its bias, is divided by Types, as in the authors' code, where each
//             place routes once among its types, all equally.
// Parameters  weight (K, K, C, Types D), Kaiming; bias (Types D), zero.
// Gradient    exact.
// Cost        H' W' K^2 C Types D multiply-adds.
// Errors      compile time: Types < 1, D < 1; what conv refuses.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules".
//
//     inline constexpr auto lower = conv<256, 9> >> relu >> primary_capsules<32, 8, 9, 2>;   // (28, 28, 1) to (1152, 8)
#pragma once
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/layers/capsule/squash.hpp>
#include <tessera/layers/conv.hpp>

namespace tessera {

struct relu_before_squash {};
struct shared_votes {};

template <int Types, int D, int K, int Stride = 1, class... Options>
struct primary_capsules_layer : layer_base<primary_capsules_layer<Types, D, K, Stride, Options...>> {
    static_assert(Types >= 1 && D >= 1, "primary_capsules<Types, D, K>: at least one type, of one dimension");
    static_assert(K >= 1 && Stride >= 1, "primary_capsules<Types, D, K, Stride>: K and Stride must be at least 1");
    static_assert(((detail::window_options_only<Options> ||
                    detail::is_option_of<Options, relu_before_squash, shared_votes>) &&
                   ...) &&
                      detail::has_one_padding<Options...>,
                  "primary_capsules<...>: options are same, pad<>, no_bias, relu_before_squash, shared_votes");
    static constexpr std::string_view name = "primary_capsules";
    static constexpr text describe() { return detail::written(name, {Types, D, K, Stride}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (H, W, C)")) return x;
        value s =
            detail::convolve_with_parameters<no_bias>(x, Types * D, detail::window_options_of<K, Options...>(Stride));
        if constexpr (detail::has_option<shared_votes, Options...>) s = s * (1.0 / Types);
        if constexpr (!detail::has_option<no_bias, Options...>)
            s = s + parameter("bias", {Types * D}).no_weight_decay();
        if constexpr (detail::has_option<relu_before_squash, Options...>)
            s = tessera::apply(detail::scalar_function::relu, s);
        return squash_layer{}.apply(reshape(s, {-1, D}));
    }
};

template <int Types, int D, int K, int Stride = 1, class... Options>
inline constexpr primary_capsules_layer<Types, D, K, Stride, Options...> primary_capsules{};

}  // namespace tessera
