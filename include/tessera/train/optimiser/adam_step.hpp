// adam_step: what adam and adamw share: both moments of the gradient, corrected for their start at 0.
//
//   g' = g + added w
//   m  = beta1 m + (1 - beta1) g',   v = beta2 v + (1 - beta2) g'^2
//   w  = kept w - rate m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon)
//
// Cost        14 flop, a root and a division an element.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tessera/train/optimiser/square_root.hpp>

namespace tessera {

struct adam_step {
    double beta1, beta2, epsilon;
    double added;  // of the parameter, to its gradient
    double kept;   // of the parameter

    template <class T>
    void run(std::span<T> parameter, std::span<const T> gradient, std::array<T*, 2> state, long step,
             double rate) const noexcept {
        const double age = static_cast<double>(step);
        const double first = 1 - std::pow(beta1, age), second = 1 - std::pow(beta2, age);
        const auto b1 = static_cast<T>(beta1), c1 = static_cast<T>(1 - beta1);
        const auto b2 = static_cast<T>(beta2), c2 = static_cast<T>(1 - beta2);
        const auto a = static_cast<T>(added), k = static_cast<T>(kept), e = static_cast<T>(epsilon);
        const auto length = static_cast<T>(rate / first), correction = static_cast<T>(1 / std::sqrt(second));
        T* __restrict w = parameter.data();
        const T* __restrict g = gradient.data();
        T* __restrict m = state[0];
        T* __restrict v = state[1];
        const std::size_t count = parameter.size();
        for (std::size_t i = 0; i < count; ++i) {
            const T d = g[i] + a * w[i];
            m[i] = b1 * m[i] + c1 * d;
            v[i] = b2 * v[i] + c2 * d * d;
            w[i] = k * w[i] - length * m[i] / (detail::square_root(v[i]) * correction + e);
        }
    }
};

}  // namespace tessera
