// global_norm: the Euclidean length of a gradient, summed in double.
//
// Cost        2 flop an element.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>

namespace tessera {

template <class T> double global_norm(std::span<const T> gradient) noexcept {
    // partial sums that do not wait for each other; their order is fixed, so the result is the same everywhere
    constexpr std::size_t lanes = 8;
    double partial[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= gradient.size(); i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const auto g = static_cast<double>(gradient[i + k]);
            partial[k] += g * g;
        }
    for (std::size_t k = 0; i < gradient.size(); ++i, ++k) {
        const auto g = static_cast<double>(gradient[i]);
        partial[k] += g * g;
    }
    double total = 0;
    for (double p : partial) total += p;
    return std::sqrt(total);
}

}  // namespace tessera
