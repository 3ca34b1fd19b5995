// pointwise: y = f(a), f(a, b) or f(a, b, c), element by element.
//
//   in      operands whose extents are equal or 1 when aligned at the last axis; a number fits everything
//   out     the common extents
//
// Gradient    exact; a stretched operand receives the sum over what it was stretched along. Where a function is
//             constant it is 0 whatever comes from above; where its argument is NaN, NaN. docs/special_values.md has
//             the edges.
// Cost        one evaluation an element.
// Errors      extents that differ and are not 1; 2^31 elements or more.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/operations/integer.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

namespace detail {

// of whole numbers, where their arithmetic has the function
constexpr value integer_pointwise(scalar_function f, std::initializer_list<value> operands) {
    using s = scalar_function;
    using i = integer_function;
    graph& g = *operands.begin()->owner;
    const value a = *operands.begin(), b = operands.size() > 1 ? *(operands.begin() + 1) : value{};
    switch (f) {
        case s::identity:
        case s::stop_gradient: return a;
        case s::negate: return integer_arithmetic(i::subtract, constant(g, 0), a);
        case s::add: return integer_arithmetic(i::add, a, b);
        case s::subtract: return integer_arithmetic(i::subtract, a, b);
        case s::multiply: return integer_arithmetic(i::multiply, a, b);
        case s::minimum: return integer_arithmetic(i::minimum, a, b);
        case s::maximum: return integer_arithmetic(i::maximum, a, b);
        case s::less: return integer_arithmetic(i::less, a, b);
        case s::equal: return integer_arithmetic(i::equal, a, b);
        default: return reject_indices(g);
    }
}

// the element of operands of which one has a width; numbers have any
constexpr element common_width(scalar_function f, std::initializer_list<value> operands) {
    element type = element::real;
    bool open = true;
    for (value v : operands) {
        if (!v.valid() || is_number(v.get())) continue;
        if (!open && v.get().type != type) {
            reject_widths(*v.owner, within{name_of(f)}, type, v.get().type);
            break;
        }
        type = v.get().type;
        open = false;
    }
    return type;
}

}  // namespace detail

constexpr value pointwise(detail::scalar_function f, std::initializer_list<value> operands) {
    graph& g = *operands.begin()->owner;
    element type = element::real;
    for (value v : operands) {
        if (!v.valid()) return {&g, -1};
        if (v.get().is_real()) continue;
        if (!v.get().is_floating())
            return detail::is_whole(v.get().type) ? detail::integer_pointwise(f, operands) : detail::reject_indices(g);
        type = detail::common_width(f, operands);
        if (g.failed) return {&g, -1};
        break;
    }
    extents shape = operands.begin()->get().shape;
    for (value v : operands) {
        const extents& own = v.get().shape;
        if (own == shape) continue;
        const extents common = detail::broadcast(shape, own);
        if (common.rank < 0)
            return reject(g, text("operands of '") + name_of(f) + std::string_view("' of equal extents"),
                          shape.describe() + std::string_view(" and ") + own.describe().view(),
                          text("extents are compared from the last axis; 1 stretches"));
        if (!common.is_countable()) return reject_size(g, common);
        shape = common;
    }
    // made in place: this is the operation that passes make most of
    detail::node& n = g.nodes.emplace_back();
    n.kind = detail::op::pointwise;
    n.function = f;
    n.type = type;
    n.shape = shape;
    n.scope = g.scope_now;
    n.first_argument = g.arguments.count();
    n.argument_count = static_cast<int>(operands.size());
    int* argument = g.arguments.extend(n.argument_count);
    for (value v : operands) {
        *argument++ = v.id;
        n.batched = n.batched || g.nodes[static_cast<std::size_t>(v.id)].batched;
    }
    return {&g, static_cast<int>(g.nodes.size()) - 1};
}

constexpr value apply(detail::scalar_function f, const detail::operand& a) {
    return pointwise(f, {a.in(common_graph(a))});
}
constexpr value apply(detail::scalar_function f, const detail::operand& a, const detail::operand& b) {
    graph& g = common_graph(a, b);
    const value left = a.in(g);
    return pointwise(f, {left, b.in(g)});
}

constexpr value operator+(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::add, a, b);
}
constexpr value operator-(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::subtract, a, b);
}
constexpr value operator*(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::multiply, a, b);
}
constexpr value operator/(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::divide, a, b);
}
constexpr value operator-(value a) { return apply(detail::scalar_function::negate, a); }

