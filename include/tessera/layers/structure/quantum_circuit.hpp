// quantum_circuit: what gates do to the states of a few qubits, as a matrix that is made while the network runs.
//
//   quantum_circuit c(x, Q)          nothing yet: the identity, of Q qubits from 1 to 8, N = 2^Q; x says of which network
//   c.rx(q, angle), c.ry, c.rz       exp(-i angle X / 2), and so on; the angle is a number or a value of rank 0
//   c.h(q), c.cnot(control, target)  Hadamard; X on the target where the control is 1
//   c.rotate(phi, theta, omega)      RZ(omega) RY(theta) RZ(phi) on every qubit, of angles (Q)
//   c.multiply(real, imaginary)      whatever an (N, N) matrix does; without the second value it is real
//   c.real(), c.imaginary()          (N, N): U = real + i imaginary, so that a state s becomes U s
//
// Qubit 0 is the most significant bit of a state's number. A gate acts on the matrix, whose rows are long, so what
// depends on parameters alone is computed once a call, whatever the number of samples and places, and once for all in a
// folded model. Gates of known angles are computed while compiling, up to 1024 elements.
//
//     quantum_circuit c(x, 2);
//     c.h(0).cnot(0, 1).ry(1, angle);
//
// Gradient    exact, to the angles.
// Cost        of a gate 8 N^2 multiply-adds, of rotate and multiply, unless they come first, 4 N^3; cnots in a row are one copy.
// Errors      compile time: qubits outside 1 to 8; a qubit that is not there; a cnot of a qubit with itself; angles of
//             another shape.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

class quantum_circuit {
  public:
    static constexpr int most_qubits = 8;

    constexpr quantum_circuit(value x, int qubits) : network_(x), qubits_(qubits) {
        if (x.valid() && (qubits < 1 || qubits > most_qubits))
            reject(*x.owner, text("1 to 8 qubits"), text("") + qubits);
        for (int s = 0; s < states() && good(); ++s) rows_[s] = s;
    }

    constexpr int qubits() const { return qubits_; }
    constexpr int states() const { return qubits_ >= 1 && qubits_ <= most_qubits ? 1 << qubits_ : 1; }

    constexpr quantum_circuit& rx(int q, const detail::operand& angle) { return turn(q, angle, 0); }
    constexpr quantum_circuit& ry(int q, const detail::operand& angle) { return turn(q, angle, 1); }
    constexpr quantum_circuit& rz(int q, const detail::operand& angle) { return turn(q, angle, 2); }

    constexpr quantum_circuit& h(int q) {
        if (!has(q)) return *this;
        const double r = rsqrt(2);
        return apply(q, constant({r, r, r, -r}, {2, 2}).with(network_), {});
    }

    constexpr quantum_circuit& cnot(int control, int target) {
        if (!has(control) || !has(target)) return *this;
        if (control == target) {
            reject(*network_.owner, text("a cnot of two qubits"), text("qubit ") + control + " twice");
            return *this;
        }
        // row s of the result is row rows_[s] of what was there; a cnot is its own inverse
        for (int s = 0; s < states(); ++s)
            if ((s & bit(control)) != 0 && (s & bit(target)) == 0) {
                const int other = rows_[s | bit(target)];
                rows_[s | bit(target)] = rows_[s];
                rows_[s] = other;
            }
        moved_ = true;
        return *this;
    }

    constexpr quantum_circuit& rotate(value phi, value theta, value omega) {
        for (value angles : {phi, theta, omega})
            if (!expects(angles, angles.shape() == extents{qubits_}, "an angle for each qubit")) return *this;
        if (!good()) return *this;
        constexpr double half_pi = detail::mathematics::pi / 2;
        const auto column = [&](value angles) { return reshape(angles * 0.5, {qubits_, 1}); };
        // entries 00, 01, 10, 11: -sin and sin as cosines
        const value size = cos(column(theta) + constant({0, half_pi, -half_pi, 0}, {4}));  // (Q, 4)
        const value phase = column(phi) * constant({-1, 1, -1, 1}, {4}) + column(omega) * constant({-1, -1, 1, 1}, {4});
        const value re = size * cos(phase), im = size * sin(phase);
        value all_re = matrix(re, 0), all_im = matrix(im, 0);
        for (int q = 1; q < qubits_; ++q) {
            const value a = matrix(re, q), b = matrix(im, q);
            const value next = beside(all_re, a) - beside(all_im, b);
            all_im = beside(all_re, b) + beside(all_im, a);
            all_re = next;
        }
        return multiply(all_re, all_im);
    }

