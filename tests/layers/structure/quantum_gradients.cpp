// Gradients of quantum circuits: against differences, and by the parameter-shift rule.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tessera/layers/structure/quantum_ansatz.hpp>
#include <tessera/layers/structure/quantum_layer.hpp>
#include <tessera/train/gradient_check.hpp>

#include "run_of.hpp"

namespace {

using namespace tessera;
using tests::run_of;
using numbers = std::vector<double>;
constexpr double pi = std::numbers::pi;

struct two_layers : network<quantum_layer<real_amplitudes<2>>, shape<2, 3>> {};
struct again : network<quantum_layer<rotation_layers<1>, uploads<2>, state_probabilities>, shape<2, 2>> {};

TEST(quantum_layer, gradients_are_exact) {
    EXPECT_LT(gradient_check<two_layers>().error, 1e-6);
    EXPECT_LT(gradient_check<again>().error, 1e-6);
}

// of angles of the circuit and of the data: a shift by a quarter turn either way
TEST(quantum_layer, gradients_are_those_of_the_parameter_shift_rule) {
    run_of<network<quantum_layer<bellman<1>>, shape<2>>> e;
    const numbers x{0.7, -0.4}, angles{0.3, 1.2, -0.8, 2.1, -1.7, 0.6}, weights{0.9, -1.3};
    e.seed() = weights;
    e.input() = x;
    e.set("angles", angles);
    e.run();
    const auto copied = [](std::span<const double> s) { return numbers(s.begin(), s.end()); };
    const numbers of_angles = copied(e.gradient("angles")), of_x = copied(e.input_gradient());
    const auto weighted = [&] {
        e.run();
        return weights[0] * e.output()[0] + weights[1] * e.output()[1];
    };
    const auto shifted = [&](std::span<double> list, std::size_t i) {
        const double before = list[i];
        list[i] = before + pi / 2;
        const double above = weighted();
        list[i] = before - pi / 2;
        const double below = weighted();
        list[i] = before;
        return (above - below) / 2;
    };
    double largest = 0;
    for (std::size_t i = 0; i < angles.size(); ++i) {
        EXPECT_NEAR(shifted(e.parameter("angles"), i), of_angles[i], 1e-12) << i;
        largest = std::max(largest, std::abs(of_angles[i]));
    }
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(shifted(e.input(), i), of_x[i], 1e-12) << i;
    EXPECT_GT(largest, 0.1);
}

}  // namespace
