// The functions of pointwise nodes, of bounded numbers.
#pragma once
#include <tessera/ir/scalar_function.hpp>

#include "bounded.hpp"

namespace tessera::random_networks {

using namespace detail;

inline bounded function_of(const bounded_arithmetic& with, scalar_function f, bounded a, bounded b, bounded c) {
    using s = scalar_function;
    const bounded zero = exactly(0), one = exactly(1);
    const auto is_nan = [](bounded x) { return x.exact() && std::isnan(x.value); };
    switch (f) {
        case s::identity:
        case s::stop_gradient: return a;
        case s::negate: return with.negate(a);
        case s::absolute: return {std::abs(a.value), a.error};
        case s::sign:
            if (is_nan(a)) return a;
            if (!a.exact() && a.may_be(0)) return unknown();
            return exactly(a.value > 0 ? 1 : a.value < 0 ? -1 : 0);
        case s::square: return with.multiply(a, a);
        case s::square_root: return with.monotone(a, [](double x) { return std::sqrt(x); });
        case s::reciprocal_root:
            if (a.may_be(0)) return a.exact() && a.value == 0 && !std::signbit(a.value) ? exactly(infinite) : unknown();
            return with.monotone(a, [](double x) { return 1 / std::sqrt(x); });
        case s::reciprocal: return with.divide(one, a);
        case s::exponential: return with.monotone(a, [](double x) { return std::exp(x); });
        case s::logarithm: return with.monotone(a, [](double x) { return std::log(x); });
        case s::log_one_plus: return with.monotone(a, [](double x) { return std::log1p(x); });
        case s::sine:
            if (std::abs(a.value) > 1000 && std::isfinite(a.value)) return {0, 1.001};
            return with.smooth(a, [](double x) { return std::sin(x); }, 1, 8 + std::abs(a.value));
        case s::cosine:
            if (std::abs(a.value) > 1000 && std::isfinite(a.value)) return {0, 1.001};
            return with.smooth(a, [](double x) { return std::cos(x); }, 1, 8 + std::abs(a.value));
        case s::tangent_h: return with.monotone(a, [](double x) { return std::tanh(x); });
        case s::sigmoid: return with.monotone(a, [](double x) { return 1 / (1 + std::exp(-x)); });
        case s::error_function: return with.monotone(a, [](double x) { return std::erf(x); });
        case s::relu: return with.larger(a, zero);
        case s::positive:  // the slope of a relu whose value is given
            if (is_nan(a)) return a;
            return with.less(zero, a);
        case s::floor: return with.floor(a);
        case s::round: return with.round(a);
        case s::arc_sine: return with.monotone(a, [](double x) { return std::asin(x); });
        case s::arc_cosine: return with.monotone(a, [](double x) { return std::acos(x); });
        case s::add: return with.add(a, b);
        case s::subtract: return with.add(a, with.negate(b));
        case s::multiply: return with.multiply(a, b);
        case s::divide: return with.divide(a, b);
        case s::minimum: return with.smaller(a, b);
        case s::maximum: return with.larger(a, b);
        case s::power: return with.power(a, b);
        case s::arc_tangent: return with.angle(a, b);
        case s::less: return with.less(a, b);
        case s::equal: return with.equal(a, b);
        case s::below:
            if (is_nan(a)) return a;
            if (is_nan(b)) return b;
            return with.less(a, b);
        case s::masked:
            if (a.exact() && a.value == 0) return a;
            return a.may_be(0) && !b.finite() ? unknown() : with.multiply(a, b);
        case s::straight_through: return a;
        case s::select: return with.choose(a, b, c);
        case s::normalise: return with.multiply(with.add(a, with.negate(b)), c);
    }
    return unknown();
}

}  // namespace tessera::random_networks
