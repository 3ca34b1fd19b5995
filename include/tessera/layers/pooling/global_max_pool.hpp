// global_max_pool: the largest element of each channel over all positions.
//
//   in      x (positions..., C)
//   out     y (C)
//
// Parameters  none.
// Gradient    to the largest element; in equal parts where several attain it.
// Cost        one comparison an element.
// Errors      compile time: an input of rank 0 or 1.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

struct global_max_pool_layer : layer_base<global_max_pool_layer> {
    static constexpr std::string_view name = "global_max_pool";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        return max(x, leading);
    }
};
inline constexpr global_max_pool_layer global_max_pool{};

}  // namespace tessera
