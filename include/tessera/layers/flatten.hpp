// flatten: all axes as one, row-major; the batch stays.
//
//   in      x, any shape         out     y (size of x)
//
// Parameters  none.    Gradient  exact.    Cost  nothing.    Errors  none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

struct flatten_layer : layer_base<flatten_layer> {
    static constexpr std::string_view name = "flatten";
    constexpr value apply(value x) const { return reshape(x, {x.size()}); }
};
inline constexpr flatten_layer flatten{};

}  // namespace tessera
