// adaptive_avg_pool<Size...>: the mean over windows chosen so that the output has the given spatial extents.
//
//   in      x (spatial..., C), one to three spatial axes
//   out     y (Size..., C)
//
//   y[i] is the mean of x[floor(i n / m)] to x[ceil((i + 1) n / m) - 1], axis by axis, from n elements to m
//
// One size: for every spatial axis.
// Parameters  none.
// Gradient    exact.
// Cost        one addition an element of x where windows do not overlap.
// Errors      compile time: a size < 1; sizes that are not one, nor one an axis; a rank outside 2 to 4.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/resample.hpp>
#include <tessera/layers/pooling/adaptive_windows.hpp>

namespace tessera {

template <int... Size> struct adaptive_avg_pool_layer : layer_base<adaptive_avg_pool_layer<Size...>> {
    static constexpr std::string_view name = "adaptive_avg_pool";
    static constexpr text describe() { return detail::written(name, {Size...}); }

    constexpr value apply(value x) const {
        if (!detail::expects_axes_to_pool<Size...>(x)) return x;
        const auto w = detail::adaptive_windows::of<Size...>(x.rank() - 1);
        if (w.divide(x.shape())) return pool_windows(detail::op::average_pool, x, w.on(x.shape()));
        for (int a = 0; a < w.spatial; ++a) x = resample(x, a, w.wanted[a], detail::resampling::adaptive_mean);
        return x;
    }
};

template <int... Size> inline constexpr adaptive_avg_pool_layer<Size...> adaptive_avg_pool{};

}  // namespace tessera
