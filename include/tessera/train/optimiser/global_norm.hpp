// global_norm: the Euclidean length of a gradient, summed in double.
//
// Cost        2 flop an element. Threads: who shares out slices of a long one; the result is the same for any number.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <tessera/train/in_slices.hpp>

namespace tessera {

namespace detail {

template <class T> double sum_of_squares(const T* x, std::size_t count) noexcept {
    // partial sums that do not wait for each other; their order is fixed, so the result is the same everywhere
    constexpr std::size_t lanes = 8;
    double partial[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k) {
            const auto g = static_cast<double>(x[i + k]);
            partial[k] += g * g;
        }
    for (std::size_t k = 0; i < count; ++i, ++k) {
        const auto g = static_cast<double>(x[i]);
        partial[k] += g * g;
    }
    double total = 0;
    for (double p : partial) total += p;
    return total;
}

}  // namespace detail

template <class Threads = detail::one_thread, class T> double global_norm(std::span<const T> gradient) noexcept {
    double partial[detail::slices::most] = {};
    detail::in_slices<Threads>(gradient.size(), [&](int slice, std::size_t first, std::size_t length) noexcept {
        partial[slice] = detail::sum_of_squares(gradient.data() + first, length);
    });
    double total = 0;
    for (double p : partial) total += p;
    return std::sqrt(total);
}

}  // namespace tessera
