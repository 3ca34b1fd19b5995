// vector_traits: the door to xsimd, and what a vector type can do beyond its operators.
//
//   vector<T, Arch>       a register of T
//   vector_traits<V>      its width, partial loads and stores, a true fused multiply-add, which lanes are below 0 as bits
//
// What xsimd lacks or does differently from release to release is done here, once for each instruction set.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

namespace tessera::detail::simd {

using default_arch = xsimd::default_arch;

template <class T, class Arch> using vector = xsimd::batch<T, Arch>;

// Any instruction set: partial accesses lane by lane. Whole is the load that a kernel may use instead of a partial
// one where the memory after the last lane is readable.
template <class V> struct vector_traits {
    using value_type = typename V::value_type;
    using prefix_type = int;
    static constexpr int width = int(V::size);
    static constexpr bool masked = false;

    static prefix_type first(int n) noexcept { return n; }
    static V load(const value_type* p) noexcept { return V::load_unaligned(p); }
    static void store(value_type* p, const V& v) noexcept { v.store_unaligned(p); }
    // (calls: in line they would be most of what a kernel's code is)
    [[gnu::noinline]] static V load(const value_type* p, prefix_type n) noexcept {
        alignas(V) value_type lanes[width] = {};
        for (int i = 0; i < n; ++i) lanes[i] = p[i];
        return V::load_aligned(lanes);
    }
    [[gnu::noinline]] static void store(value_type* p, const V& v, prefix_type n) noexcept {
        alignas(V) value_type lanes[width];
        v.store_aligned(lanes);
        for (int i = 0; i < n; ++i) p[i] = lanes[i];
    }
    static V multiply_add(const V& x, const V& y, const V& z) noexcept { return xsimd::fma(x, y, z); }
    static std::uint32_t below_zero(const V& v) noexcept {
        alignas(V) value_type lanes[width];
        v.store_aligned(lanes);
        std::uint32_t bits = 0;
        for (int i = 0; i < width; ++i) bits |= std::uint32_t{lanes[i] < 0} << i;
        return bits;
    }
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
    static std::uint32_t below_zero(const V& v) noexcept {
        return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_LT_OQ)));
    }
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
    static std::uint32_t below_zero(const V& v) noexcept {
        return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_cmp_pd(v, _mm256_setzero_pd(), _CMP_LT_OQ)));
    }
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
    static std::uint32_t below_zero(const V& v) noexcept {
        return _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_LT_OQ);
    }
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
    static std::uint32_t below_zero(const V& v) noexcept {
        return _mm512_cmp_pd_mask(v, _mm512_setzero_pd(), _CMP_LT_OQ);
    }
};
#endif

}  // namespace tessera::detail::simd
