// replicate_pad<P>, replicate_pad<Before, After, ...>: the first and the last element repeated: abc with 2 is aa abc
// cc.
//
//   in      x (spatial..., C)
//   out     y (Before + spatial + After..., C)
//
// One number: on both ends of every spatial axis. Pairs: before and after, axis by axis.
// Parameters  none.
// Gradient    exact: added up where an element was copied from.
// Cost        one copy of x for each axis padded.
// Errors      compile time: negative or unpaired amounts; more pairs than spatial axes.
#pragma once
#include <limits>
#include <tessera/expression/layer.hpp>
#include <tessera/layers/padding/border_pad.hpp>

namespace tessera {

template <int... Amount> struct replicate_pad_layer : layer_base<replicate_pad_layer<Amount...>> {
    static constexpr std::string_view name = "replicate_pad";
    static constexpr text describe() { return detail::written(name, {Amount...}); }

    struct rule {
        static constexpr int element(int i, int n) { return i < 0 ? 0 : n - 1; }
        static constexpr int most(int) { return std::numeric_limits<int>::max(); }
    };

    constexpr value apply(value x) const { return detail::border_pad<rule, Amount...>(x); }
};

template <int... Amount> inline constexpr replicate_pad_layer<Amount...> replicate_pad{};

}  // namespace tessera
