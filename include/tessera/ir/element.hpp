// element: what a value is made of.
//
//   real                        the floating-point type that the program is built for: all that is computed with
//   int32                       whole numbers: indices, counts, the sums of products of narrow ones
//   int16, int8, uint8          narrow whole numbers, as they come from sensors and pictures, or quantised
//   float16, bfloat16           real numbers kept in 16 bits
//   bit                         0 or 1, 32 in a word along the last axis; each row begins with a word of its own
//   float32, float64            floating-point numbers of a fixed width, computed with in that width whatever the
//                               program's own type is; where it is that type, they are real
//
// Narrow ones are stored; to_real, cast, quantise and dequantise lead to them and from them. cast<float64>(x) and
// cast<real>(x) lead from one width to the other.
#pragma once
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

namespace tessera {

enum class element : std::uint8_t { real, int32, int16, int8, uint8, float16, bfloat16, bit, float32, float64 };

namespace detail {

template <element Kind, class Stored> struct element_tag {
    static constexpr element kind = Kind;
    using stored = Stored;  // what an array of it holds; void for the program's own type
};

}  // namespace detail

// Tags for the inputs of a network: in<"tokens", shape<64>, int32>.
struct real : detail::element_tag<element::real, void> {};
struct int32 : detail::element_tag<element::int32, std::int32_t> {};
struct int16 : detail::element_tag<element::int16, std::int16_t> {};
struct int8 : detail::element_tag<element::int8, std::int8_t> {};
struct uint8 : detail::element_tag<element::uint8, std::uint8_t> {};
struct float16 : detail::element_tag<element::float16, std::uint16_t> {};  // the bits
struct bfloat16 : detail::element_tag<element::bfloat16, std::uint16_t> {};

struct float32 : detail::element_tag<element::float32, float> {};
struct float64 : detail::element_tag<element::float64, double> {};

// what an input may be made of
template <class Tag> inline constexpr bool is_element = false;
template <> inline constexpr bool is_element<real> = true;
template <> inline constexpr bool is_element<int32> = true;
template <> inline constexpr bool is_element<int16> = true;
template <> inline constexpr bool is_element<int8> = true;
template <> inline constexpr bool is_element<uint8> = true;
template <> inline constexpr bool is_element<float32> = true;
template <> inline constexpr bool is_element<float64> = true;

namespace detail {

template <class Tag> inline constexpr element kind_of = element::real;
template <class Tag>
    requires is_element<Tag>
inline constexpr element kind_of<Tag> = Tag::kind;

constexpr std::string_view name_of(element e) {
    constexpr std::string_view names[] = {"real",    "int32",    "int16", "int8",    "uint8",
                                          "float16", "bfloat16", "bit",   "float32", "float64"};
    return names[static_cast<int>(e)];
}

// floating-point numbers that are of one width whatever the program's type
constexpr bool has_width(element e) { return e > element::bit; }
// what is computed with in floating point
constexpr bool is_floating(element e) { return e == element::real || e > element::bit; }

// f(tag) of an element that is not computed with in floating point; of bits that of their words
template <class F> constexpr auto with_tag(element e, F f) {
    switch (e) {
        case element::int16: return f(int16{});
        case element::int8: return f(int8{});
        case element::uint8: return f(uint8{});
        case element::float16: return f(float16{});
        case element::bfloat16: return f(bfloat16{});
        default: return f(int32{});
    }
}

// bytes of one that is not computed with in floating point, or of a word of bits
constexpr int stored_bytes(element e) {
    return with_tag(e, [](auto tag) { return static_cast<int>(sizeof(typename decltype(tag)::stored)); });
}
// bytes of one, or of a word of bits, in a program whose real type has so many
constexpr int bytes_of(element e, int real_bytes) {
    if (e == element::real) return real_bytes;
    if (e == element::float64) return 8;  // float32 is as large as int32
    return stored_bytes(e);
}
constexpr bool is_whole(element e) { return e >= element::int32 && e <= element::uint8; }

// between which numbers whole ones lie
struct whole_range {
    std::int64_t low, high;

    static constexpr whole_range of(element e) {
        return with_tag(e, [](auto tag) {
            using limits = std::numeric_limits<typename decltype(tag)::stored>;
            return whole_range{limits::min(), limits::max()};
        });
    }
};

// the tag of an element; of bits that of their words
template <element E> constexpr auto tag_of() {
    if constexpr (E == element::real)
        return real{};
    else if constexpr (E == element::float32)
        return float32{};
    else if constexpr (E == element::float64)
        return float64{};
    else if constexpr (E == element::int16)
        return int16{};
    else if constexpr (E == element::int8)
        return int8{};
    else if constexpr (E == element::uint8)
        return uint8{};
    else if constexpr (E == element::float16)
        return float16{};
    else if constexpr (E == element::bfloat16)
        return bfloat16{};
    else
        return int32{};
}
// what the numbers of an element are stored as in a program of Real
template <element E, class Real> struct stored_in_program {
    using of_tag = typename decltype(tag_of<E>())::stored;
    using type = std::conditional_t<std::is_void_v<of_tag>, Real, of_tag>;
};

// the element that is a program's type
template <class T> inline constexpr element element_of_type = sizeof(T) == 4 ? element::float32 : element::float64;
// the other floating-point type than a program's own
template <class T> struct other_width {
    using type = double;
};
template <> struct other_width<double> {
    using type = float;
};
template <class T> using other_real = typename other_width<T>::type;

}  // namespace detail

}  // namespace tessera
