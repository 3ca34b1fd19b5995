// Steps of random networks that work element by element.
#pragma once
#include <tessera/ir/operations/with_gradient.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

// most roots and logarithms are of what has one
constexpr value any_function(writer& w, value x) {
    const int which = w.pick(26);
    const bool raw = w.chance(6);
    const value positive = raw ? x : square(x) + 0.25;
    switch (which) {
        case 0: return -x;
        case 1: return abs(x);
        case 2: return sign(x);
        case 3: return square(x);
        case 4: return sqrt(positive);
        case 5: return rsqrt(positive);
        case 6: return reciprocal(positive);
        case 7: return exp(raw ? x : tanh(x));
        case 8: return log(positive);
        case 9: return log1p(raw ? x : abs(x));
        case 10: return sin(x);
        case 11: return cos(x);
        case 12:
            if (w.chance(2)) return tanh(x);
            return asin(tanh(x) * 0.9) - acos(sin(x) * 0.5);
        case 13: {
            if (w.chance(2)) return apply(scalar_function::sigmoid, x);
            const value y = tanh(x);  // a rule that says what the gradient is
            return with_gradient(y, x, [&](value dy) { return dy * (1 - square(y)); });
        }
        case 14: return erf(x);
        case 15: return apply(scalar_function::relu, x);
        case 16: return floor(x * 2) + round(x * 3) * 0.5;
        case 17: return stop_gradient(x);
        case 18: return straight_through(sign(x), x);
        case 19: return pow(positive, 0.5 + w.pick(4));
        case 20: return pow(x, 1 + w.pick(3));
        case 21: return x * (w.pick(4) - 1);
        case 22: return x + w.pick(2);
        case 23: return w.pick(3) - x;
        case 24: return x / (1 + w.pick(3));
        default: return minimum(maximum(x, -1), 1);
    }
}

constexpr value any_pair(writer& w, value a, value b) {
    switch (w.pick(12)) {
        case 0:
        case 1:
        case 2: return a + b;
        case 3:
        case 4: return a - b;
        case 5:
        case 6: return a * b;
        case 7: return a / (square(b) + 0.5);
        case 8: return minimum(a, b);
        case 9: return maximum(a, b);
        case 10: return w.chance(2) ? pow(square(a) + 0.5, b) : atan2(a, square(b) + 0.5);
        default: return select(less(a, b), a, b * 0.5);
    }
}

// the same numbers under other extents that stretch to those of x: without a leading 1, or with one more
constexpr value renamed(value x) {
    if (x.rank() > 0 && x.extent(0) == 1) return reshape(x, without(x.shape(), 1u));
    extents e{1};
    for (int a = 0; a < x.rank(); ++a) e.push(x.extent(a));
    return x.rank() < 4 ? reshape(x, e) : x;
}
constexpr value pair_step(writer& w) {
    const value x = w.operand();
    if (w.chance(5)) return any_pair(w, x, renamed(x));
    return any_pair(w, x, w.stretching(w.operand(), x));
}
constexpr value parameter_step(writer& w) {
    const value x = w.operand();
    extents shape;  // of the last axes, some of extent 1
    const int kept = w.pick(x.rank() + 1), ones = w.raw();
    for (int a = x.rank() - kept; a < x.rank(); ++a) shape.push((ones >> a & 3) == 0 ? 1 : x.extent(a));
    const value p = w.weight(shape);
    const bool made = w.chance(3);  // of parameters alone, so that it can be made ahead
    return any_pair(w, x, made ? exp(p) * 0.5 : p);
}
constexpr value select_step(writer& w) {
    const value x = w.operand(), y = w.stretching(w.operand(), x), sum = x + y;
    const value z = w.stretching(w.operand(), sum, true);
    switch (w.pick(3)) {
        case 0: return select(less(z, sum), sum, 1);
        case 1: return select(equal(x, y), 0.5, z);
        default: return select(less(x, z), y, w.chance(2) ? x : z);
    }
}
constexpr value stretch_step(writer& w) {
    const value x = w.operand();
    extents e = x.shape();
    for (int a = 0; a < e.rank; ++a)
        if (e[a] == 1 && w.chance(2)) e[a] = 1 + w.pick(4);
    if (e.rank < 4 && w.chance(2)) {
        extents longer{1 + w.pick(3)};
        for (int a = 0; a < e.rank; ++a) longer.push(e[a]);
        e = longer;
    }
    return w.fits(e) ? broadcast_to(x, e, x.batched()) : x;
}

}  // namespace tessera::random_networks
