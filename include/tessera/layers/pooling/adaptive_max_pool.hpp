// adaptive_max_pool<Size...>: the largest element of windows chosen so that the output has the given spatial extents.
//
//   in      x (spatial..., C), one to three spatial axes
//   out     y (Size..., C)
//
//   y[i] is the largest of x[floor(i n / m)] to x[ceil((i + 1) n / m) - 1], axis by axis, from n elements to m
//
// One size: for every spatial axis. Where the sizes divide the extents it is a plain max_pool, else a maximum for
// each window.
// Parameters  none.
// Gradient    to the largest element. Where several attain it: the first, or equal parts when sizes do not divide.
// Cost        one comparison an element of x where windows do not overlap.
// Errors      compile time: a size < 1; sizes that are not one, nor one an axis; a rank outside 2 to 4.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/resample.hpp>
#include <tessera/layers/pooling/adaptive_windows.hpp>

namespace tessera {

template <int... Size> struct adaptive_max_pool_layer : layer_base<adaptive_max_pool_layer<Size...>> {
    static constexpr std::string_view name = "adaptive_max_pool";
    static constexpr text describe() { return detail::written(name, {Size...}); }

    constexpr value apply(value x) const {
        if (!detail::expects_axes_to_pool<Size...>(x)) return x;
        const auto w = detail::adaptive_windows::of<Size...>(x.rank() - 1);
        if (w.divide(x.shape())) return pool_windows(detail::op::max_pool, x, w.on(x.shape()));
        for (int a = 0; a < w.spatial; ++a) x = along(x, a, w.wanted[a]);
        return x;
    }

  private:
    static constexpr value along(value x, int axis, int wanted) {
        detail::list<value> largest;
        for (int i = 0; i < wanted; ++i) {
            const auto row = detail::resampling_row::of(detail::resampling::adaptive_mean, x.extent(axis), wanted, i);
            largest.push_back(reduce(detail::op::maximum, slice(x, axis, row.first, row.end - row.first), 1u << axis));
        }
        return concatenate(largest, axis);
    }
};

template <int... Size> inline constexpr adaptive_max_pool_layer<Size...> adaptive_max_pool{};

}  // namespace tessera
