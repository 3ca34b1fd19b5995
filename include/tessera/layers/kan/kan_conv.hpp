// kan_conv<C, K, Basis>: a convolution whose weights are functions: one of the basis' span for each tap and pair of
// channels.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   y_o[p] = sum over taps t and channels i of  base_oit silu(x) + scale_oit sum_n weight_oitn B_n(x),
//   x = x_i[p stride + t dilation - before]
//
// Options     those of conv but no_bias, and those of layers/kan/options.hpp. It has base_branch<silu>, scaled and
//             zeros_before unless told otherwise: the border that `same` and `pad` put around x is x = 0, and adds
//             scale weight B(0), as in the published code; zeros_after: it adds nothing.
// Parameters  weight (kernel..., I / G, count, C), uniform to 0.1 / count; scale and base (kernel..., I / G, C), uniform
//             to 1 / sqrt(taps). Published is a weight fitted to noise of about that size. With no scale all are
//             uniform to sqrt(3 / fan). Of splines on G intervals an edge has G + 5.
// Gradient    exact.
// Cost        |spatial'| |kernel| I / G C (count + 1) multiply-adds, and the functions of each element. The functions are
//             not stored, going forward; going back the gradients of all functions are, where x has one.
// Errors      compile time: those of conv; a type that is no basis.
// Source      Bodner, Tepsich, Spolski, Pourteau 2024, "Convolutional Kolmogorov-Arnold Networks".
//
//     struct net : network<(kan_conv<5, 3, b_spline<10>> >> max_pool<2> >> flatten >> dense<10>), shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/kan/b_spline.hpp>
#include <tessera/layers/kan/edges.hpp>

namespace tessera {

template <int C, int K, class Basis, class... Options>
struct kan_conv_layer : layer_base<kan_conv_layer<C, K, Basis, Options...>> {
    static_assert(
        basis<Basis>,
        "kan_conv<C, K, Basis>: Basis is a type without members, with count, name and a call from value to value");
    static_assert(C >= 1, "kan_conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "kan_conv<C, K>: K must be at least 1");
    static_assert(
        (detail::kan::is_option<Options> && ...),
        "kan_conv<C, K, Basis, ...>: options are stride<>, same, pad<>, groups<>, base_branch<>, scaled, ...");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::bias, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "kan_conv<C, K, ...>: one kind of padding, no output_pad, no no_bias, no padding_not_counted");
    static constexpr std::string_view name = "kan_conv";
    static constexpr text describe() {
        return detail::written(name, {C, K}) + std::string_view(" of ") + std::string_view(Basis::name);
    }

    constexpr value apply(value x) const {
        if constexpr (basis<Basis>)  // what is none has been refused, in few words
            return detail::kan::finished<Options...>(
                detail::kan::convolve<Basis, Options..., base_branch<silu>, scaled, zeros_before>(
                    x, C, detail::window_options_of<K, Options...>()));
        else
            return x;
    }
};

template <int C, int K, class Basis = b_spline<>, class... Options>
inline constexpr kan_conv_layer<C, K, Basis, Options...> kan_conv{};

}  // namespace tessera
