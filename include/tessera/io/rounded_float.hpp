// rounded_float: a double as a float, to nearest, ties to even.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace tessera::detail {

// A double beyond the range of float would be undefined behaviour to cast; here it is infinite.
template <class Real> float rounded_float(Real x) {
    if constexpr (std::is_same_v<Real, float>) return x;
    if (std::isnan(x)) return static_cast<float>(x);
    constexpr double first_infinite = 3.4028235677973366e38;  // largest float plus half its last unit; a tie, to even
    if (std::abs(x) >= first_infinite)
        return std::copysign(std::numeric_limits<float>::infinity(), x < 0 ? -1.0f : 1.0f);
    constexpr double largest = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(static_cast<double>(x), -largest, largest));
}

}  // namespace tessera::detail
