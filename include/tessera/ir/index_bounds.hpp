// index_bounds: between which numbers a value of whole numbers lies, as far as that is known when compiling.
//
//   bounds_of(g, i)          the least and the largest that node i may hold
//   stays_below(g, i, n)     whether all lie in [0, n). Those of an input may be any: a call checks them against what
//                            they select, also where they were only moved; so here they count as inside.
//
// What reads memory by an index so never leaves it: an index that is computed must be shown to stay inside.
#pragma once
#include <cstdint>
#include <tessera/ir/node.hpp>

namespace tessera::detail {

enum class integer_function : int {
    identity,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    minimum,
    maximum,
    less,
    equal
};

constexpr std::string_view name_of(integer_function f) {
    constexpr std::string_view names[] = {"identity",  "add",     "subtract", "multiply", "divide",
                                          "remainder", "minimum", "maximum",  "less",     "equal"};
    return names[static_cast<int>(f)];
}

enum class number_at : int { none, left, right };
struct integer_attributes {
    integer_function function;
    number_at where;  // one operand may be a number
    int number;
};

struct to_index_attributes {
    int count;
};

struct index_bounds {
    std::int64_t low = whole_range::of(element::int32).low, high = whole_range::of(element::int32).high;

    constexpr bool within(const index_bounds& o) const { return low >= o.low && high <= o.high; }
    constexpr index_bounds joined(const index_bounds& o) const {
        return {low < o.low ? low : o.low, high > o.high ? high : o.high};
    }
};

// quotients towards the smaller number, as indices are counted: divided(-1, 4) is -1
constexpr std::int64_t divided(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

constexpr index_bounds bounds_of(integer_function f, const index_bounds& a, const index_bounds& b) {
    using i = integer_function;
    const auto least = [](std::int64_t x, std::int64_t y) { return x < y ? x : y; };
    const auto most = [](std::int64_t x, std::int64_t y) { return x > y ? x : y; };
    // of a function that is monotonous in each operand: among its values at the four corners
    const auto corners = [&](auto value) {
        const std::int64_t v[] = {value(a.low, b.low), value(a.low, b.high), value(a.high, b.low),
                                  value(a.high, b.high)};
        return index_bounds{least(least(v[0], v[1]), least(v[2], v[3])), most(most(v[0], v[1]), most(v[2], v[3]))};
    };
    switch (f) {
        case i::identity: return a;
        case i::add: return {a.low + b.low, a.high + b.high};
        case i::subtract: return {a.low - b.high, a.high - b.low};
        case i::multiply: return corners([](std::int64_t x, std::int64_t y) { return x * y; });
        case i::divide: return corners(divided);
        case i::remainder: return {b.low > 0 ? 0 : b.low + 1, b.low > 0 ? b.high - 1 : 0};
        case i::minimum: return {least(a.low, b.low), least(a.high, b.high)};
        case i::maximum: return {most(a.low, b.low), most(a.high, b.high)};
        case i::less:
        case i::equal: return {0, 1};
    }
    return {};
}

constexpr index_bounds bounds_of(const graph_view& g, int i);

// of an operand of whole-number arithmetic, a number or a value
constexpr index_bounds bounds_of_operand(const graph_view& g, const node& n, number_at side) {
    const auto own = g.attributes<integer_attributes>(n);
    if (own.where == side) return {own.number, own.number};
    return bounds_of(g, g.argument(n, side == number_at::right && n.argument_count > 1 ? 1 : 0));
}

// whether a node only moves whole numbers
constexpr bool moves_indices(const graph_view& g, const node& n) {
    return facts_of(n.kind).any_element ||
           (n.kind == op::integer && g.attributes<integer_attributes>(n).function == integer_function::identity);
}

constexpr index_bounds bounds_of(const graph_view& g, int i) {
    const node& n = g[i];
    if (n.kind == op::constant) {
        index_bounds b{static_cast<std::int64_t>(g.number(n)), static_cast<std::int64_t>(g.number(n))};
        for (int k = 1; k < n.shape.size(); ++k)
            b = b.joined({static_cast<std::int64_t>(g.number(n, k)), static_cast<std::int64_t>(g.number(n, k))});
        return b;
    }
    if (n.kind == op::result && g.operand(n, 0).kind == op::top_k)
        return {0, std::int64_t{g.operand(g.operand(n, 0), 0).shape[-1]} - 1};
    if (n.kind == op::to_index) return {0, g.attributes<to_index_attributes>(n).count - std::int64_t{1}};
    if (moves_indices(g, n)) {
        index_bounds b = bounds_of(g, g.argument(n, 0));
        for (int k = 1; k < n.argument_count && n.kind == op::concatenate; ++k)
            b = b.joined(bounds_of(g, g.argument(n, k)));
        return b;
    }
    if (n.kind == op::integer)
        return bounds_of(g.attributes<integer_attributes>(n).function, bounds_of_operand(g, n, number_at::left),
                         bounds_of_operand(g, n, number_at::right));
    const whole_range all = whole_range::of(n.type);
    return {all.low, all.high};
}

constexpr bool stays_below(const graph_view& g, int i, std::int64_t count) {
    const node& n = g[i];
    if (n.kind == op::input) return true;
    if (!moves_indices(g, n)) return bounds_of(g, i).within({0, count - 1});
    bool all = stays_below(g, g.argument(n, 0), count);
    for (int k = 1; k < n.argument_count && n.kind == op::concatenate; ++k)
        all = all && stays_below(g, g.argument(n, k), count);
    return all;
}

// f(slot) for every input that the numbers of a value come from without being computed
template <class F> constexpr void for_inputs_of(const graph_view& g, int i, F f) {
    const node& n = g[i];
    if (n.kind == op::input) return f(n.slot);
    if (is_source(n.kind) || !moves_indices(g, n)) return;
    for_inputs_of(g, g.argument(n, 0), f);
    for (int k = 1; k < n.argument_count && n.kind == op::concatenate; ++k) for_inputs_of(g, g.argument(n, k), f);
}

}  // namespace tessera::detail
