// lanes: the first lanes of a vector with something else behind them, and the largest of all lanes.
#pragma once
#include <tessera/backend/simd/parts.hpp>

namespace tessera::detail::simd {

template <int N, class All, int... I>
[[gnu::always_inline]] inline All first_of(const All& v, const All& others, std::integer_sequence<int, I...>) noexcept {
    return __builtin_shufflevector(v, others, (I < N ? I : I + int(sizeof...(I)))...);
}
// N lanes of v; the others are `filler`
template <int N, class V> [[gnu::always_inline]] inline V filled_up(const V& v, scalar_of<V> filler) noexcept {
    constexpr int width = lanes<V>;
    if constexpr (N == width) {
        return v;
    } else {
        typename cut_lanes<scalar_of<V>, width>::type all, others;
        const V fill(filler);
        std::memcpy(&all, &v, sizeof all);
        std::memcpy(&others, &fill, sizeof others);
        all = first_of<N>(all, others, std::make_integer_sequence<int, width>{});
        V result;
        std::memcpy(&result, &all, sizeof all);
        return result;
    }
}

// NaN in any lane gives NaN
template <class T, int N, class All> [[gnu::always_inline]] inline T largest_of_lanes(const All& v) noexcept {
    if constexpr (N == 1) {
        return v;
    } else if constexpr (N == 2) {
        return v[0] > v[1] || v[0] != v[0] ? v[0] : v[1];
    } else {
        const auto low = cut<0>(v, std::make_integer_sequence<int, N / 2>{});
        const auto high = cut<N / 2>(v, std::make_integer_sequence<int, N / 2>{});
        const auto wins = (low > high) | (low != low);
        return largest_of_lanes<T, N / 2>(wins ? low : high);
    }
}
template <class V> [[gnu::always_inline]] inline scalar_of<V> largest_lane(const V& v) noexcept {
    typename cut_lanes<scalar_of<V>, lanes<V>>::type all;
    std::memcpy(&all, &v, sizeof all);
    return largest_of_lanes<scalar_of<V>, lanes<V>>(all);
}

}  // namespace tessera::detail::simd
