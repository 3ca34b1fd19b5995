// adaptive_windows: what adaptive pooling has in common: the extents asked for, and the plain window that gives
// them when they divide the input's.
//
// Element i of m over an axis of extent n covers elements floor(i n / m) to ceil((i + 1) n / m) - 1.
#pragma once
#include <tessera/ir/value.hpp>
#include <tessera/ir/window.hpp>

namespace tessera::detail {

struct adaptive_windows {
    int wanted[3] = {};  // for each spatial axis
    int spatial = 0;

    // one size for every axis, or a size an axis
    template <int... Size> static constexpr adaptive_windows of(int spatial) {
        static_assert(sizeof...(Size) >= 1 && sizeof...(Size) <= 3, "adaptive pooling: one to three sizes");
        static_assert(((Size >= 1) && ...), "adaptive pooling: every size must be at least 1");
        constexpr int list[] = {Size...};
        adaptive_windows w;
        w.spatial = spatial;
        for (int a = 0; a < spatial; ++a) w.wanted[a] = list[sizeof...(Size) == 1 ? 0 : a];
        return w;
    }

    constexpr bool divide(const extents& e) const {
        for (int a = 0; a < spatial; ++a)
            if (e.size_of[a] % wanted[a] != 0) return false;
        return true;
    }
    constexpr window on(const extents& e) const {
        window w;
        for (int a = 0; a < spatial; ++a)
            w.kernel[3 - spatial + a] = w.stride[3 - spatial + a] = e.size_of[a] / wanted[a];
        return w;
    }
};

template <int... Size> constexpr bool expects_axes_to_pool(value x) {
    const int spatial = x.rank() - 1, given = static_cast<int>(sizeof...(Size));
    if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return false;
    return expects(x, given == 1 || given == spatial, (text("") + given + std::string_view(" spatial axes")).view(),
                   "adaptive pooling takes one size for all axes, or one for each");
}

}  // namespace tessera::detail
