// adamw: adam whose weight decay shrinks the parameter itself and leaves the moments alone.
//
//   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2
//   w = (1 - rate weight_decay) w - rate m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon)
//
// Slots       m and v, from 0.
// Cost        14 flop, a root and a division an element.
// Errors      none: sizes are the caller's.
// Source      Loshchilov, Hutter 2019, "Decoupled Weight Decay Regularization".
#pragma once
#include <tessera/train/optimiser/adam_step.hpp>

namespace tessera {

struct adamw {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;

    static constexpr int slots = 2;
    static constexpr bool elementwise = true;

    template <class T>
    void update(std::span<T> parameter, std::span<const T> gradient, std::array<T*, slots> state, long step,
                double rate, bool decays) const noexcept {
        const double kept = decays ? 1 - rate * weight_decay : 1;
        adam_step{beta1, beta2, epsilon, 0, kept}.run(parameter, gradient, state, step, rate);
    }
};

}  // namespace tessera
