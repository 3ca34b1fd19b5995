// spatial_shift: an image of which a quarter of the channels each has moved a step down, up, right and left.
//
//   in      x (H, W, C)
//   out     y (H, W, C)
//
//   channels below C / 4:        y[h] = x[h - 1],  y[0] = x[0]
//   from C / 4 to C / 2:         y[h] = x[h + 1],  y[H - 1] = x[H - 1]
//   from C / 2 to 3 C / 4:       the first along W
//   the rest:                    the second along W
//
// Every element is that of x: where an implementation assigns overlapping slices in place, it may smear a row.
// Parameters  none.
// Gradient    exact.
// Cost        one copy.
// Errors      compile time: an input not of rank 3.
// Source      Yu, Li, Cai, Sun, Li 2021, "S2-MLP: Spatial-Shift MLP Architecture for Vision".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

struct spatial_shift_layer : layer_base<spatial_shift_layer> {
    static constexpr std::string_view name = "spatial_shift";

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (H, W, C)")) return x;
        const int c = x.extent(-1);
        value y;
        for (int quarter = 0; quarter < 4; ++quarter) {
            const int first = c * quarter / 4, count = c * (quarter + 1) / 4 - first;
            if (count == 0) continue;
            const value part = moved(slice(x, 2, first, count), quarter / 2, quarter % 2 == 0);  // (H, W, count)
            y = y.valid() ? concatenate({y, part}) : part;
        }
        return y;
    }

  private:
    static constexpr value moved(value x, int axis, bool onwards) {
        const int n = x.extent(axis);
        if (n == 1) return x;
        return onwards ? concatenate({slice(x, axis, 0, 1), slice(x, axis, 0, n - 1)}, axis)
                       : concatenate({slice(x, axis, 1, n - 1), slice(x, axis, n - 1, 1)}, axis);
    }
};
inline constexpr spatial_shift_layer spatial_shift{};

}  // namespace tessera
