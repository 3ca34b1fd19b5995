// parts: loads and stores of the first N lanes, N known when compiling.
//
// A store is cut into powers of two, and a load of one is of so much: what is stored under a mask comes late to those who
// load a part of it, and what is loaded under one waits for what was stored of it.
#pragma once
#include <tessera/backend/simd/vector.hpp>
#include <utility>

namespace tessera::detail::simd {

// N lanes as the compiler's own vector, which knows how to be cut
template <class T, int N> struct cut_lanes {
    typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T> struct cut_lanes<T, 1> {
    using type = T;
};

template <int First, int... I, class All>
[[gnu::always_inline]] inline auto cut(const All& v, std::integer_sequence<int, I...>) noexcept {
    if constexpr (sizeof...(I) == 1)
        return v[First];
    else
        return __builtin_shufflevector(v, v, (First + I)...);
}

// the lanes of v, and as many zeros
template <int... I, class Low>
[[gnu::always_inline]] inline auto doubled(const Low& v, std::integer_sequence<int, I...>) noexcept {
    return __builtin_shufflevector(v, Low{}, I...);
}
// N lanes and zeros, as many as All has; g++ 12 goes through memory where it is done at once
template <class All, int N, class Low> [[gnu::always_inline]] inline All with_zeros(const Low& v) noexcept {
    if constexpr (sizeof(Low) == sizeof(All))
        return v;
    else
        return with_zeros<All, 2 * N>(doubled(v, std::make_integer_sequence<int, 2 * N>{}));
}

// the same under a mask, in one instruction: of what no step before has stored
template <int N, class V> [[gnu::always_inline]] inline V load_kept(const scalar_of<V>* p) noexcept {
    if constexpr (N == lanes<V>)
        return load<V>(p);
    else
        return load<V>(p, first<V>(N));
}

template <int N, class V> [[gnu::always_inline]] inline V load_part(const scalar_of<V>* p) noexcept {
    using T = scalar_of<V>;
    if constexpr (N == lanes<V>) {
        return load<V>(p);
    } else if constexpr ((N & (N - 1)) == 0) {  // no more than is there: what was just stored is passed on
        using whole = typename cut_lanes<T, lanes<V>>::type;
        typename cut_lanes<T, N>::type low;
        std::memcpy(&low, p, N * sizeof(T));
        whole all;
        if constexpr (N == 1)
            all = whole{low};
        else
            all = with_zeros<whole, N>(low);
        V result;
        std::memcpy(&result, &all, sizeof all);
        return result;
    } else {
        return load<V>(p, first<V>(N));
    }
}

template <int N, int First = 0, class T, class All>
[[gnu::always_inline]] inline void store_lanes(T* p, const All& v) noexcept {
    constexpr int piece = N >= 8 ? 8 : N >= 4 ? 4 : N >= 2 ? 2 : 1;
    const auto low = cut<First>(v, std::make_integer_sequence<int, piece>{});
    std::memcpy(p, &low, piece * sizeof(T));
    if constexpr (N > piece) store_lanes<N - piece, First + piece>(p + piece, v);
}

template <int N, class V> [[gnu::always_inline]] inline void store_part(scalar_of<V>* p, const V& v) noexcept {
    using T = scalar_of<V>;
    if constexpr (N == lanes<V>) {
        store_to(p, v);
    } else {
        typename cut_lanes<T, lanes<V>>::type all;
        std::memcpy(&all, &v, sizeof all);
        store_lanes<N>(p, all);
    }
}

// the sum of all lanes, in the order of reduce_add
template <class T, int N, class All> [[gnu::always_inline]] inline T sum_of_lanes(const All& v) noexcept {
    if constexpr (N == 1) {
        return v;
    } else {
        const auto low = cut<0>(v, std::make_integer_sequence<int, N / 2>{});
        const auto high = cut<N / 2>(v, std::make_integer_sequence<int, N / 2>{});
        return sum_of_lanes<T, N / 2>(low + high);
    }
}
// of the first ones alone
template <int Used, class V> [[gnu::always_inline]] inline scalar_of<V> sum_lanes(const V& v) noexcept {
    typename cut_lanes<scalar_of<V>, lanes<V>>::type all;
    std::memcpy(&all, &v, sizeof all);
    return sum_of_lanes<scalar_of<V>, Used>(cut<0>(all, std::make_integer_sequence<int, Used>{}));
}
template <class V> [[gnu::always_inline]] inline scalar_of<V> sum_lanes(const V& v) noexcept {
    return sum_lanes<lanes<V>>(v);
}

}  // namespace tessera::detail::simd
