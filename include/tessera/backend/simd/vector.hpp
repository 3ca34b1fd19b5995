// vector: the door to xsimd. Every other file of this backend speaks of vectors through the names below.
//
//   vector<T, Arch>         a register of T; lanes<V> is how many
//   half_vector<T, Arch>    a register of half that width, where the instruction set has one: narrow tails of columns
//   prefix<V>               the first n lanes, 0 <= n <= lanes<V>, for partial loads and stores
//
// What xsimd lacks or does differently from release to release is done here: a true fused multiply-add, partial loads
// and stores, horizontal reductions of a fixed order, a maximum that keeps NaN. Every name carries the instruction set
// in its template arguments, so translation units built for different ones can be linked together.
#pragma once
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the deliberately undefined operand inside its own AVX-512 intrinsics for a mistake (bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace tessera::simd {

using default_arch = xsimd::default_arch;

template <class T, class Arch> using vector = xsimd::batch<T, Arch>;

// ---- what a vector type can do beyond its operators ------------------------------------------------------------

// Any instruction set: partial accesses lane by lane. Whole is the load that a kernel may use instead of a partial
// one where the memory behind the last lane is readable.
template <class V> struct vector_traits {
    using value_type = typename V::value_type;
    using prefix_type = int;
    static constexpr int width = int(V::size);
    static constexpr bool masked = false;

    static prefix_type first(int n) noexcept { return n; }
    static V load(const value_type* p) noexcept { return V::load_unaligned(p); }
    static void store(value_type* p, const V& v) noexcept { v.store_unaligned(p); }
    static V load(const value_type* p, prefix_type n) noexcept {
        alignas(V) value_type lanes[width] = {};
        for (int i = 0; i < n; ++i) lanes[i] = p[i];
        return V::load_aligned(lanes);
    }
    static void store(value_type* p, const V& v, prefix_type n) noexcept {
        alignas(V) value_type lanes[width];
        v.store_aligned(lanes);
        for (int i = 0; i < n; ++i) p[i] = lanes[i];
    }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return xsimd::fma(x, y, z); }
};

#ifdef __AVX__
// n ones followed by zeros: the mask of the first n lanes starts at 8 - n.
inline constexpr std::int32_t prefix_bits[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

template <class T, class Arch> struct avx_prefix {
    __m256i bits;
    explicit avx_prefix(int n) noexcept
        : bits(_mm256_loadu_si256(
              reinterpret_cast<const __m256i*>(prefix_bits + 8 - n * int(sizeof(T) / sizeof(std::int32_t))))) {}
};

template <class Arch>
    requires std::derived_from<Arch, xsimd::avx>
struct vector_traits<vector<float, Arch>> {
    using V = vector<float, Arch>;
    using value_type = float;
    using prefix_type = avx_prefix<float, Arch>;
    static constexpr int width = 8;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return prefix_type(n); }
    static V load(const float* p) noexcept { return _mm256_loadu_ps(p); }
    static void store(float* p, const V& v) noexcept { _mm256_storeu_ps(p, v); }
    static V load(const float* p, const prefix_type& n) noexcept { return _mm256_maskload_ps(p, n.bits); }
    static void store(float* p, const V& v, const prefix_type& n) noexcept { _mm256_maskstore_ps(p, n.bits, v); }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return xsimd::fma(x, y, z); }
};

template <class Arch>
    requires std::derived_from<Arch, xsimd::avx>
struct vector_traits<vector<double, Arch>> {
    using V = vector<double, Arch>;
    using value_type = double;
    using prefix_type = avx_prefix<double, Arch>;
    static constexpr int width = 4;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return prefix_type(n); }
    static V load(const double* p) noexcept { return _mm256_loadu_pd(p); }
    static void store(double* p, const V& v) noexcept { _mm256_storeu_pd(p, v); }
    static V load(const double* p, const prefix_type& n) noexcept { return _mm256_maskload_pd(p, n.bits); }
    static void store(double* p, const V& v, const prefix_type& n) noexcept { _mm256_maskstore_pd(p, n.bits, v); }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return xsimd::fma(x, y, z); }
};
#endif

#ifdef __AVX512F__
template <class Arch>
    requires std::derived_from<Arch, xsimd::avx512f>
struct vector_traits<vector<float, Arch>> {
    using V = vector<float, Arch>;
    using value_type = float;
    using prefix_type = __mmask16;
    static constexpr int width = 16;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return static_cast<__mmask16>((1u << n) - 1u); }
    static V load(const float* p) noexcept { return _mm512_loadu_ps(p); }
    static void store(float* p, const V& v) noexcept { _mm512_storeu_ps(p, v); }
    static V load(const float* p, prefix_type n) noexcept { return _mm512_maskz_loadu_ps(n, p); }
    static void store(float* p, const V& v, prefix_type n) noexcept { _mm512_mask_storeu_ps(p, n, v); }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return _mm512_fmadd_ps(x, y, z); }
};

template <class Arch>
    requires std::derived_from<Arch, xsimd::avx512f>
struct vector_traits<vector<double, Arch>> {
    using V = vector<double, Arch>;
    using value_type = double;
    using prefix_type = __mmask8;
    static constexpr int width = 8;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return static_cast<__mmask8>((1u << n) - 1u); }
    static V load(const double* p) noexcept { return _mm512_loadu_pd(p); }
    static void store(double* p, const V& v) noexcept { _mm512_storeu_pd(p, v); }
    static V load(const double* p, prefix_type n) noexcept { return _mm512_maskz_loadu_pd(n, p); }
    static void store(double* p, const V& v, prefix_type n) noexcept { _mm512_mask_storeu_pd(p, n, v); }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return _mm512_fmadd_pd(x, y, z); }
};
#endif

