// Circuits with parameters for quantum_layer, of L layers. Each is a function object of a quantum_circuit.
//
//   rotation_layers<L>  a rotation of three angles on every qubit, then cnots from each qubit to the next
//   bellman<L>          H on qubit 0, cnots 0 -> 1 -> ... -> Q-1, the rotations, the cnots back again
//   real_amplitudes<L>  H on every qubit, cnots of each pair q1 < q2 from q2 to q1, the rotations
//   turns_and_chain<L>  RY on every qubit, a chain of cnots, and RY on every qubit at the end: L + 1 rows of angles
//
// A rotation is RZ(omega) RY(theta) RZ(phi).
//
// Parameters  angles (L, Q, 3) in the order phi, theta, omega; of turns_and_chain (L + 1, Q); uniform up to pi, spared by
//             weight decay: an angle of 0 is none that is wanted.
// Gradient    exact.
// Cost        see quantum_circuit.
// Errors      compile time: L < 1.
// Source      the circuits of Sebastianelli et al. 2021 as their later code generalises them: bellman and
//             real_amplitudes with three angles a rotation; the paper has RY alone, which is turns_and_chain.
#pragma once
#include <tessera/layers/structure/quantum_circuit.hpp>

namespace tessera {

namespace detail {

constexpr value quantum_angles(value x, const extents& shape) {
    return parameter("angles", shape, initial::uniform(mathematics::pi)).no_weight_decay().with(x);
}
// the rotations of layer l of angles (L, Q, 3)
constexpr void rotate_layer(quantum_circuit& c, value angles, int l) {
    const value of_layer = slice(angles, 0, l, 1);
    const auto kind = [&](int k) { return reshape(slice(of_layer, 2, k, 1), {c.qubits()}); };
    const value phi = kind(0), theta = kind(1), omega = kind(2);
    c.rotate(phi, theta, omega);
}

template <int L> struct rotations_circuit {
    static_assert(L >= 1, "rotation_layers<L>: L must be at least 1");
    constexpr void operator()(quantum_circuit& c, value x) const {
        const value angles = quantum_angles(x, {L, c.qubits(), 3});
        for (int l = 0; l < L; ++l) {
            rotate_layer(c, angles, l);
            for (int q = 0; q + 1 < c.qubits(); ++q) c.cnot(q, q + 1);
        }
    }
};

template <int L> struct bellman_circuit {
    static_assert(L >= 1, "bellman<L>: L must be at least 1");
    constexpr void operator()(quantum_circuit& c, value x) const {
        const value angles = quantum_angles(x, {L, c.qubits(), 3});
        for (int l = 0; l < L; ++l) {
            c.h(0);
            for (int q = 0; q + 1 < c.qubits(); ++q) c.cnot(q, q + 1);
            rotate_layer(c, angles, l);
            for (int q = c.qubits() - 2; q >= 0; --q) c.cnot(q, q + 1);
        }
    }
};

template <int L> struct real_amplitudes_circuit {
    static_assert(L >= 1, "real_amplitudes<L>: L must be at least 1");
    constexpr void operator()(quantum_circuit& c, value x) const {
        const value angles = quantum_angles(x, {L, c.qubits(), 3});
        for (int l = 0; l < L; ++l) {
            for (int q = 0; q < c.qubits(); ++q) c.h(q);
            for (int a = 0; a < c.qubits(); ++a)
                for (int b = a + 1; b < c.qubits(); ++b) c.cnot(b, a);
            rotate_layer(c, angles, l);
        }
    }
};

template <int L> struct turns_and_chain_circuit {
    static_assert(L >= 1, "turns_and_chain<L>: L must be at least 1");
    constexpr void operator()(quantum_circuit& c, value x) const {
        const int n = c.qubits();
        const value angles = quantum_angles(x, {L + 1, n});
        const value none = constant(list<double>(static_cast<std::size_t>(n)), {n}).with(x);
        for (int l = 0; l <= L; ++l) {
            c.rotate(none, reshape(slice(angles, 0, l, 1), {n}), none);
            for (int q = 0; q + 1 < n && l < L; ++q) c.cnot(q, q + 1);
        }
    }
};

}  // namespace detail

template <int L> inline constexpr detail::rotations_circuit<L> rotation_layers{};
template <int L> inline constexpr detail::bellman_circuit<L> bellman{};
template <int L> inline constexpr detail::real_amplitudes_circuit<L> real_amplitudes{};
template <int L> inline constexpr detail::turns_and_chain_circuit<L> turns_and_chain{};

}  // namespace tessera
