// rmsprop: the gradient divided by the root of its running mean square, or of its variance when centred.
//
//   g' = g + weight_decay w
//   v  = alpha v + (1 - alpha) g'^2
//   a  = alpha a + (1 - alpha) g'                      when centred, else 0
//   m  = momentum m + g' / (sqrt(v - a^2) + epsilon)
//   w  = w - rate m
//
// Slots       v, a, m, from 0; a and m untouched where not centred and without momentum.
// Cost        13 flop, a root and a division an element.
// Errors      none: sizes are the caller's.
// Source      Tieleman, Hinton 2012, lecture 6.5; centred: Graves 2013, "Generating Sequences With Recurrent Neural
//             Networks".
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <tessera/train/optimiser/square_root.hpp>

namespace tessera {

struct rmsprop {
    double alpha = 0.99;
    double epsilon = 1e-8;
    double momentum = 0;
    double weight_decay = 0;
    bool centred = false;

    static constexpr int slots = 3;
    static constexpr bool elementwise = true;

    template <class T>
    void update(std::span<T> parameter, std::span<const T> gradient, std::array<T*, slots> state, long /*step*/,
                double rate, bool decays) const noexcept {
        // a loop for each case: none reads a slot that it does not need
        if (centred)
            momentum != 0 ? run<true, true>(parameter, gradient, state, rate, decays)
                          : run<true, false>(parameter, gradient, state, rate, decays);
        else
            momentum != 0 ? run<false, true>(parameter, gradient, state, rate, decays)
                          : run<false, false>(parameter, gradient, state, rate, decays);
    }

  private:
    template <bool Centred, bool Momentum, class T>
    void run(std::span<T> parameter, std::span<const T> gradient, std::array<T*, slots> state, double rate,
             bool decays) const noexcept {
        const auto decay = static_cast<T>(decays ? weight_decay : 0), keep = static_cast<T>(momentum);
        const auto old = static_cast<T>(alpha), fresh = static_cast<T>(1 - alpha);
        const auto e = static_cast<T>(epsilon), r = static_cast<T>(rate);
        T* __restrict w = parameter.data();
        const T* __restrict g = gradient.data();
        T* __restrict v = state[0];
        T* __restrict a = state[1];
        T* __restrict m = state[2];
        const std::size_t count = parameter.size();
        for (std::size_t i = 0; i < count; ++i) {
            const T d = g[i] + decay * w[i];
            v[i] = old * v[i] + fresh * d * d;
            T spread = v[i];
            if constexpr (Centred) {
                a[i] = old * a[i] + fresh * d;
                spread -= a[i] * a[i];
                spread = spread < 0 ? T(0) : spread;  // rounding may bring it below
            }
            T move = d / (detail::square_root(spread) + e);
            if constexpr (Momentum) move = m[i] = keep * m[i] + move;
            w[i] -= r * move;
        }
    }
};

}  // namespace tessera
