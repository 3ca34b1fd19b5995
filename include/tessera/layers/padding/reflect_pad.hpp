// reflect_pad<P>, reflect_pad<Before, After, ...>: mirrored at the first and the last element: abc with 2 is cb abc ba.
//
//   in      x (spatial..., C)
//   out     y (Before + spatial + After..., C)
//
// One number: on both ends of every spatial axis. Pairs: before and after, axis by axis.
// Parameters  none.
// Gradient    exact: added up where an element was copied from.
// Cost        one copy of x for each axis padded.
// Errors      compile time: negative or unpaired amounts; more pairs than spatial axes; padding of the extent or more.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/layers/padding/border_pad.hpp>

namespace tessera {

template <int... Amount> struct reflect_pad_layer : layer_base<reflect_pad_layer<Amount...>> {
    static constexpr std::string_view name = "reflect_pad";
    static constexpr text describe() { return detail::written(name, {Amount...}); }

    struct rule {
        static constexpr int element(int i, int n) { return i < 0 ? -i : 2 * (n - 1) - i; }
        static constexpr int most(int n) { return n - 1; }
    };

    constexpr value apply(value x) const { return detail::border_pad<rule, Amount...>(x); }
};

template <int... Amount> inline constexpr reflect_pad_layer<Amount...> reflect_pad{};

}  // namespace tessera
