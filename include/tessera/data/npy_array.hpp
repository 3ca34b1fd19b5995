// npy_array: an array of one element type, row-major, as .npy files hold it.
//
//   type, extents, bytes          bytes are in the machine's byte order, size() elements
//   npy_array::of(values, extents)
//   as<Element>()                 the elements of exactly this type
//   converted<Element>()          the elements as another type; throws where a value does not fit: an integer type, or
//                                 a number too large for a smaller float. Infinities and NaN go from float to float.
//
// Errors  a type other than the array's, a value that does not fit: tessera::error.
#pragma once
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <tessera/data/npy_type.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/rounded_float.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct npy_array {
    npy_type type = npy_type::f32;
    std::vector<std::size_t> extents;
    std::vector<std::byte> bytes;

    std::size_t size() const { return bytes.size() / detail::facts_of(type).bytes; }

    template <detail::npy_element Element>
    static npy_array of(std::span<const Element> values, std::vector<std::size_t> extents) {
        std::size_t count = 1;
        for (const std::size_t extent : extents) count *= extent;
        if (count != values.size())
            throw error("npy_array::of", std::to_string(count) + " values", std::to_string(values.size()));
        npy_array array{detail::npy_type_of<Element>(), std::move(extents), {}};
        array.bytes.resize(values.size_bytes());
        if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), values.size_bytes());
        return array;
    }

    template <detail::npy_element Element> Element at(std::size_t i) const {
        if constexpr (std::is_same_v<Element, bool>) return bytes[i] != std::byte{0};
        Element element{};
        std::memcpy(&element, bytes.data() + i * sizeof(Element), sizeof(Element));
        return element;
    }

    template <detail::npy_element Element> std::vector<Element> as() const {
        if (type != detail::npy_type_of<Element>())
            throw error("npy_array::as",
                        "elements of " + std::string(detail::facts_of(detail::npy_type_of<Element>()).descr),
                        std::string(detail::facts_of(type).descr));
        std::vector<Element> values(size());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = at<Element>(i);
        return values;
    }

    template <detail::npy_element Element> std::vector<Element> converted() const {
        return with_element(type, [this]<class Stored>(Stored) {
            std::vector<Element> values(size());
            for (std::size_t i = 0; i < values.size(); ++i) values[i] = convert<Element>(at<Stored>(i), i);
            return values;
        });
    }

  private:
    template <class Element, class Stored> static Element convert(Stored stored, std::size_t i) {
        if constexpr (std::is_same_v<Element, Stored>) {
            return stored;
        } else if constexpr (std::is_same_v<Stored, bool>) {
            return static_cast<Element>(stored ? 1.0F : 0.0F);
        } else if constexpr (std::is_same_v<Stored, detail::npy_half>) {
            return convert<Element>(static_cast<float>(stored), i);
        } else if constexpr (std::is_same_v<Element, bool>) {
            return stored != Stored{};
        } else if constexpr (is_float<Element>) {
            const Element converted = rounded<Element>(stored);
            if constexpr (!std::is_same_v<Element, double>)
                if (std::isinf(static_cast<float>(converted)) && std::isfinite(static_cast<double>(stored)))
                    does_not_fit<Element>(stored, i);
            return converted;
        } else {
            if (!fits<Element>(stored)) does_not_fit<Element>(stored, i);
            return static_cast<Element>(stored);
        }
    }

    template <class Element>
    static constexpr bool is_float = std::is_floating_point_v<Element> || std::is_same_v<Element, detail::npy_half>;

    template <class Element, class Stored> static Element rounded(Stored stored) {
        if constexpr (std::is_same_v<Element, detail::npy_half>)
            return detail::npy_half(
                static_cast<std::conditional_t<std::is_same_v<Stored, float>, float, double>>(stored));
        else if constexpr (std::is_same_v<Element, float> && std::is_same_v<Stored, double>)
            return detail::rounded_float(stored);
        else
            return static_cast<Element>(stored);
    }

    template <class Element, class Stored> static bool fits(Stored stored) {
        if constexpr (std::is_integral_v<Stored>) {
            return std::in_range<Element>(stored);
        } else {
            // Both bounds are powers of two, so they are exact; NaN fails the comparison.
            const Stored above = std::ldexp(Stored{1}, std::numeric_limits<Element>::digits);
            const Stored below = std::is_signed_v<Element> ? -above : Stored{0};
            return stored >= below && stored < above && std::trunc(stored) == stored;
        }
    }

    template <class Element, class Stored> [[noreturn]] static void does_not_fit(Stored stored, std::size_t i) {
        char text[32];
        const auto end = std::to_chars(text, text + sizeof text, stored).ptr;
        throw error("npy_array::converted, element " + std::to_string(i),
                    is_float<Element>
                        ? "a value within " + std::string(detail::facts_of(detail::npy_type_of<Element>()).descr)
                        : std::string("a value that fits the integer type"),
                    std::string(text, end));
    }
};

}  // namespace tessera
