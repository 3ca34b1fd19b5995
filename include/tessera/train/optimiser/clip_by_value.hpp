// clip_by_value: every element of a gradient is brought into [-limit, limit].
//
// Cost        2 comparisons an element.
// Errors      none; a NaN stays.
#pragma once
#include <span>

namespace tessera {

template <class T> void clip_by_value(std::span<T> gradient, double limit) noexcept {
    const auto most = static_cast<T>(limit);
    for (T& g : gradient) g = g > most ? most : g < -most ? -most : g;
}

}  // namespace tessera
