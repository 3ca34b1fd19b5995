// pad_amounts: how many elements a padding layer sets before and after each axis of (spatial..., C).
//
//   one number       on both ends of every spatial axis
//   pairs            before and after, axis by axis; axes not named stay
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera {

struct pad_amounts {
    extents before, after;  // one number for each axis of x, the channels included

    template <int... Amount> static constexpr pad_amounts of(int axis_count) {
        constexpr int given = static_cast<int>(sizeof...(Amount));
        static_assert(given == 1 || (given >= 2 && given % 2 == 0), "padding: one number, or pairs before and after");
        static_assert(((Amount >= 0) && ...), "padding: amounts must not be negative");
        constexpr int list[] = {Amount...};
        pad_amounts p;
        for (int a = 0; a < axis_count; ++a) {
            const bool padded = given == 1 ? a < axis_count - 1 : 2 * a < given;
            p.before.push(!padded ? 0 : given == 1 ? list[0] : list[2 * a]);
            p.after.push(!padded ? 0 : given == 1 ? list[0] : list[2 * a + 1]);
        }
        return p;
    }
};

namespace detail {

// x has a channel axis and an axis for every pair
template <int... Amount> constexpr bool expects_axes_to_pad(value x) {
    constexpr int pairs = (static_cast<int>(sizeof...(Amount)) + 1) / 2;
    return expects(x, x.rank() > pairs, "(spatial..., channels)", "a pair of amounts belongs to each spatial axis");
}

}  // namespace detail

}  // namespace tessera
