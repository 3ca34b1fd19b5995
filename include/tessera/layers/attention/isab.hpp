// isab<D, Heads, M>: a set looks at itself through M learnt points, at a cost that is linear in its size.
//
//   in      x (N, C)        out     y (N, D)
//
//   h = mab<D, Heads>(inducing, x)     (M, D): what the points gather of the set
//   y = mab<D, Heads>(x, h)            (N, D): what each element takes of it
//
// The elements of x in another order give those of y in that order.
// Options     with_layer_norm, as in mab.hpp.
// Parameters  inducing (M, D), Xavier; those of two mabs, below mab and mab_1.
// Gradient    exact.
// Cost        4 M N D multiply-adds for the pairs, 3 N C D + N D^2 + 4 M D^2 for the maps; no array of M x N.
// Errors      compile time: M < 1; those of mab.
// Source      Lee et al. 2019, "Set Transformer", section 3.1, ISAB.
#pragma once
#include <tessera/layers/attention/mab.hpp>

namespace tessera {

template <int D, int Heads, int M, class... Options>
struct isab_layer : layer_base<isab_layer<D, Heads, M, Options...>> {
    static_assert(M >= 1, "isab<D, Heads, M>: M must be at least 1");
    static constexpr std::string_view name = "isab";
    static constexpr text describe() { return detail::written(name, {D, Heads, M}); }

    constexpr value apply(value x) const {
        const value points = parameter("inducing", {M, D}, initial::xavier(M, D)).with(x);
        const value gathered = mab<D, Heads, Options...>(points, x);  // (M, D)
        return mab<D, Heads, Options...>(x, gathered);
    }
};

template <int D, int Heads, int M, class... Options> inline constexpr isab_layer<D, Heads, M, Options...> isab{};

}  // namespace tessera
