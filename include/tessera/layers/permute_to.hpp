// permute_to<Axis...>: axes in another order; permute_to<1, 0> is a transposition.
//
//   in      x                    out     y, whose axis i is axis Axis[i] of x
//
// Parameters  none.    Gradient  exact.    Cost  one copy.
// Errors      compile time: an order that does not name every axis of x once.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/permute.hpp>

namespace tessera {

template <int... Axis> struct permute_to_layer : layer_base<permute_to_layer<Axis...>> {
    static constexpr std::string_view name = "permute_to";
    static constexpr text describe() { return detail::written(name, {Axis...}); }

    constexpr value apply(value x) const { return permute(x, {Axis...}); }
};

template <int... Axis> inline constexpr permute_to_layer<Axis...> permute_to{};

}  // namespace tessera
