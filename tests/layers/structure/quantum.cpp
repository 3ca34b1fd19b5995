// Quantum circuits: gates against what they are known to do, states that keep their norm, expectations.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/structure/quantum_ansatz.hpp>
#include <tessera/layers/structure/quantum_layer.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using numbers = std::vector<double>;

constexpr double pi = std::numbers::pi;
inline constexpr auto nothing = [](quantum_circuit&, value) {};
inline constexpr auto bell_pair = [](quantum_circuit& c, value) { c.h(0).cnot(0, 1); };

struct two_layers : network<quantum_layer<bellman<2>>, shape<5, 3>> {};
static_assert(output_shape<two_layers> == (extents{5, 3}) && two_layers::parameter_count == 2 * 3 * 3);
static_assert(paths_are<two_layers>({"angles"}));
struct turns_of_the_paper : network<quantum_layer<turns_and_chain<1>>, shape<4>> {};
static_assert(turns_of_the_paper::parameter_count == 2 * 4);
struct again : network<quantum_layer<rotation_layers<1>, uploads<2>, state_probabilities>, shape<2, 3>> {};
static_assert(output_shape<again> == (extents{2, 8}) && again::parameter_count == 2 * 9);
static_assert(paths_are<again>({"0.angles", "1.angles"}));

inline constexpr auto of_no_qubit = [](quantum_circuit& c, value) { c.ry(2, 0.5); };
inline constexpr auto of_one_twice = [](quantum_circuit& c, value) { c.cnot(1, 1); };
static_assert(mistake<quantum_layer<nothing>, 9>().expected.view() == "1 to 8 qubits");
static_assert(mistake<quantum_layer<of_no_qubit>, 2>().expected.view() == "a qubit from 0 to 1");
static_assert(mistake<quantum_layer<of_one_twice>, 2>().expected.view() == "a cnot of two qubits");
static_assert(mistake<quantum_layer<nothing>, 2, 2, 2, 2, 2>().expected.view() == "angles (..., qubits)");

template <auto Layer, int Q> numbers run(const numbers& x) {
    model<network<Layer, shape<Q>>, backend::scalar, double> m;
    const auto y = m(x);
    return {y.begin(), y.end()};
}

TEST(quantum_layer, a_turned_qubit_has_the_cosine) {
    const numbers x{0.3, -1.2, 2.5}, cosines{std::cos(0.3), std::cos(1.2), std::cos(2.5)};
    expect_near(cosines, run<quantum_layer<nothing>, 3>(x));
    expect_near(cosines, run<quantum_layer<nothing, angle_of<rotation_axis::y>>, 3>(x));
    expect_near({1, 1, 1}, run<quantum_layer<nothing, angle_of<rotation_axis::z>>, 3>(x));
    // the same turn twice
    expect_near({std::cos(0.6), std::cos(2.4), std::cos(5.0)}, run<quantum_layer<nothing, uploads<2>>, 3>(x));
    expect_near({std::cos(0.9), std::cos(3.6), std::cos(7.5)},
                run<quantum_layer<nothing, angle_of<rotation_axis::y>, uploads<3>>, 3>(x));
}

TEST(quantum_layer, a_bell_pair_is_equal_bits_of_no_mean) {
    expect_near({0, 0}, run<quantum_layer<bell_pair>, 2>({0, 0}));
    expect_near({0.5, 0, 0, 0.5}, run<quantum_layer<bell_pair, state_probabilities>, 2>({0, 0}));
}

// qubit 0 is the most significant bit: X on it makes |10>, and a cnot from there |11>
TEST(quantum_layer, bits_are_counted_from_the_first_qubit) {
    expect_near({0, 0, 1, 0}, run<quantum_layer<nothing, state_probabilities>, 2>({pi, 0}));
    static constexpr auto flip = [](quantum_circuit& c, value) { c.cnot(0, 1); };
    expect_near({0, 0, 0, 1}, run<quantum_layer<flip, state_probabilities>, 2>({pi, 0}));
    static constexpr auto chain = [](quantum_circuit& c, value) { c.cnot(0, 1).cnot(1, 2); };
    expect_near({-1, -1, -1}, run<quantum_layer<chain>, 3>({pi, 0, 0}));
    static constexpr auto other_order = [](quantum_circuit& c, value) { c.cnot(1, 2).cnot(0, 1); };
    expect_near({-1, -1, 1}, run<quantum_layer<other_order>, 3>({pi, 0, 0}));
}

// A chain of cnots makes of <Z_q> the mean of the product of all Z up to it, of qubits that were turned apart that of their
// cosines.
template <int Q> void multiplies_cosines() {
    static constexpr auto chain = [](quantum_circuit& c, value) {
        for (int q = 1; q < Q; ++q) c.cnot(q - 1, q);
    };
    numbers x, wanted;
    double product = 1;
    for (int q = 0; q < Q; ++q) {
        x.push_back(0.2 + 0.1 * q);
        wanted.push_back(product *= std::cos(x.back()));
    }
    model<network<quantum_layer<chain>, shape<Q>>, backend::simd, double> m;
    const auto y = m(x);
    expect_near(wanted, numbers(y.begin(), y.end()));
}
TEST(quantum_layer, of_as_many_qubits_as_there_may_be) {
    multiplies_cosines<7>();
    multiplies_cosines<8>();
}

// gates one by one and as rows of rotations; RZ between two H is RX
TEST(quantum_circuit, gates_agree_with_one_another) {
    static constexpr auto by_rows = [](quantum_circuit& c, value x) {
        const value phi = constant({0.1, 0.2}, {2}).with(x), theta = constant({0.3, 0.4}, {2}).with(x);
        c.h(0).rotate(phi, theta, constant({0.5, 0.6}, {2}).with(x));
        c.cnot(1, 0).rx(0, 0.7).rx(1, 0.8);
    };
    static constexpr auto one_by_one = [](quantum_circuit& c, value) {
        c.h(0).rz(0, 0.1).ry(0, 0.3).rz(0, 0.5).rz(1, 0.2).ry(1, 0.4).rz(1, 0.6);
        c.cnot(1, 0).h(0).rz(0, 0.7).h(0).h(1).rz(1, 0.8).h(1);
    };
    const numbers x{0.4, 1.1}, a = run<quantum_layer<by_rows, state_probabilities>, 2>(x);
    expect_near(a, run<quantum_layer<one_by_one, state_probabilities>, 2>(x));
    EXPECT_NEAR(a[0] + a[1] + a[2] + a[3], 1, 1e-12);
    for (double p : a) EXPECT_GT(p, 0.01);
}

template <auto Ansatz, class... Options> void keeps_the_norm() {
    // angles as they start
    model<network<quantum_layer<Ansatz, state_probabilities, Options...>, shape<3>>, backend::scalar, double> m(7);
    double total = 0;
    for (double p : m(numbers{0.3, -1.1, 2.2})) total += p;
    EXPECT_NEAR(total, 1, 1e-12);
}
TEST(quantum_layer, keeps_the_norm) {
    keeps_the_norm<bellman<2>>();
    keeps_the_norm<real_amplitudes<2>>();
    keeps_the_norm<turns_and_chain<2>, uploads<2>, angle_of<rotation_axis::y>>();
}

}  // namespace
