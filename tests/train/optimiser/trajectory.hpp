// trajectory: an optimiser taken along the ten gradients of a reference case.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "../reference_case.hpp"

namespace tessera {

template <class T> struct trajectory {
    std::vector<T> parameter;
    std::vector<std::vector<T>> slots;

    template <class Optimiser>
    void step(const Optimiser& optimiser, const std::vector<T>& gradient, long number, double rate,
              bool decays = true) {
        slots.resize(Optimiser::slots, std::vector<T>(parameter.size(), T(0)));
        std::array<T*, Optimiser::slots> state{};
        for (std::size_t k = 0; k < state.size(); ++k) state[k] = slots[k].data();
        optimiser.update(std::span<T>(parameter), std::span<const T>(gradient), state, number, rate, decays);
    }
};

template <class Optimiser> void expect_trajectory(const std::string& name, const Optimiser& optimiser, double rate) {
    const reference_case wanted(name);
    trajectory<double> run{wanted.numbers("parameter.0"), {}};
    trajectory<float> single{{run.parameter.begin(), run.parameter.end()}, {}};
    for (int k = 0; k < 10; ++k) {
        const auto gradient = wanted.numbers("gradient." + std::to_string(k));
        const auto next = wanted.numbers("parameter." + std::to_string(k + 1));
        run.step(optimiser, gradient, k + 1, rate);
        single.step(optimiser, {gradient.begin(), gradient.end()}, k + 1, rate);
        expect_near(run.parameter, next);
        expect_near({single.parameter.begin(), single.parameter.end()}, next, 1e-6);
    }
}

// that parameters which must not decay behave as under an optimiser without weight decay
template <class Optimiser> void expect_decay_only_where_wanted(Optimiser optimiser) {
    const std::vector<double> gradient{0.5, -0.25, 2};
    trajectory<double> spared{{1, 2, -3}, {}}, decayed = spared, plain = spared;
    for (long k = 1; k <= 3; ++k) {
        spared.step(optimiser, gradient, k, 0.1, false);
        decayed.step(optimiser, gradient, k, 0.1, true);
    }
    optimiser.weight_decay = 0;
    for (long k = 1; k <= 3; ++k) plain.step(optimiser, gradient, k, 0.1, true);
    EXPECT_EQ(spared.parameter, plain.parameter);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(decayed.parameter[i], plain.parameter[i]);
}

}  // namespace tessera
