// global_avg_pool: the mean of each channel over all positions.
//
//   in      x (positions..., C)
//   out     y (C)
//
// Parameters  none.
// Gradient    exact: dy / positions.
// Cost        one addition an element.
// Errors      compile time: an input of rank 0 or 1.
// Source      Lin, Chen, Yan 2014, "Network In Network".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

struct global_avg_pool_layer : layer_base<global_avg_pool_layer> {
    static constexpr std::string_view name = "global_avg_pool";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        return mean(x, leading);
    }
};
inline constexpr global_avg_pool_layer global_avg_pool{};

}  // namespace tessera
