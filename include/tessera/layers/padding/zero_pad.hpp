// zero_pad<P>, zero_pad<Before, After, ...>: zeros around the spatial axes.
//
//   in      x (spatial..., C)
//   out     y (Before + spatial + After..., C)
//
// One number: on both ends of every spatial axis. Pairs: before and after, axis by axis.
// Parameters  none.    Gradient  exact: the middle.    Cost  one copy.
// Errors      compile time: negative or unpaired amounts; more pairs than spatial axes.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/padding/pad_amounts.hpp>

namespace tessera {

template <int... Amount> struct zero_pad_layer : layer_base<zero_pad_layer<Amount...>> {
    static constexpr std::string_view name = "zero_pad";
    static constexpr text describe() { return detail::written(name, {Amount...}); }

    constexpr value apply(value x) const {
        if (!detail::expects_axes_to_pad<Amount...>(x)) return x;
        const auto p = pad_amounts::of<Amount...>(x.rank());
        return padded(x, p.before, p.after);
    }
};

template <int... Amount> inline constexpr zero_pad_layer<Amount...> zero_pad{};

}  // namespace tessera
