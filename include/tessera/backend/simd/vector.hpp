// vector: the vocabulary of the kernels. Every other file of this backend speaks of vectors through the names below.
//
//   vector<T, Arch>         a register of T; lanes<V> is how many
//   half_vector<T, Arch>    a register of half that width, where the instruction set has one
//   prefix<V>               the first n lanes, 0 <= n <= lanes<V>, for partial loads and stores
//
// Horizontal reductions have a fixed order, a maximum keeps NaN. Every name carries the instruction set in its template
// arguments, so translation units built for different ones can be linked together.
#pragma once
#include <cmath>
#include <tessera/backend/simd/half_vector.hpp>
#include <type_traits>

namespace tessera::detail::simd {

template <class V> inline constexpr int lanes = vector_traits<V>::width;

template <class V> using prefix = typename vector_traits<V>::prefix_type;

template <class V> using scalar_of = typename vector_traits<V>::value_type;

template <class Arch> inline constexpr bool has_many_registers = false;
#ifdef __AVX512F__
template <std::derived_from<xsimd::avx512f> Arch> inline constexpr bool has_many_registers<Arch> = true;
#endif
#ifdef __aarch64__
template <std::derived_from<xsimd::neon64> Arch> inline constexpr bool has_many_registers<Arch> = true;
#endif

template <class V> prefix<V> first(int n) noexcept { return vector_traits<V>::first(n); }

template <class V> V load(const scalar_of<V>* p) noexcept { return vector_traits<V>::load(p); }

template <class V> V load(const scalar_of<V>* p, const prefix<V>& n) noexcept { return vector_traits<V>::load(p, n); }

// A partial load that may read whole vectors where the instruction set has no masks: the caller makes that legal.
template <class V> V load_padded(const scalar_of<V>* p, const prefix<V>& n) noexcept {
    if constexpr (vector_traits<V>::masked)
        return vector_traits<V>::load(p, n);
    else
        return vector_traits<V>::load(p);
}

template <class V> void store_to(scalar_of<V>* p, const V& v) noexcept { vector_traits<V>::store(p, v); }

template <class V> void store_to(scalar_of<V>* p, const V& v, const prefix<V>& n) noexcept {
    vector_traits<V>::store(p, v, n);
}

// Partial accesses whose `whole` says that n is every lane: masked loads cost nothing, masked stores do.
template <class V> V load_within(const scalar_of<V>* p, const prefix<V>& n, bool whole) noexcept {
    if constexpr (vector_traits<V>::masked)
        return vector_traits<V>::load(p, n);
    else
        return whole ? vector_traits<V>::load(p) : vector_traits<V>::load(p, n);
}

template <class V> void store_within(scalar_of<V>* p, const V& v, const prefix<V>& n, bool whole) noexcept {
    if (whole)
        vector_traits<V>::store(p, v);
    else
        vector_traits<V>::store(p, v, n);
}

// (Not `store`: xsimd has one, aligned, that would be found by argument.)

// x y + z, rounded once where the instruction set can.
template <class V> V fmadd(const V& x, const V& y, const V& z) noexcept {
    return vector_traits<V>::multiply_add(x, y, z);
}

// The names below exist in xsimd too and are found beside these by argument; being constrained, these win.
template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> select(const xsimd::batch_bool<T, Arch>& condition, const vector<T, Arch>& yes,
                       const vector<T, Arch>& no) noexcept {
    return xsimd::select(condition, yes, no);
}

// xsimd 8.1's x != x is an ordered comparison on AVX-512: false for NaN.
template <class T, class Arch>
    requires std::floating_point<T>
xsimd::batch_bool<T, Arch> is_nan(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::isnan(x);
}

// NaN in either operand gives NaN, as PyTorch's maximum and minimum do.
template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> max(const xsimd::batch<T, Arch>& x, const xsimd::batch<T, Arch>& y) noexcept {
    return xsimd::select((x > y) | is_nan(x), x, y);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> min(const xsimd::batch<T, Arch>& x, const xsimd::batch<T, Arch>& y) noexcept {
    return xsimd::select((x < y) | is_nan(x), x, y);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> floor(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::floor(x);
}

// halves to the even number
template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> round(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::nearbyint(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> sqrt(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::sqrt(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> abs(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::abs(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> rsqrt(const xsimd::batch<T, Arch>& x) noexcept {
    return vector<T, Arch>(T(1)) / xsimd::sqrt(x);
}

// Folds the upper half of the lanes onto the lower one until one is left: the same order everywhere.
template <class Combine, class T, class Arch>
    requires std::floating_point<T>
T fold_lanes(const xsimd::batch<T, Arch>& v, Combine combine) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    T lane[width];
    store_to(lane, v);
    for (int half = width / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) lane[i] = combine(lane[i], lane[i + half]);
    return lane[0];
}

template <class T, class Arch>
    requires std::floating_point<T>
T reduce_add(const xsimd::batch<T, Arch>& v) noexcept {
    return fold_lanes(v, [](T x, T y) { return x + y; });
}

template <class T, class Arch>
    requires std::floating_point<T>
T reduce_max(const xsimd::batch<T, Arch>& v) noexcept {
    return fold_lanes(v, [](T x, T y) { return x > y || x != x ? x : y; });
}

template <class T, class Arch>
    requires std::floating_point<T>
T reduce_min(const xsimd::batch<T, Arch>& v) noexcept {
    return fold_lanes(v, [](T x, T y) { return x < y || x != x ? x : y; });
}

// to[j][i] = from[i][j] for 4 x 4 elements.
template <class Arch, class T>
void transpose_block(const T* from, std::ptrdiff_t from_row, T* to, std::ptrdiff_t to_row) noexcept {
    typedef T four __attribute__((vector_size(4 * sizeof(T))));
    four a, b, c, d;
    std::memcpy(&a, from, sizeof a);
    std::memcpy(&b, from + from_row, sizeof b);
    std::memcpy(&c, from + 2 * from_row, sizeof c);
    std::memcpy(&d, from + 3 * from_row, sizeof d);
    const four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    const four rows[4] = {
        __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5), __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
        __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5), __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
    for (int i = 0; i < 4; ++i) std::memcpy(to + i * to_row, &rows[i], sizeof rows[i]);
}

}  // namespace tessera::detail::simd