// ---- half-width vectors -----------------------------------------------------------------------------------------

// Only what a register tile needs. It is not xsimd's 256-bit batch: this one is compiled for Arch and says so.
template <class T, class Arch> struct half_vector;

template <class T, class Arch> inline constexpr bool has_half = false;

#ifdef __AVX512VL__
template <class Arch> struct half_vector<float, Arch> {
    using value_type = float;
    __m256 value;
    half_vector() = default;
    half_vector(__m256 x) noexcept : value(x) {}
    half_vector(float x) noexcept : value(_mm256_set1_ps(x)) {}
    friend half_vector operator+(half_vector x, half_vector y) noexcept { return _mm256_add_ps(x.value, y.value); }
};

template <class Arch> struct vector_traits<half_vector<float, Arch>> {
    using V = half_vector<float, Arch>;
    using value_type = float;
    using prefix_type = __mmask8;
    static constexpr int width = 8;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return static_cast<__mmask8>((1u << n) - 1u); }
    static V load(const float* p) noexcept { return _mm256_loadu_ps(p); }
    static void store(float* p, V v) noexcept { _mm256_storeu_ps(p, v.value); }
    static V load(const float* p, prefix_type n) noexcept { return _mm256_maskz_loadu_ps(n, p); }
    static void store(float* p, V v, prefix_type n) noexcept { _mm256_mask_storeu_ps(p, n, v.value); }
    static V multiply_add(V x, V y, V z) noexcept { return _mm256_fmadd_ps(x.value, y.value, z.value); }
};

template <class Arch> struct half_vector<double, Arch> {
    using value_type = double;
    __m256d value;
    half_vector() = default;
    half_vector(__m256d x) noexcept : value(x) {}
    half_vector(double x) noexcept : value(_mm256_set1_pd(x)) {}
    friend half_vector operator+(half_vector x, half_vector y) noexcept { return _mm256_add_pd(x.value, y.value); }
};

template <class Arch> struct vector_traits<half_vector<double, Arch>> {
    using V = half_vector<double, Arch>;
    using value_type = double;
    using prefix_type = __mmask8;
    static constexpr int width = 4;
    static constexpr bool masked = true;

    static prefix_type first(int n) noexcept { return static_cast<__mmask8>((1u << n) - 1u); }
    static V load(const double* p) noexcept { return _mm256_loadu_pd(p); }
    static void store(double* p, V v) noexcept { _mm256_storeu_pd(p, v.value); }
    static V load(const double* p, prefix_type n) noexcept { return _mm256_maskz_loadu_pd(n, p); }
    static void store(double* p, V v, prefix_type n) noexcept { _mm256_mask_storeu_pd(p, n, v.value); }
    static V multiply_add(V x, V y, V z) noexcept { return _mm256_fmadd_pd(x.value, y.value, z.value); }
};

template <class T, class Arch>
    requires std::derived_from<Arch, xsimd::avx512f>
inline constexpr bool has_half<T, Arch> = true;
#endif

// ---- the vocabulary of the kernels ------------------------------------------------------------------------------

template <class V> inline constexpr int lanes = vector_traits<V>::width;

template <class V> using prefix = typename vector_traits<V>::prefix_type;

template <class V> using element = typename vector_traits<V>::value_type;

template <class Arch> inline constexpr bool has_many_registers = false;
#ifdef __AVX512F__
template <std::derived_from<xsimd::avx512f> Arch> inline constexpr bool has_many_registers<Arch> = true;
#endif
#ifdef __aarch64__
template <std::derived_from<xsimd::neon64> Arch> inline constexpr bool has_many_registers<Arch> = true;
#endif

template <class V> prefix<V> first(int n) noexcept { return vector_traits<V>::first(n); }

template <class V> V load(const element<V>* p) noexcept { return vector_traits<V>::load(p); }

template <class V> V load(const element<V>* p, const prefix<V>& n) noexcept { return vector_traits<V>::load(p, n); }

// A partial load that may read whole vectors where the instruction set has no masks: the caller makes that legal.
template <class V> V load_padded(const element<V>* p, const prefix<V>& n) noexcept {
    if constexpr (vector_traits<V>::masked)
        return vector_traits<V>::load(p, n);
    else
        return vector_traits<V>::load(p);
}

template <class V> void store_to(element<V>* p, const V& v) noexcept { vector_traits<V>::store(p, v); }

template <class V> void store_to(element<V>* p, const V& v, const prefix<V>& n) noexcept {
    vector_traits<V>::store(p, v, n);
}

// Partial accesses whose `whole` says that n is every lane: masked loads cost nothing, masked stores do.
template <class V> V load_within(const element<V>* p, const prefix<V>& n, bool whole) noexcept {
    if constexpr (vector_traits<V>::masked)
        return vector_traits<V>::load(p, n);
    else
        return whole ? vector_traits<V>::load(p) : vector_traits<V>::load(p, n);
}

template <class V> void store_within(element<V>* p, const V& v, const prefix<V>& n, bool whole) noexcept {
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

}  // namespace tessera::simd
