// circular_pad<P>, circular_pad<Before, After, ...>: the axis wrapped around: abc with 2 is bc abc ab.
//
//   in      x (spatial..., C)
//   out     y (Before + spatial + After..., C)
//
// One number: on both ends of every spatial axis. Pairs: before and after, axis by axis.
// Parameters  none.
// Gradient    exact: added up where an element was copied from.
// Cost        one copy of x for each axis padded.
// Errors      compile time: negative or unpaired amounts; more pairs than spatial axes; padding of more than the
//             extent.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/layers/padding/border_pad.hpp>

namespace tessera {

template <int... Amount> struct circular_pad_layer : layer_base<circular_pad_layer<Amount...>> {
    static constexpr std::string_view name = "circular_pad";
    static constexpr text describe() { return detail::written(name, {Amount...}); }

    struct rule {
        static constexpr int element(int i, int n) { return i < 0 ? i + n : i - n; }
        static constexpr int most(int n) { return n; }
    };

    constexpr value apply(value x) const { return detail::border_pad<rule, Amount...>(x); }
};

template <int... Amount> inline constexpr circular_pad_layer<Amount...> circular_pad{};

}  // namespace tessera
