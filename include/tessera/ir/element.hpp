// element: what a value is made of. `real` is the floating-point type that the program is built for.
#pragma once
#include <cstdint>

namespace tessera {

enum class element : std::uint8_t { real, int32 };

namespace detail {

// bytes of one, in a program whose real type has so many
constexpr int bytes_of(element e, int real_bytes) { return e == element::real ? real_bytes : 4; }

}  // namespace detail

// Tags for the inputs of a network: in<"tokens", shape<64>, int32>.
struct real {
    static constexpr element kind = element::real;
};
struct int32 {
    static constexpr element kind = element::int32;
};

template <class Tag> inline constexpr bool is_element = false;
template <> inline constexpr bool is_element<real> = true;
template <> inline constexpr bool is_element<int32> = true;

}  // namespace tessera
