// quantum_layer<Ansatz>: a simulated quantum circuit: features turn qubits, a circuit with parameters entangles them, and
// what a measurement of each qubit gives in the mean is the result.
//
//   in      x (..., Q)   an angle for each of Q qubits, 1 to 8
//   out     y (..., Q)   y_q = <Z_q>, between -1 and 1
//
//   s = U R(x) |0...0>        R(x) turns qubit q by x_q
//   y_q = sum_b |s_b|^2 (1 where qubit q of b is 0, -1 where it is 1)
//
// `Ansatz` is a circuit: a function object of a quantum_circuit that may make parameters. real_amplitudes<L>, bellman<L>
// and rotation_layers<L> are such; a lambda may be one:
//
//     inline constexpr auto entangled = [](quantum_circuit& c, value x) {
//         const value angle = parameter("angle", {2}, initial::uniform(3)).with(x);
//         c.h(0).cnot(0, 1).ry(0, reshape(slice(angle, 0, 0, 1), {})).ry(1, reshape(slice(angle, 0, 1, 1), {}));
//     };
//     struct net : network<(dense<2> >> quantum_layer<entangled> >> dense<10>), shape<16>> {};
//
// Options     angle_of<rotation_axis::x> (what is taken unless told otherwise), angle_of<rotation_axis::y>, angle_of<rotation_axis::z>: about which
//             axis x turns; about z it turns a phase that |0> does not have, and is of use before a circuit alone if
//             uploads > 1. uploads<K>: K times R(x) and the circuit, with parameters of its own each time (paths 0,
//             1, ...). state_probabilities: y (..., 2^Q), |s_b|^2 in place of <Z_q>.
// Parameters  those of the circuit.
// Gradient    exact: to x and to the angles. Of an angle it is what the parameter-shift rule says,
//             (f(a + pi/2) - f(a - pi/2)) / 2.
// Cost        N = 2^Q. A place: Q 2N + 4 N^2 + Q 2N multiply-adds and 2N cosines, each further upload 4 N^2 and as many
//             cosines; all are products whose rows are places and samples. The matrix of the circuit: see
//             quantum_circuit, once a call.
// Compiling   a layer of 8 qubits takes up to 0.8 of the 2^20 steps that clang allows; with further uploads it needs the
//             option of tessera::large_networks.
// Errors      compile time: qubits outside 1 to 8; an input of rank 0 or of more than 4 axes.
// Source      Sebastianelli et al. 2021, "On Circuit-based Hybrid Quantum Neural Networks for Remote Sensing Imagery
//             Classification". No shots are drawn: expectations are exact. The configuration of the paper, one RY a
//             qubit, a chain of cnots, and the circuits here are variants of one family; see each.
#pragma once
#include <bit>
#include <tessera/layers/options.hpp>
#include <tessera/layers/structure/quantum_circuit.hpp>

