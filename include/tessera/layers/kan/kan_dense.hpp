// kan_dense<N, Basis>: a dense layer whose weights are functions: one of the basis' span for each pair of features.
//
//   in      x (..., I)
//   out     y (..., N)
//
//   y_o = sum_i base_oi silu(x_i) + scale_oi sum_n weight_oin B_n(x_i)
//
// Options     those of layers/kan/options.hpp but the two of a border. It has base_branch<silu> and scaled unless told
//             otherwise. A grid of [0, 1], as the published networks have behind an activation: b_spline<5, 3, 0, 1>.
// Parameters  weight (I, count, N), uniform to 0.1 / count; scale and base (I, N), uniform to 1 / sqrt(I). Published is a
//             weight fitted to noise of that size. Unscaled: all uniform to sqrt(3 / fan).
// Gradient    exact.
// Cost        I N (count + 1) multiply-adds a position, and the functions of each element. They are not stored.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes; a type that is no basis.
// Source      Liu et al. 2024, "KAN: Kolmogorov-Arnold Networks", in the form in which one product makes all sums.
//
//     struct net : network<(kan_dense<5, b_spline<5>> >> kan_dense<1, b_spline<5>>), shape<2>> {};
#pragma once
#include <tessera/layers/kan/b_spline.hpp>
#include <tessera/layers/kan/edges.hpp>

namespace tessera {

template <int N, class Basis, class... Options>
struct kan_dense_layer : layer_base<kan_dense_layer<N, Basis, Options...>> {
    static_assert(
        basis<Basis>,
        "kan_dense<N, Basis>: Basis is a type without members, with count, name and a call from value to value");
    static_assert(N >= 1, "kan_dense<N>: N must be at least 1");
    static_assert(
        ((detail::kan::role_of<Options> != detail::kan::role::none &&
          detail::kan::role_of<Options> != detail::kan::role::border) &&
         ...),
        "kan_dense<N, Basis, ...>: options are base_branch<>, no_base, functions_of<>, scaled, unscaled, ...");
    static constexpr std::string_view name = "kan_dense";
    static constexpr text describe() {
        return detail::written(name, {N}) + std::string_view(" of ") + std::string_view(Basis::name);
    }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        if constexpr (basis<Basis>)  // what is none has been refused, in few words
            return detail::kan::finished<Options...>(edges<Options..., base_branch<silu>, scaled>(x));
        else
            return x;
    }

  private:
    template <class... All> static constexpr value edges(value x) {
        using detail::kan::role;
        const int inputs = x.extent(-1);
        const value functions =
            detail::kan::multiplied_functions<Basis>(detail::kan::apply_option<role::argument, All...>(x));
        if (!functions.valid()) return functions;
        const value weight = detail::kan::weight_of<Basis, All...>(x, {inputs, N}, inputs);
        value y = einsum("...i,io->...o", functions,
                         reshape(detail::kan::multiplied_part<Basis>(weight), {functions.extent(-1), N}));  // (..., N)
        if constexpr (detail::starts_with_one<Basis>) y = y + detail::kan::part_of_one(weight);
        if constexpr (detail::kan::has_base<All...>)
            y = y + einsum("...i,io->...o", detail::kan::apply_option<role::base, All...>(x),
                           parameter("base", {inputs, N}, detail::kan::start_of<All...>(inputs, 1)));
        return y;
    }
};

template <int N, class Basis = b_spline<>, class... Options>
inline constexpr kan_dense_layer<N, Basis, Options...> kan_dense{};

}  // namespace tessera
