// sab<D, Heads>: a set looks at itself.
//
//   in      x (N, C)        out     y (N, D)
//
//   y = mab<D, Heads>(x, x)
//
// The elements of x in another order give those of y in that order.
// Options     with_layer_norm, as in mab.hpp.
// Parameters  those of the mab, below mab.
// Gradient    exact.
// Cost        3 N C D + 2 N^2 D + N D^2 multiply-adds; no array of N x N.
// Errors      compile time: those of mab.
// Source      Lee et al. 2019, "Set Transformer", section 3.1, SAB.
#pragma once
#include <tessera/layers/attention/mab.hpp>

namespace tessera {

template <int D, int Heads, class... Options> struct sab_layer : layer_base<sab_layer<D, Heads, Options...>> {
    static constexpr std::string_view name = "sab";
    static constexpr text describe() { return detail::written(name, {D, Heads}); }

    constexpr value apply(value x) const { return mab<D, Heads, Options...>(x, x); }
};

template <int D, int Heads, class... Options> inline constexpr sab_layer<D, Heads, Options...> sab{};

}  // namespace tessera