namespace tessera {

enum class rotation_axis : std::uint8_t { x, y, z };

template <rotation_axis Axis> struct angle_of {};
template <int K> struct uploads {
    static_assert(K >= 1, "uploads<K>: K must be at least 1");
};
struct state_probabilities {};

namespace detail {

template <class> inline constexpr bool is_quantum_option = false;
template <rotation_axis A> inline constexpr bool is_quantum_option<angle_of<A>> = true;
template <int K> inline constexpr bool is_quantum_option<uploads<K>> = true;
template <> inline constexpr bool is_quantum_option<state_probabilities> = true;

template <class> inline constexpr int axis_option = -1;
template <rotation_axis A> inline constexpr int axis_option<angle_of<A>> = static_cast<int>(A);
template <class> inline constexpr int upload_option = 0;
template <int K> inline constexpr int upload_option<uploads<K>> = K;

}  // namespace detail

template <auto Ansatz, class... Options> struct quantum_layer_of : layer_base<quantum_layer_of<Ansatz, Options...>> {
    static_assert((detail::is_quantum_option<Options> && ...),
                  "quantum_layer<circuit, ...>: the options are angle_of<axis>, uploads<K> and state_probabilities");
    static constexpr std::string_view name = "quantum";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "angles (..., qubits)")) return x;
        const int qubits = x.extent(-1), n = 1 << (qubits < 8 ? qubits : 8);
        if (!expects(x, qubits <= quantum_circuit::most_qubits, "1 to 8 qubits")) return x;
        // exp(-i angle) of each state where x turns about z, real parts before imaginary ones
        const value angle = einsum("...q,qb->...b", x, signs(x, qubits, true));  // (..., 2 N)
        value s;
        for (int k = 0; k < times; ++k) {
            const value u = circuit(x, qubits, k);  // (2 N, 2 N)
            if (k == 0)
                s = cos(angle + constant(quarter_turns(n), {2 * n}));
            else
                s = turned(s, angle, n);
            s = einsum("...a,ab->...b", s, u);
        }
        const value seen = square(s);  // (..., 2 N)
        if constexpr (detail::has_option<state_probabilities, Options...>)
            return slice(seen, -1, 0, n) + slice(seen, -1, n, n);
        else
            return einsum("...b,bq->...q", seen, signs(x, qubits, false));
    }

  private:
    static constexpr rotation_axis axis = [] {
        int a = 0;
        ((a = detail::axis_option<Options> >= 0 ? detail::axis_option<Options> : a), ...);
        return static_cast<rotation_axis>(a);
    }();
    static constexpr int times = [] {
        int k = 1;
        ((k = detail::upload_option<Options> > 0 ? detail::upload_option<Options> : k), ...);
        return k;
    }();

    // 1/2 and -1/2 by the bits of a state, (Q, 2 N); or 1 and -1, (2 N, Q)
    static constexpr value signs(value x, int qubits, bool of_angles) {
        const int n = 1 << qubits;
        detail::list<double> l(static_cast<std::size_t>(2 * n * qubits));
        for (int q = 0; q < qubits; ++q)
            for (int b = 0; b < 2 * n; ++b) {
                const double sign = ((b % n) >> (qubits - 1 - q) & 1) == 0 ? 1 : -1;
                l[static_cast<std::size_t>(of_angles ? q * 2 * n + b : b * qubits + q)] = of_angles ? sign / 2 : sign;
            }
        return constant(l, of_angles ? extents{qubits, 2 * n} : extents{2 * n, qubits}).with(x);
    }
    static constexpr detail::list<double> quarter_turns(int n) {
        detail::list<double> l(static_cast<std::size_t>(2 * n));
        for (int b = n; b < 2 * n; ++b) l[static_cast<std::size_t>(b)] = detail::mathematics::pi / 2;
        return l;
    }

    // s exp(-i angle)
    static constexpr value turned(value s, value angle, int n) {
        const value re = slice(s, -1, 0, n), im = slice(s, -1, n, n), a = slice(angle, -1, 0, n);
        const value c = cos(a), d = sin(a);
        return concatenate({re * c + im * d, im * c - re * d});
    }

    // The k-th circuit between two turns, as a matrix from rows of real and imaginary parts to such: to the basis where
    // x turned, the circuit, and from that basis again where it turns once more.
    static constexpr value circuit(value x, int qubits, int k) {
        const int n = 1 << qubits;
        quantum_circuit c(x, qubits);
        to_axis(c, x, false);
        if constexpr (times == 1)
            Ansatz(c, x);
        else {
            const detail::scope_guard inside(*x.owner, (text("") + k).view(), {}, false);
            Ansatz(c, x);
        }
        if (k + 1 < times) to_axis(c, x, true);
        // The first state is |0...0>, which is the sum of all states in the basis of x and y, each with 1 / sqrt(N); about
        // z it is the state 0 alone.
        double scale = 1;
        for (int q = 0; q < qubits && k == 0 && axis != rotation_axis::z; ++q) scale *= rsqrt(2);
        value re = permute(c.real(), {1, 0}) * scale, im = permute(c.imaginary(), {1, 0}) * scale;  // from, to
        if (k == 0 && axis == rotation_axis::z) {
            detail::list<double> first(static_cast<std::size_t>(n));
            first[0] = 1;
            const value only = constant(first, {n, 1}).with(x);
            re = re * only;
            im = im * only;
        }
        return concatenate({concatenate({re, im}), concatenate({-im, re})}, 0);
    }
    // H on each of so many qubits, (N, N). Of many it is made of two halves when the program runs: compilers count the
    // steps of a table.
    static constexpr value hadamard(value x, int qubits) {
        const int n = 1 << qubits;
        if (qubits > 5) {
            const value first = hadamard(x, qubits / 2), second = hadamard(x, qubits - qubits / 2);
            return reshape(einsum("ac,bd->abcd", first, second), {n, n});
        }
        detail::list<double> h(static_cast<std::size_t>(n * n));
        const double size = 1 / detail::mathematics::sqrt(n);
        for (int a = 0; a < n; ++a)
            for (int b = 0; b < n; ++b)
                h[a * n + b] = std::popcount(static_cast<unsigned>(a & b)) % 2 == 0 ? size : -size;
        return constant(h, {n, n}).with(x);
    }
    // V with R = V exp(-i x Z / 2) V^-1: H for x, S H for y; or its inverse
    static constexpr void to_axis(quantum_circuit& c, value x, bool back) {
        if (axis == rotation_axis::z) return;
        const int n = c.states();
        const value h = hadamard(x, x.extent(-1));
        if (axis == rotation_axis::x) {
            c.multiply(h);
            return;
        }
        detail::list<double> re(static_cast<std::size_t>(n)), im = re;  // S of a state: i for each qubit that is 1
        for (int a = 0; a < n; ++a) {
            const int ones = std::popcount(static_cast<unsigned>(a)) % 4;
            re[a] = ones == 0 ? 1 : ones == 2 ? -1 : 0;
            im[a] = (ones == 1 ? 1 : ones == 3 ? -1 : 0) * (back ? -1 : 1);
        }
        const extents along = back ? extents{1, n} : extents{n, 1};
        c.multiply(h * constant(re, along), h * constant(im, along));
    }
};

template <auto Ansatz, class... Options> inline constexpr quantum_layer_of<Ansatz, Options...> quantum_layer{};

}  // namespace tessera
