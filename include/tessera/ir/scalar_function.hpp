// scalar_function: the primitives that pointwise nodes are made of. A backend supplies them for its own
// number type (a float, a vector register); this file has the names, the arity and the reference.
#pragma once
#include <cstdint>
#include <string_view>
#include <tessera/ir/mathematics.hpp>

namespace tessera::detail {

enum class scalar_function : std::uint8_t {
    // one argument
    identity,
    stop_gradient,
    negate,
    absolute,
    sign,
    square,
    square_root,
    reciprocal_root,
    reciprocal,
    exponential,
    logarithm,
    log_one_plus,
    sine,
    cosine,
    tangent_h,
    sigmoid,
    error_function,
    relu,
    positive,
    floor,
    round,  // to the nearest whole number, halves to the even one
    arc_sine,
    arc_cosine,
    // two
    add,
    subtract,
    multiply,
    divide,
    minimum,
    maximum,
    power,
    arc_tangent,  // of a / b, in the quadrant of the point (b, a)
    less,
    equal,
    below,             // 1 where a < b, 0 where a >= b, NaN where either is NaN
    masked,            // a b, but 0 where a is 0, whatever b is
    straight_through,  // a, whose gradient b receives
    // three: a != 0 ? b : c; (a - b) c
    select,
    normalise
};

constexpr int arity(scalar_function f) { return f < scalar_function::add ? 1 : f < scalar_function::select ? 2 : 3; }

constexpr std::string_view name_of(scalar_function f) {
    constexpr std::string_view names[] = {
        "identity", "stop_gradient", "negate", "abs",   "sign", "square", "sqrt",     "rsqrt",    "reciprocal",
        "exp",      "log",           "log1p",  "sin",   "cos",  "tanh",   "sigmoid",  "erf",      "relu",
        "positive", "floor",         "round",  "asin",  "acos", "add",    "subtract", "multiply", "divide",
        "minimum",  "maximum",       "pow",    "atan2", "less", "equal",  "below",    "masked",   "straight_through",
        "select",   "normalise"};
    return names[static_cast<int>(f)];
}

// The reference. less and equal give 0 or 1, and 0 where an argument is NaN; anything else keeps a NaN.
template <class T> constexpr T evaluate(scalar_function f, T a, T b = T(0), T c = T(0)) {
    namespace m = mathematics;
    const auto by = [&](auto function) { return static_cast<T>(function(static_cast<double>(a))); };
    switch (f) {
        case scalar_function::identity:
        case scalar_function::stop_gradient: return a;
        case scalar_function::negate: return -a;
        case scalar_function::absolute: return a <= 0 ? T(0) - a : a;
        case scalar_function::sign: return a > 0 ? T(1) : a < 0 ? T(-1) : a;
        case scalar_function::square: return a * a;
        case scalar_function::square_root: return by([](double x) { return m::sqrt(x); });
        case scalar_function::reciprocal_root: return by([](double x) { return 1 / m::sqrt(x); });
        case scalar_function::reciprocal: return 1 / a;
        case scalar_function::exponential: return by([](double x) { return m::exp(x); });
        case scalar_function::logarithm: return by([](double x) { return m::log(x); });
        case scalar_function::log_one_plus: return by([](double x) { return m::log1p(x); });
        case scalar_function::sine: return by([](double x) { return m::sin(x); });
        case scalar_function::cosine: return by([](double x) { return m::cos(x); });
        case scalar_function::tangent_h: return by([](double x) { return m::tanh(x); });
        case scalar_function::sigmoid: return by([](double x) { return m::sigmoid(x); });
        case scalar_function::error_function: return by([](double x) { return m::erf(x); });
        case scalar_function::relu: return a < 0 ? T(0) : a;
        case scalar_function::positive: return a > 0 ? T(1) : a <= 0 ? T(0) : a;
        case scalar_function::floor: return by([](double x) { return m::floor(x); });
        case scalar_function::round: return by([](double x) { return m::round(x); });
        case scalar_function::arc_sine: return by([](double x) { return m::asin(x); });
        case scalar_function::arc_cosine: return by([](double x) { return m::acos(x); });
        case scalar_function::add: return a + b;
        case scalar_function::subtract: return a - b;
        case scalar_function::multiply: return a * b;
        case scalar_function::divide: return a / b;
        case scalar_function::minimum: return b < a || b != b ? b : a;
        case scalar_function::maximum: return a < b || b != b ? b : a;
        case scalar_function::power: return static_cast<T>(m::pow(static_cast<double>(a), static_cast<double>(b)));
        case scalar_function::arc_tangent:
            return static_cast<T>(m::atan2(static_cast<double>(a), static_cast<double>(b)));
        case scalar_function::less: return static_cast<T>(a < b);
        case scalar_function::equal: return static_cast<T>(a == b);
        case scalar_function::below: return a < b ? T(1) : a >= b ? T(0) : a + b;
        case scalar_function::masked: return a == 0 ? T(0) : a * b;
        case scalar_function::straight_through: return a;
        case scalar_function::select: return a != 0 ? b : c;
        case scalar_function::normalise: return (a - b) * c;
    }
    return T(0);
}

}  // namespace tessera::detail
