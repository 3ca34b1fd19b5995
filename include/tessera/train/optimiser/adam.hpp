// adam: steps of about the size of the rate, from the first two moments of the gradient.
//
//   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2,   g with weight_decay w added
//   w = w - rate m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon)
//
// Slots       m and v, from 0.
// Cost        14 flop, a root and a division an element.
// Errors      none: sizes are the caller's.
// Source      Kingma, Ba 2015, "Adam: A Method for Stochastic Optimization".
#pragma once
#include <tessera/train/optimiser/adam_step.hpp>

namespace tessera {

struct adam {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;

    static constexpr int slots = 2;
    static constexpr bool elementwise = true;

    template <class T>
    void update(std::span<T> parameter, std::span<const T> gradient, std::array<T*, slots> state, long step,
                double rate, bool decays) const noexcept {
        adam_step{beta1, beta2, epsilon, decays ? weight_decay : 0, 1}.run(parameter, gradient, state, step, rate);
    }
};

}  // namespace tessera
