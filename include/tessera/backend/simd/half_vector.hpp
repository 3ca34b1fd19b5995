// half_vector<T, Arch>: a register of half the width, where the instruction set has one: narrow tails of columns.
//
// Only what a register tile needs. It is not xsimd's 256-bit batch: this one is compiled for Arch and says so.
#pragma once
#include <tessera/backend/simd/vector_traits.hpp>

namespace tessera::detail::simd {

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

// the lanes of a half, and zeros
template <class V, class Arch> V widened(const half_vector<float, Arch>& x) noexcept {
    return _mm512_insertf32x8(_mm512_setzero_ps(), x.value, 0);
}
template <class V, class Arch> V widened(const half_vector<double, Arch>& x) noexcept {
    return _mm512_insertf64x4(_mm512_setzero_pd(), x.value, 0);
}

template <class T, class Arch>
    requires std::derived_from<Arch, xsimd::avx512f>
inline constexpr bool has_half<T, Arch> = true;
#endif

}  // namespace tessera::detail::simd
