// clip_by_norm: a gradient longer than max_norm is shortened to that; its direction stays.
//
//   g = g min(1, max_norm / (|g| + 1e-6))
//
// Returns     |g| as it was.
// Cost        3 flop an element, 2 where nothing is clipped.
// Errors      none; a gradient that is not finite stays so.
// Source      Pascanu, Mikolov, Bengio 2013, "On the difficulty of training recurrent neural networks".
#pragma once
#include <cstddef>
#include <span>
#include <tessera/train/optimiser/global_norm.hpp>

namespace tessera {

template <class Threads = detail::one_thread, class T>
double clip_by_norm(std::span<T> gradient, double max_norm) noexcept {
    const double norm = global_norm<Threads>(std::span<const T>(gradient));
    const double scale = max_norm / (norm + 1e-6);
    if (!(scale >= 1)) {
        const auto s = static_cast<T>(scale);
        detail::in_slices<Threads>(gradient.size(), [&](int, std::size_t first, std::size_t length) noexcept {
            for (T& g : gradient.subspan(first, length)) g *= s;
        });
    }
    return norm;
}

}  // namespace tessera
