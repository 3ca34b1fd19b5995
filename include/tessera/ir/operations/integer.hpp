// Arithmetic of whole numbers: values of element int32, which select and count.
//
//   a + b, a - b, a * b         extents as of real numbers: equal, or 1 when aligned at the last axis; also with numbers
//   floor_divide(a, b), remainder(a, b)   of the quotient towards the smaller number: floor_divide(-1, 4) is -1, the rest 3
//   minimum, maximum, clamp
//   less(a, b), equal(a, b)     real numbers, 1 and 0, as of real ones
//   to_index(x, count)          floor(x) of a real value, no less than 0 and no more than count - 1; of NaN 0
//
// Gradient    none: to_index stops it.
// Cost        one pass. They are steps of their own and not fused.
// Errors      real numbers among whole ones; a number that is not whole; a result that may not fit int32, which
//             compiling decides by the bounds of the operands: those of an input are any, so clamp(index, low, high) comes
//             first; a divisor that may be 0.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/index_bounds.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

namespace detail {

constexpr text described(const index_bounds& b) {
    return text("from ") + static_cast<int>(b.low) + std::string_view(" to ") + static_cast<int>(b.high);
}

constexpr bool is_integer(value x) { return x.valid() && is_whole(x.get().type); }

constexpr value integer_node(graph& g, const integer_attributes& own, const value* x, int count, const extents& shape,
                             element result = element::int32) {
    const bool compares = own.function == integer_function::less || own.function == integer_function::equal;
    node n;
    n.kind = op::integer;
    n.type = compares ? element::real : result;
    n.shape = shape;
    const value y = add_node(g, n, x, count, own);
    if (!y.valid()) return y;
    const graph_view view = g.view();
    const within here{name_of(own.function)};
    const index_bounds divisor = bounds_of_operand(view, y.get(), number_at::right);
    const bool divides = own.function == integer_function::divide || own.function == integer_function::remainder;
    if (divides && divisor.low <= 0 && divisor.high >= 0)
        return reject(g, here, text("a divisor that is not 0"), text("one ") + described(divisor).view());
    if (const index_bounds b = bounds_of(view, y.id); !b.within({}))
        return reject(g, here, text("a result that fits int32"), text("operands that it may not fit for"),
                      text("clamp(index, low, high) bounds an operand"));
    return y;
}

// f of two operands, of which one at least is of whole numbers
constexpr value integer_arithmetic(integer_function f, value a, value b) {
    graph& g = *a.owner;
    if (!a.valid() || !b.valid()) return {&g, -1};
    integer_attributes own{f, number_at::none, 0};
    value x[2];
    int count = 0;
    for (const bool left : {true, false}) {
        const value v = left ? a : b;
        const node& n = v.get();
        if (is_whole(n.type)) {
            x[count++] = v;
            continue;
        }
        const double number = n.kind == op::constant && n.shape.rank == 0 ? g.number(n) : 0.5;
        constexpr double most = std::numeric_limits<std::int32_t>::max();
        if (!(number >= -most && number <= most) || number != static_cast<double>(static_cast<int>(number)))
            return reject(g, within{name_of(f)}, text("whole numbers"), text("real ones"),
                          text("to_index(x, count) makes whole numbers, to_real(index) real ones"));
        own.where = left ? number_at::left : number_at::right;
        own.number = static_cast<int>(number);
    }
    extents shape = x[0].shape();
    if (count == 2) shape = broadcast(shape, x[1].shape());
    if (shape.rank < 0)
        return reject(g, within{name_of(f)}, text("operands of equal extents"),
                      x[0].shape().describe() + std::string_view(" and ") + x[1].shape().describe().view(),
                      text("extents are compared from the last axis; 1 stretches"));
    return integer_node(g, own, x, count, shape);
}

// the same whole numbers under a shape that they stretch to, and one value a sample
constexpr value stretched_integer(value x, const extents& shape, bool batched) {
    value y = integer_node(*x.owner, {integer_function::identity, number_at::none, 0}, &x, 1, shape, x.get().type);
    if (y.valid()) y.owner->nodes[static_cast<std::size_t>(y.id)].batched = batched;
    return y;
}

}  // namespace detail

constexpr value floor_divide(const detail::operand& a, const detail::operand& b) {
    graph& g = common_graph(a, b);
    const value left = a.in(g);
    return integer_arithmetic(detail::integer_function::divide, left, b.in(g));
}
constexpr value remainder(const detail::operand& a, const detail::operand& b) {
    graph& g = common_graph(a, b);
    const value left = a.in(g);
    return integer_arithmetic(detail::integer_function::remainder, left, b.in(g));
}

constexpr value to_index(value x, int count) {
    if (!x.valid()) return x;
    if (count < 1)
        return reject(*x.owner, detail::within{"to_index"}, text("at least 1 number to select from"), text() + count);
    detail::node n;
    n.kind = detail::op::to_index;
    n.type = element::int32;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x}, detail::to_index_attributes{count});
}

namespace detail {

struct integer_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        if (c.self->kind == op::to_index) {
            const int most = c.template attributes<to_index_attributes>().count - 1;
            const double x = static_cast<double>(c.x[0][item]);
            c.index_y[item] = !(x >= 1) ? 0 : x >= most ? most : static_cast<int>(x);
            return;
        }
        using i = integer_function;
        const auto own = c.template attributes<integer_attributes>();
        const std::int64_t a = operand(c, own, number_at::left, item), b = operand(c, own, number_at::right, item);
        switch (own.function) {
            case i::identity: return put(c, item, a);
            case i::add: return put(c, item, a + b);
            case i::subtract: return put(c, item, a - b);
            case i::multiply: return put(c, item, a * b);
            case i::divide: return put(c, item, divided(a, b));
            case i::remainder: return put(c, item, a - b * divided(a, b));
            case i::minimum: return put(c, item, a < b ? a : b);
            case i::maximum: return put(c, item, a > b ? a : b);
            case i::less: c.y[item] = T(a < b); return;
            case i::equal: c.y[item] = T(a == b); return;
        }
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }

  private:
    template <class T> static constexpr void put(const call<T>& c, int item, std::int64_t x) {
        c.put(item, static_cast<std::int32_t>(x));
    }
    template <class T>
    static constexpr std::int64_t operand(const call<T>& c, const integer_attributes& own, number_at side, int item) {
        if (own.where == side) return own.number;
        const int k = side == number_at::right && c.self->argument_count > 1 ? 1 : 0;
        const extents &from = c.argument(k).shape, &to = c.self->shape;
        return c.stored(k, c.origin(k, item / to.size()) + broadcast_place(from, to, item % to.size()));
    }
};

}  // namespace detail

}  // namespace tessera
