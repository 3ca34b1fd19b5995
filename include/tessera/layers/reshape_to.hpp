// reshape_to<Size...>: the same elements under other extents, row-major. One extent may be -1: whatever is left.
//
//   in      x, any shape         out     y (Size...)
//
// Parameters  none.    Gradient  exact.    Cost  nothing.
// Errors      compile time: extents of another size; an extent below 1 that is not the only -1.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

template <int... Size> struct reshape_to_layer : layer_base<reshape_to_layer<Size...>> {
    static_assert(sizeof...(Size) <= max_rank, "reshape_to<...>: at most 6 axes");
    static_assert(((Size >= 1 || Size == -1) && ...), "reshape_to<...>: extents of at least 1, or -1 for what is left");
    static_assert(((Size == -1) + ... + 0) <= 1, "reshape_to<...>: one extent may be -1");
    static constexpr std::string_view name = "reshape_to";
    static constexpr text describe() { return detail::written(name, {Size...}); }

    constexpr value apply(value x) const { return reshape(x, {Size...}); }
};

template <int... Size> inline constexpr reshape_to_layer<Size...> reshape_to{};

}  // namespace tessera