constexpr value abs(value x) { return apply(detail::scalar_function::absolute, x); }
constexpr value sign(value x) { return apply(detail::scalar_function::sign, x); }
constexpr value square(value x) { return apply(detail::scalar_function::square, x); }
constexpr value sqrt(value x) { return apply(detail::scalar_function::square_root, x); }
constexpr value rsqrt(value x) { return apply(detail::scalar_function::reciprocal_root, x); }
constexpr value reciprocal(value x) { return apply(detail::scalar_function::reciprocal, x); }
constexpr value exp(value x) { return apply(detail::scalar_function::exponential, x); }
constexpr value log(value x) { return apply(detail::scalar_function::logarithm, x); }
constexpr value log1p(value x) { return apply(detail::scalar_function::log_one_plus, x); }
constexpr value sin(value x) { return apply(detail::scalar_function::sine, x); }
constexpr value cos(value x) { return apply(detail::scalar_function::cosine, x); }
constexpr value tanh(value x) { return apply(detail::scalar_function::tangent_h, x); }
constexpr value erf(value x) { return apply(detail::scalar_function::error_function, x); }
constexpr value floor(value x) { return apply(detail::scalar_function::floor, x); }
constexpr value ceil(value x) { return x.valid() ? -floor(-x) : x; }
// to the nearest whole number, halves to the even one; no gradient
constexpr value round(value x) { return apply(detail::scalar_function::round, x); }
constexpr value asin(value x) { return apply(detail::scalar_function::arc_sine, x); }
constexpr value acos(value x) { return apply(detail::scalar_function::arc_cosine, x); }
// the angle of the point (x, y), from -pi to pi
constexpr value atan2(const detail::operand& y, const detail::operand& x) {
    return apply(detail::scalar_function::arc_tangent, y, x);
}
constexpr value atan(value x) { return atan2(x, 1); }
constexpr value minimum(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::minimum, a, b);
}
constexpr value maximum(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::maximum, a, b);
}
// x, but low where it is less and high where it is more; the gradient passes from low to high, both included
constexpr value clamp(value x, const detail::operand& low, const detail::operand& high) {
    return minimum(maximum(x, low), high);
}
constexpr value pow(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::power, a, b);
}
// 1 where a < b, else 0; no gradient
constexpr value less(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::less, a, b);
}
constexpr value equal(const detail::operand& a, const detail::operand& b) {
    return apply(detail::scalar_function::equal, a, b);
}
// a where the condition is not 0, else b; no gradient to the condition
constexpr value select(const detail::operand& condition, const detail::operand& a, const detail::operand& b) {
    graph& g = common_graph(condition, a, b);
    const value chooses = condition.in(g), first = a.in(g);
    return pointwise(detail::scalar_function::select, {chooses, first, b.in(g)});
}
// of numbers and parameters alone; pow of two numbers may be that of <cmath>
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network operator+(const variable_request&, const B&) = delete;
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network operator-(const variable_request&, const B&) = delete;
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network operator*(const variable_request&, const B&) = delete;
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network operator/(const variable_request&, const B&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network operator+(const A&, const variable_request&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network operator-(const A&, const variable_request&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network operator*(const A&, const variable_request&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network operator/(const A&, const variable_request&) = delete;
template <detail::no_value A, detail::no_value B>
one_operand_must_be_a_value_of_the_network minimum(const A&, const B&) = delete;
template <detail::no_value A, detail::no_value B>
one_operand_must_be_a_value_of_the_network maximum(const A&, const B&) = delete;
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network atan2(const variable_request&, const B&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network atan2(const A&, const variable_request&) = delete;
template <detail::no_value A, detail::no_value B>
one_operand_must_be_a_value_of_the_network less(const A&, const B&) = delete;
template <detail::no_value A, detail::no_value B>
one_operand_must_be_a_value_of_the_network equal(const A&, const B&) = delete;
template <detail::no_value B>
one_operand_must_be_a_value_of_the_network pow(const variable_request&, const B&) = delete;
template <a_number A> one_operand_must_be_a_value_of_the_network pow(const A&, const variable_request&) = delete;
template <detail::no_value A, detail::no_value B, detail::no_value C>
one_operand_must_be_a_value_of_the_network select(const A&, const B&, const C&) = delete;
// the value, through which no gradient passes
constexpr value stop_gradient(value x) { return apply(detail::scalar_function::stop_gradient, x); }
// forward f, backward as if it were the identity on x (Bengio et al. 2013)
constexpr value straight_through(const detail::operand& f, value x) {
    return apply(detail::scalar_function::straight_through, f, x);
}
// m x, but 0 where m is 0: there an infinite or NaN x counts for nothing, in the gradient neither
constexpr value masked(const detail::operand& m, const detail::operand& x) {
    return apply(detail::scalar_function::masked, m, x);
}
constexpr double rsqrt(int n) { return 1 / detail::mathematics::sqrt(n); }

// x stretched to a shape, and to one value a sample; of_number: what a number is then made of
constexpr value broadcast_to(value x, const extents& shape, bool batched, element of_number = element::real) {
    if (!x.valid() || (x.shape() == shape && x.batched() == batched)) return x;
    if (!(detail::broadcast(x.shape(), shape) == shape))
        return reject(*x.owner, text("extents that stretch to ") + shape.describe().view(), x.shape().describe());
    if (!x.get().is_real() && !x.get().is_floating()) return detail::stretched_integer(x, shape, batched);
    detail::node n;
    n.kind = detail::op::pointwise;
    n.type = of_number != element::real && is_number(x.get()) ? of_number : x.get().type;
    n.shape = shape;
    n.batched = batched;
    return add_node(*x.owner, n, {x});
}

namespace detail {

struct pointwise_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    // Numbers are read from the graph; the reciprocal of the count is one of them.
    template <class T> static constexpr T operand(const call<T>& c, int k, int sample, int index) {
        const node& a = c.argument(k);
        if (a.kind == op::constant && a.shape.rank == 0) return static_cast<T>(c.graph.number(a));
        if (a.kind == op::inverse_count) return static_cast<T>(1.0 / c.count);
        return c.x[k][c.origin(k, sample) + broadcast_place(a.shape, c.self->shape, index)];
    }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents& shape = c.self->shape;
        const int sample = item / shape.size(), index = item % shape.size();
        T v[3] = {};
        for (int k = 0; k < arity(c.self->function); ++k) v[k] = operand(c, k, sample, index);
        c.y[item] = evaluate(c.self->function, v[0], v[1], v[2]);
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        using s = scalar_function;
        const int count = y.get().argument_count;
        const auto argument = [&](int k) { return k < count ? y.argument(k) : value{}; };
        const value a = argument(0), b = argument(1), c = argument(2);
        const auto to_a = [&](const value& d) { t.add(a, d); };
        switch (y.get().function) {
            case s::identity: return to_a(dy);
            case s::negate: return to_a(-dy);
            case s::absolute: return to_a(dy * sign(a));
            case s::square: return to_a(2 * dy * a);  // dy is small where a is large, as a rule
            case s::square_root: return to_a(dy * (0.5 / y));
            case s::reciprocal_root: return to_a(dy * (-0.5 * (y * square(y))));
            case s::reciprocal: return to_a(-(dy * square(y)));
            case s::exponential: return to_a(dy * y);
            case s::logarithm: return to_a(dy / a);
            case s::log_one_plus: return to_a(dy / (1 + a));
            case s::sine: return to_a(dy * cos(a));
            case s::cosine: return to_a(-(dy * sin(a)));
            case s::tangent_h: return to_a(dy * (1 - square(y)));
            case s::sigmoid: return to_a(dy * (y * (1 - y)));
            case s::error_function: return to_a(dy * (1.1283791670955126 * exp(-square(a))));
            case s::relu: return to_a(masked(apply(s::positive, y), dy));
            case s::add: to_a(dy); return t.add(b, dy);
            case s::subtract: to_a(dy); return t.add(b, -dy);
            case s::multiply: to_a(dy * b); return t.add(b, dy * a);
            case s::divide: to_a(dy / b); return t.add(b, -(dy * y / b));
            // a tie counts for the first
            case s::minimum: return split(t, a, b, dy, apply(s::below, b, a));
            case s::maximum: return split(t, a, b, dy, apply(s::below, a, b));
            case s::power: return power_gradient(t, y, dy);
            case s::arc_sine: return to_a(dy * rsqrt((1 - a) * (1 + a)));
            case s::arc_cosine: return to_a(-(dy * rsqrt((1 - a) * (1 + a))));
            case s::arc_tangent: return angle_gradient(t, a, b, dy);
            case s::masked: t.add(a, dy * b); return t.add(b, masked(a, dy));
            case s::straight_through: return t.add(b, dy);
            case s::select: t.add(b, tessera::select(a, dy, 0)); return t.add(c, tessera::select(a, 0, dy));
            case s::normalise: return to_a(t.normalised_gradient(y, dy, c));
            case s::stop_gradient:
            case s::sign:
            case s::positive:
            case s::floor:
            case s::round:
            case s::less:
            case s::equal:
            case s::below: return;
        }
    }

    static constexpr double macs(const graph_view&, const node&) { return 0; }

  private:
    // dy goes to b where `to_b` is 1, to a where it is 0
    template <class Tape>
    static constexpr void split(Tape& t, const value& a, const value& b, const value& dy, const value& to_b) {
        t.add(a, masked(1 - to_b, dy));
        t.add(b, masked(to_b, dy));
    }
    // b / (a^2 + b^2) and -a / (a^2 + b^2), by the smaller over the larger: no square leaves the range
    template <class Tape>
    static constexpr void angle_gradient(Tape& t, const value& a, const value& b, const value& dy) {
        if (a.owner->view().is_number(b.get(), 1)) return t.add(a, dy / (1 + square(a)));
        const value steep = less(abs(b), abs(a));
        const value small = tessera::select(steep, b, a), large = tessera::select(steep, a, b);
        const value slope = small / large, one = dy / (large * (1 + square(slope))), other = one * slope;
        t.add(a, tessera::select(steep, other, one));
        t.add(b, -tessera::select(steep, one, other));
    }
    // x^0 is 1 and 0^p is 0 whatever the other: there the derivatives are 0, though a factor of theirs is infinite
    template <class Tape> static constexpr void power_gradient(Tape& t, value y, value dy) {
        const value a = y.argument(0), b = y.argument(1);
        t.add(a, dy * masked(b, pow(a, b - 1)));
        if (!t.wants(b)) return;
        const value not_negative = less(0, b) + equal(b, 0);
        t.add(b, dy * select(equal(a, 0) * not_negative, 0, y * log(a)));
    }
};

}  // namespace detail

}  // namespace tessera