    constexpr quantum_circuit& multiply(value a, value b = {}) {
        for (value m : {a, b})
            if (m.owner != nullptr && !expects(m, m.shape() == extents{states(), states()}, "a matrix of all states"))
                return *this;
        settle();
        if (re_.owner == nullptr) {
            re_ = a;
            im_ = b;
            return *this;
        }
        const auto on = [](value m, value x) {
            return m.owner == nullptr || x.owner == nullptr ? value{} : einsum("ij,jk->ik", m, x);
        };
        const value re = re_, im = im_;
        re_ = difference(on(a, re), on(b, im));
        im_ = total(on(a, im), on(b, re));
        return *this;
    }

    constexpr value real() {
        settle();
        return re_.owner != nullptr ? re_ : identity();
    }
    constexpr value imaginary() {
        settle();
        if (im_.owner != nullptr) return im_;
        return broadcast_to(constant(*network_.owner, 0), {states(), states()}, false);
    }

  private:
    constexpr bool good() const { return network_.valid(); }
    constexpr bool has(int q) const {
        if (!good()) return false;
        if (q >= 0 && q < qubits_) return true;
        reject(*network_.owner, text("a qubit from 0 to ") + (qubits_ - 1), text("") + q);
        return false;
    }
    constexpr int bit(int q) const { return 1 << (qubits_ - 1 - q); }
    constexpr value identity() const {
        detail::list<double> one(static_cast<std::size_t>(states() * states()));
        for (int s = 0; s < states(); ++s) one[static_cast<std::size_t>(s * states() + s)] = 1;
        return constant(one, {states(), states()}).with(network_);
    }

    // an absent value is the identity, or 0 as imaginary part
    constexpr void settle() {
        if (!moved_ || !good()) return;
        moved_ = false;
        const value index = index_table(rows(), {states()}).with(network_);
        re_ = gather(re_.owner != nullptr ? re_ : identity(), index);
        if (im_.owner != nullptr) im_ = gather(im_, index);
        for (int s = 0; s < states(); ++s) rows_[s] = s;
    }
    constexpr detail::list<double> rows() const {
        detail::list<double> l;
        for (int s = 0; s < states(); ++s) l.push_back(rows_[s]);
        return l;
    }

    constexpr quantum_circuit& turn(int q, const detail::operand& angle, int axis) {
        if (!has(q)) return *this;
        const value a = angle.in(*network_.owner);
        if (!expects(a, rank == 0, "an angle, a scalar")) return *this;
        constexpr double half_pi = detail::mathematics::pi / 2;
        const value half = reshape(a * 0.5, {1, 1});
        if (axis == 0)
            return apply(q, cos(half) * constant({1, 0, 0, 1}, {2, 2}), sin(half) * constant({0, -1, -1, 0}, {2, 2}));
        if (axis == 1) return apply(q, cos(half + constant({0, half_pi, -half_pi, 0}, {2, 2})), {});
        return apply(q, cos(half) * constant({1, 0, 0, 1}, {2, 2}), sin(half) * constant({-1, 0, 0, 1}, {2, 2}));
    }

    // (2, 2) on the rows that differ in qubit q
    constexpr quantum_circuit& apply(int q, value a, value b) {
        settle();
        const extents split{1 << q, 2, (states() >> (q + 1)) * states()}, whole{states(), states()};
        const auto on = [&](value gate, value m) {
            if (gate.owner == nullptr || m.owner == nullptr) return value{};
            return reshape(einsum("ij,ajr->air", gate, reshape(m, split)), whole);
        };
        const value re = re_.owner != nullptr ? re_ : identity(), im = im_;
        re_ = difference(on(a, re), on(b, im));
        im_ = total(on(a, im), on(b, re));
        return *this;
    }

    static constexpr value difference(value a, value b) { return b.owner == nullptr ? a : a - b; }
    static constexpr value total(value a, value b) { return a.owner == nullptr ? b : b.owner == nullptr ? a : a + b; }
    static constexpr value matrix(value of_all, int q) { return reshape(slice(of_all, 0, q, 1), {2, 2}); }
    // the Kronecker product of (n, n) and (2, 2)
    static constexpr value beside(value m, value a) {
        const int n = m.extent(0);
        return reshape(reshape(m, {n, 1, n, 1}) * reshape(a, {1, 2, 1, 2}), {2 * n, 2 * n});
    }

    value network_, re_{}, im_{};
    int qubits_;
    int rows_[1 << most_qubits] = {};
    bool moved_ = false;
};

}  // namespace tessera
