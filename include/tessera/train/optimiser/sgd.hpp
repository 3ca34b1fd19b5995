// sgd: gradient descent, with momentum (heavy ball or Nesterov's) where it is not 0.
//
//   g' = g + weight_decay w
//   m  = momentum m + g'
//   w  = w - rate m,   with nesterov w - rate (g' + momentum m)
//
// Slots       m, from 0; untouched while momentum is 0.
// Cost        6 flop an element.
// Errors      none: sizes are the caller's.
// Source      Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
#pragma once
#include <array>
#include <cstddef>
#include <span>

namespace tessera {

struct sgd {
    double momentum = 0;
    double weight_decay = 0;
    bool nesterov = false;

    static constexpr int slots = 1;
    static constexpr bool elementwise = true;

    template <class T>
    void update(std::span<T> parameter, std::span<const T> gradient, std::array<T*, slots> state, long /*step*/,
                double rate, bool decays) const noexcept {
        const auto decay = static_cast<T>(decays ? weight_decay : 0), keep = static_cast<T>(momentum);
        const auto r = static_cast<T>(rate);
        const T own = static_cast<T>(nesterov ? 1 : 0), past = nesterov ? keep : T(1);
        T* __restrict w = parameter.data();
        const T* __restrict g = gradient.data();
        T* __restrict m = state[0];
        const std::size_t count = parameter.size();
        if (momentum == 0) {
            for (std::size_t i = 0; i < count; ++i) w[i] -= r * (g[i] + decay * w[i]);
            return;
        }
        for (std::size_t i = 0; i < count; ++i) {
            const T d = g[i] + decay * w[i];
            m[i] = keep * m[i] + d;
            w[i] -= r * (own * d + past * m[i]);
        }
    }
};

}  // namespace tessera
