// position waves: what codes of positions are made of: sines at even features and cosines at odd ones, whose rates fall from
// pair to pair.
//
//   rate_of(d, D, base) = base^(-2 floor(d / 2) / D)           wave_of(d, angle) = sin angle, or cos angle
#pragma once
#include <tessera/ir/mathematics.hpp>

namespace tessera::detail::positions {

constexpr double rate_of(int feature, int features, double base) {
    return mathematics::pow(base, -static_cast<double>(feature - feature % 2) / features);
}
constexpr double wave_of(int feature, double angle) {
    return feature % 2 == 0 ? mathematics::sin(angle) : mathematics::cos(angle);
}

}  // namespace tessera::detail::positions
