// error: what everything outside the core throws. It names the place, what was wanted and what was found.
//
//     throw error(place, sentence("labels below ", classes, ", the classes of the network"), sentence(label));
//
// sentence(part...)   the parts, texts and whole numbers, one after the other. (A chain of std::string's + costs a
//                     compiler several times as much, whether or not a program ever comes there.)
#pragma once
#include <stdexcept>
#include <string>
#include <type_traits>

namespace tessera {

struct error : std::runtime_error {
    using std::runtime_error::runtime_error;

    [[gnu::cold]] error(const std::string& place, const std::string& wanted, const std::string& found)
        : std::runtime_error(std::string(place).append(": expected ").append(wanted).append(", found ").append(found)) {
    }
};

namespace detail {

template <class Part> [[gnu::cold]] void add_to(std::string& all, const Part& part) {
    if constexpr (std::is_integral_v<Part>)
        all += std::to_string(part);
    else
        all += part;
}

template <class... Part> [[gnu::cold]] std::string sentence(Part... part) {
    std::string all;
    (add_to(all, part), ...);
    return all;
}

}  // namespace detail

}  // namespace tessera
