// moving_average: an exponential moving average of the weights, often better than the last ones.
//
//   a = decay a + (1 - decay) w;   a starts as a copy of w
//
// Cost        3 flop an element.
// Errors      none: sizes are the caller's.
// Source      Polyak, Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging".
#pragma once
#include <cstddef>
#include <span>

namespace tessera {

struct moving_average {
    double decay = 0.999;

    template <class T> void update(std::span<T> average, std::span<const T> parameter) const noexcept {
        const auto old = static_cast<T>(decay), fresh = static_cast<T>(1 - decay);
        T* __restrict a = average.data();
        const T* __restrict w = parameter.data();
        const std::size_t count = average.size();
        for (std::size_t i = 0; i < count; ++i) a[i] = old * a[i] + fresh * w[i];
    }
};

}  // namespace tessera
