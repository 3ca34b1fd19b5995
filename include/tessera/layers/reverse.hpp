// reverse<Axis>: the elements of an axis in the opposite order.
//
//   in      x                    out     y like x, y[i] = x[n - 1 - i] on the axis
//
// A negative Axis counts from the last one.
// Parameters  none.    Gradient  exact: reversed.    Cost  one copy.
// Errors      compile time: an axis that x lacks. Reversed time cannot stream.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

template <int Axis> struct reverse_layer : layer_base<reverse_layer<Axis>> {
    static constexpr std::string_view name = "reverse";
    static constexpr text describe() { return text("reverse<") + Axis + std::string_view(">"); }

    constexpr value apply(value x) const { return reversed(x, Axis); }
};

template <int Axis> inline constexpr reverse_layer<Axis> reverse{};

}  // namespace tessera
