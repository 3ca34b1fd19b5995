// stored_vector: vectors of real numbers that memory holds as another element.
//
//   load_stored<V>(tag, p)           lanes<V> numbers, or the first n, as real ones
//   to_store(tag, x, own)            what a register keeps of real numbers that are stored: those that will be read, but
//                                    of int32, which real ones may not hold, x
//   as_read(tag, kept, own)          those that will be read
//   store_as(tag, p, kept, own)      all of them, or the first n
//
// By the compilers' own vectors, whose conversions every instruction set has; widths change by a factor of two at a time,
// which g++ makes short work of. Results are those of real_of_stored and stored_as, bit for bit; a NaN remains one.
#pragma once
#include <cstring>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/operations/convert.hpp>

namespace tessera::detail::simd {

template <class T, int N> struct raw_lanes {
    typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T, int N> using raw = typename raw_lanes<T, N>::type;

template <class To, class From> [[gnu::always_inline]] inline To same_bits(const From& x) noexcept {
    static_assert(sizeof(To) == sizeof(From));
    To y;
    std::memcpy(static_cast<void*>(&y), static_cast<const void*>(&x), sizeof y);
    return y;
}

// lanes of int32 as those of a narrower or an equal element, and back
template <class Stored, int N>
[[gnu::always_inline]] inline raw<Stored, N> narrowed(const raw<std::int32_t, N>& x) noexcept {
    if constexpr (sizeof(Stored) == 4)
        return same_bits<raw<Stored, N>>(x);
    else if constexpr (sizeof(Stored) == 2)
        return __builtin_convertvector(x, raw<Stored, N>);
    else
        return __builtin_convertvector(__builtin_convertvector(x, raw<std::int16_t, N>), raw<Stored, N>);
}
template <class Stored, int N>
[[gnu::always_inline]] inline raw<std::int32_t, N> widened_to_int(const raw<Stored, N>& x) noexcept {
    if constexpr (sizeof(Stored) == 1)
        return __builtin_convertvector(__builtin_convertvector(x, raw<std::int16_t, N>), raw<std::int32_t, N>);
    else
        return __builtin_convertvector(x, raw<std::int32_t, N>);
}

// --- numbers of 16 bits; of doubles lane by lane, for they are rounded once

template <class Element, class V> using stored_lanes = raw<typename Element::stored, lanes<V>>;

template <class V> inline constexpr bool is_of_floats = std::is_same_v<scalar_of<V>, float>;

#if defined(__F16C__) || defined(__AVX512F__)
template <class V> inline constexpr bool has_half_floats = is_of_floats<V> && lanes<V> >= 8;
#else
template <class V> inline constexpr bool has_half_floats = false;
#endif

template <class V> [[gnu::always_inline]] inline V decoded(float16, const stored_lanes<float16, V>& x) noexcept {
    if constexpr (has_half_floats<V>) {
#ifdef __AVX512F__
        if constexpr (lanes<V> == 16) return same_bits<V>(_mm512_cvtph_ps(same_bits<__m256i>(x)));
#endif
#ifdef __F16C__
        if constexpr (lanes<V> == 8) return same_bits<V>(_mm256_cvtph_ps(same_bits<__m128i>(x)));
#endif
    } else {
        raw<scalar_of<V>, lanes<V>> y;
        for (int i = 0; i < lanes<V>; ++i) y[i] = static_cast<scalar_of<V>>(float16_format::decode(x[i]));
        return same_bits<V>(y);
    }
}
template <class V> [[gnu::always_inline]] inline stored_lanes<float16, V> encoded(float16, const V& x) noexcept {
    using result = stored_lanes<float16, V>;
    if constexpr (has_half_floats<V>) {
        [[maybe_unused]] constexpr int to_even = 0;  // whatever the rounding mode is
#ifdef __AVX512F__
        if constexpr (lanes<V> == 16) return same_bits<result>(_mm512_cvtps_ph(same_bits<__m512>(x), to_even));
#endif
#ifdef __F16C__
        if constexpr (lanes<V> == 8) return same_bits<result>(_mm256_cvtps_ph(same_bits<__m256>(x), to_even));
#endif
    } else {
        const auto from = same_bits<raw<scalar_of<V>, lanes<V>>>(x);
        result y;
        for (int i = 0; i < lanes<V>; ++i) y[i] = float16_format::encode(from[i]);
        return y;
    }
}
template <class V> [[gnu::always_inline]] inline V decoded(bfloat16, const stored_lanes<bfloat16, V>& x) noexcept {
    constexpr int width = lanes<V>;
    const raw<std::uint32_t, width> bits = __builtin_convertvector(x, raw<std::uint32_t, width>) << 16;
    if constexpr (is_of_floats<V>)
        return same_bits<V>(bits);
    else
        return same_bits<V>(__builtin_convertvector(same_bits<raw<float, width>>(bits), raw<scalar_of<V>, width>));
}
template <class V> [[gnu::always_inline]] inline stored_lanes<bfloat16, V> encoded(bfloat16, const V& x) noexcept {
    constexpr int width = lanes<V>;
    if constexpr (is_of_floats<V>) {
        using words = raw<std::uint32_t, width>;
        const auto bits = same_bits<words>(x);
        const words rounded = bits + 0x7fffu + (bits >> 16 & 1u), quiet = bits | 0x00400000u;
        const auto nan = same_bits<words>((bits & 0x7fffffffu) > 0x7f800000u);
        return __builtin_convertvector(((rounded & ~nan) | (quiet & nan)) >> 16, raw<std::uint16_t, width>);
    } else {
        const auto from = same_bits<raw<scalar_of<V>, width>>(x);
        stored_lanes<bfloat16, V> y;
        for (int i = 0; i < width; ++i) y[i] = bfloat16_format::encode(from[i]);
        return y;
    }
}

// --- real numbers of what is stored

template <class V, class Element>
[[gnu::always_inline]] inline V real_lanes(Element tag, const stored_lanes<Element, V>& x) noexcept {
    if constexpr (is_whole(Element::kind))
        return same_bits<V>(__builtin_convertvector(widened_to_int<typename Element::stored, lanes<V>>(x),
                                                    raw<scalar_of<V>, lanes<V>>));
    else
        return decoded<V>(tag, x);
}
template <class V, class Element> [[gnu::always_inline]] inline V load_stored(Element tag, const void* p) noexcept {
    stored_lanes<Element, V> x;
    std::memcpy(&x, p, sizeof x);
    return real_lanes<V>(tag, x);
}
template <class V, class Element>
[[gnu::always_inline]] inline V load_stored(Element tag, const void* p, int n) noexcept {
    stored_lanes<Element, V> x{};
    std::memcpy(&x, p, static_cast<std::size_t>(n) * sizeof(typename Element::stored));
    return real_lanes<V>(tag, x);
}

// --- and back

// A whole number within what the element holds, as a real one.
template <class Element, class V>
[[gnu::always_inline]] inline V quantised(const V& x, const convert_attributes& own) noexcept {
    using T = scalar_of<V>;
    constexpr whole_range range = whole_range::of(Element::kind);
    const V scale(static_cast<T>(own.scale)), zero(static_cast<T>(own.zero));
    const V low(static_cast<T>(range.low)), high(static_cast<T>(range.high)), at = round(x / scale) + zero;
    return select(is_nan(at), zero, select(at < low, low, select(at > high, high, at)));
}

template <class V, class Element>
[[gnu::always_inline]] inline V to_store(Element tag, const V& x, const convert_attributes& own) noexcept {
    if constexpr (Element::kind == element::int32)
        return x;
    else if constexpr (is_whole(Element::kind))
        return quantised<Element>(x, own);
    else
        return decoded<V>(tag, encoded(tag, x));
}

template <class V, class Element>
[[gnu::always_inline]] inline stored_lanes<Element, V> stored(Element tag, const V& kept,
                                                              const convert_attributes& own) noexcept {
    constexpr int width = lanes<V>;
    const auto from = same_bits<raw<scalar_of<V>, width>>(kept);
    if constexpr (Element::kind == element::int32) {
        stored_lanes<Element, V> y;
        for (int i = 0; i < width; ++i) y[i] = stored_as<Element>(own, static_cast<scalar_of<V>>(from[i]));
        return y;
    } else if constexpr (is_whole(Element::kind)) {
        return narrowed<typename Element::stored, width>(__builtin_convertvector(from, raw<std::int32_t, width>));
    } else {
        return encoded(tag, kept);
    }
}
template <class V, class Element>
[[gnu::always_inline]] inline V as_read(Element tag, const V& kept, const convert_attributes& own) noexcept {
    if constexpr (Element::kind == element::int32)
        return real_lanes<V>(tag, stored(tag, kept, own));
    else
        return kept;
}
template <class V, class Element>
[[gnu::always_inline]] inline void store_as(Element tag, void* p, const V& kept, const convert_attributes& own,
                                            int n = lanes<V>) noexcept {
    const auto y = stored(tag, kept, own);
    std::memcpy(p, &y, static_cast<std::size_t>(n) * sizeof(typename Element::stored));
}

}  // namespace tessera::detail::simd
