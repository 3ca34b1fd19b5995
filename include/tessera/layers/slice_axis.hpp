// slice_axis<Axis, First, Count, Step>: Count elements of one axis, from First on, every Step-th.
//
//   in      x                    out     y like x, Count long on the axis
//
// A negative Axis counts from the last one.
// Parameters  none.    Gradient  exact: zero where nothing was taken.    Cost  one copy.
// Errors      compile time: an axis that x lacks; elements beyond its end; Count or Step < 1.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

template <int Axis, int First, int Count, int Step = 1>
struct slice_axis_layer : layer_base<slice_axis_layer<Axis, First, Count, Step>> {
    static_assert(First >= 0, "slice_axis<Axis, First, Count>: First must not be negative");
    static_assert(Count >= 1 && Step >= 1, "slice_axis<Axis, First, Count, Step>: Count and Step must be at least 1");
    static constexpr std::string_view name = "slice_axis";
    static constexpr text describe() {
        return text("slice_axis<") + Axis + std::string_view(", ") + First + std::string_view(", ") + Count +
               std::string_view(">");
    }

    constexpr value apply(value x) const { return slice(x, Axis, First, Count, Step); }
};

template <int Axis, int First, int Count, int Step = 1>
inline constexpr slice_axis_layer<Axis, First, Count, Step> slice_axis{};

}  // namespace tessera
