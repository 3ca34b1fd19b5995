// pma<D, Heads, Seeds>: a set becomes as many vectors as are asked for, each what a learnt seed sees of it.
//
//   in      x (N, C)        out     y (Seeds, D)
//
//   y = mab<D, Heads>(seeds, x)
//
// The order of the elements of x is nothing to y. The paper maps x by a feed-forward layer first; the authors' code does
// not, and neither does this: dense<D> >> relu before it is that.
// Options     with_layer_norm, as in mab.hpp.
// Parameters  seeds (Seeds, D), Xavier; those of the mab, below mab.
// Gradient    exact.
// Cost        2 N C D + 2 Seeds N D + 2 Seeds D^2 multiply-adds; no array of Seeds x N.
// Errors      compile time: Seeds < 1; those of mab.
// Source      Lee et al. 2019, "Set Transformer", section 3.2, PMA.
//
//     struct of_a_cloud : network<(isab<128, 4, 32> >> isab<128, 4, 32> >> pma<128, 4, 1> >> dense<40>),
//                                 shape<1000, 3>> {};     // (1, 40)
#pragma once
#include <tessera/layers/attention/mab.hpp>

namespace tessera {

template <int D, int Heads, int Seeds, class... Options>
struct pma_layer : layer_base<pma_layer<D, Heads, Seeds, Options...>> {
    static_assert(Seeds >= 1, "pma<D, Heads, Seeds>: Seeds must be at least 1");
    static constexpr std::string_view name = "pma";
    static constexpr text describe() { return detail::written(name, {D, Heads, Seeds}); }

    constexpr value apply(value x) const {
        const value seeds = parameter("seeds", {Seeds, D}, initial::xavier(Seeds, D)).with(x);
        return mab<D, Heads, Options...>(seeds, x);
    }
};

template <int D, int Heads, int Seeds, class... Options> inline constexpr pma_layer<D, Heads, Seeds, Options...> pma{};

}  // namespace tessera
