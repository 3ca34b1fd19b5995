// upsample_nearest<F>: every element F times along every spatial axis.
//
//   in      x (spatial..., C)
//   out     y (F spatial..., C)
//
//   y[p] = x[p / F], rounded down
//
// Parameters  none.
// Gradient    exact: the sum over the copies.
// Cost        one copy for each spatial axis, the last of y's size.
// Errors      compile time: F < 1; an input of rank 0 or 1.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

template <int F> struct upsample_nearest_layer : layer_base<upsample_nearest_layer<F>> {
    static_assert(F >= 1, "upsample_nearest<F>: F must be at least 1");
    static constexpr std::string_view name = "upsample_nearest";
    static constexpr text describe() { return text("upsample_nearest<") + F + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(spatial..., channels), rank 2 at least")) return x;
        extents grown = x.shape();
        for (int a = 0; a < grown.rank - 1; ++a) {
            const int before = grown.product(0, a + 1), after = grown.product(a + 1, grown.rank);
            grown[a] *= F;
            x = broadcast_to(reshape(x, {before, 1, after}), {before, F, after}, x.batched());
        }
        return reshape(x, grown);
    }
};

template <int F> inline constexpr upsample_nearest_layer<F> upsample_nearest{};

}  // namespace tessera
