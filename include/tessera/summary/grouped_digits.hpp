// grouped_digits: a whole number as people read it, 1,234,567.
#pragma once
#include <string>

namespace tessera::detail {

inline std::string grouped_digits(long long number) {
    std::string digits = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
    return digits;
}

}  // namespace tessera::detail
