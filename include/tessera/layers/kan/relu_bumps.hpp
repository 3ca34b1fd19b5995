// relu_bumps<Grid, Order>: bumps made of two ramps, whose ends are learnt for each feature.
//
//   R_i(x) = (r max(x - low_i, 0) max(high_i - x, 0))^2,  r = 4 Grid^2 / (Order + 1)^2
//   low_i = i / Grid, high_i = low_i + (Order + 1) / Grid, i = -Order ... Grid - 1, at first
//
// r makes the top of a fresh bump 1; that is on [0, 1].
//
// Options     fixed_ends learns no ends.
// Parameters  low, high (C, Grid + Order), zero: how far the ends are from where they were at first.
// Gradient    exact.
// Cost        seven operations a function.
// Errors      compile time: Grid < 1; Order < 1.
// Source      Qiu et al. 2024, "ReLU-KAN: New Kolmogorov-Arnold Networks that Only Need Matrix Addition, Dot
//             Multiplication, and ReLU".
#pragma once
#include <tessera/layers/kan/basis.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct fixed_ends {};

template <int Grid = 5, int Order = 3, class... Options> struct relu_bumps {
    static_assert(Grid >= 1 && Order >= 1, "relu_bumps<Grid, Order>: both must be at least 1");
    static_assert((std::is_same_v<Options, fixed_ends> && ...),
                  "relu_bumps<Grid, Order, ...>: the option is fixed_ends");
    static constexpr std::string_view name = "relu_bumps";
    static constexpr int count = Grid + Order;

    constexpr value operator()(value x) const {  // x (..., C, 1)
        const double width = (Order + 1.0) / Grid, top = 4 / (width * width);
        value low = iota(count, -1.0 * Order / Grid, 1.0 / Grid).with(x), high = low + width;  // (count)
        if constexpr (!detail::has_option<fixed_ends, Options...>) {
            const extents ends{x.extent(-2), count};
            low = low + parameter("low", ends).no_weight_decay();     // (C, count)
            high = high + parameter("high", ends).no_weight_decay();  // (C, count)
        }
        x = for_each(x, count);
        return square(maximum(x - low, 0) * maximum(high - x, 0) * top);
    }
};

}  // namespace tessera
