// ka_conv and its kin: the convolutions of "Kolmogorov-Arnold Convolutions", each with the base branch, norm and
// activations that its authors give it. Each is kan_conv with options, unscaled, and a border that adds nothing.
//
//   in      x (spatial..., I)            out     y (spatial'..., C)
//
//   y = activation(norm(conv(base(x)) + conv(B(argument(x)))))
//
//   layer                        functions                 argument        base   norm     activation
//   ka_conv<C, K>                b_spline<5, 3>            x               gelu   after    prelu of one slope
//   fast_ka_conv<C, K>           radial<8>                 norm(x)         silu   none     none
//   chebyshev_conv<C, K, D>      chebyshev<D>              tanh x          none   after    none
//   legendre_conv<C, K, D>       legendre<D>               x to [-1, 1]    x      after    silu
//   jacobi_conv<C, K, D>         jacobi<D, 1, 1>           tanh x          x      after    silu
//   gram_conv<C, K, D>           gram<D>, silu of them     tanh x          silu   after    silu
//   bernstein_conv<C, K, D>      bernstein<D>              sigmoid x       x      after    silu
//   relu_ka_conv<C, K>           relu_bumps<5, 3>          x               silu   after    silu
//
// The norm is instance_norm without weight and bias, as the authors train it; normalised_by<batch_norm> takes another one,
// and any option of kan_conv replaces what stands here. Degrees are 3 unless told otherwise. fast_ka_conv's norm stands
// in functions_of<F>.
//
// What differs from the authors' code: "x to [-1, 1]" is by the least and the largest element of a sample, there of a
// whole batch, so that a result depends on the samples beside it; the slope of prelu is one for a layer, there one for
// each group; in grouped layers it normalises within groups what this does over all channels where the norm mixes them;
// weights of functions are uniform to sqrt(3 / fan), with fan their number for an output, there too small by the
// outputs for some layers. Dropout is a layer of its own.
//
// Parameters  weight (kernel..., I / G, count, C), base (kernel..., I / G, C) where there is a branch, and those of the
//             basis and the activation.
// Gradient    exact.
// Errors      compile time: those of kan_conv.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies".
//
//     struct net : network<(gram_conv<16, 3, 3, same> >> max_pool<2> >> flatten >> dense<10>), shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/kan/bernstein.hpp>
#include <tessera/layers/kan/chebyshev.hpp>
#include <tessera/layers/kan/gram.hpp>
#include <tessera/layers/kan/jacobi.hpp>
#include <tessera/layers/kan/legendre.hpp>
#include <tessera/layers/kan/published.hpp>
#include <tessera/layers/kan/radial.hpp>
#include <tessera/layers/kan/relu_bumps.hpp>

namespace tessera {

template <int C, int K, class... Options>
inline constexpr detail::kan::published<C, K, b_spline<5, 3>, Options..., base_branch<gelu>, detail::kan::plain_norm,
                                        activated_by<detail::kan::single_prelu>>
    ka_conv{};

template <int C, int K, class... Options>
inline constexpr detail::kan::published<C, K, radial<8>, Options..., base_branch<silu>,
                                        functions_of<instance_norm_with<no_affine>>>
    fast_ka_conv{};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr detail::kan::published<C, K, chebyshev<Degree>, Options..., no_base,
                                        functions_of<detail::kan::bounded>, detail::kan::plain_norm, small_start>
    chebyshev_conv{};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr detail::kan::published<C, K, legendre<Degree>, Options..., base_branch<detail::kan::as_it_is>,
                                        functions_of<detail::kan::spread>, detail::kan::plain_norm, activated_by<silu>>
    legendre_conv{};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr detail::kan::published<C, K, jacobi<Degree, 1.0, 1.0>, Options..., base_branch<detail::kan::as_it_is>,
                                        functions_of<detail::kan::bounded>, detail::kan::plain_norm, activated_by<silu>,
                                        small_start>
    jacobi_conv{};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr detail::kan::published<C, K, gram<Degree>, Options..., base_branch<silu>,
                                        functions_of<detail::kan::bounded>, detail::kan::plain_norm, activated_by<silu>>
    gram_conv{};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr detail::kan::published<C, K, bernstein<Degree>, Options..., base_branch<detail::kan::as_it_is>,
                                        functions_of<sigmoid>, detail::kan::plain_norm, activated_by<silu>>
    bernstein_conv{};

template <int C, int K, class... Options>
inline constexpr detail::kan::published<C, K, relu_bumps<5, 3>, Options..., base_branch<silu>, detail::kan::plain_norm,
                                        activated_by<silu>>
    relu_ka_conv{};

}  // namespace tessera
