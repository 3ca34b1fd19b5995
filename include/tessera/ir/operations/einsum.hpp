// einsum("i,io->o", a, b): the sum over every label that the result lacks of the product of both operands.
//
//   in      a, b with one letter an axis; a letter stands for one extent
//   out     the letters after the arrow
//
// One operand, "ij->j", is a sum and a permutation.
// Gradient    exact: two einsums.
// Cost        the product of all extents, in multiply-adds.
// Errors      an equation without ',' or '->'; a label count that is not the rank; a label with two extents,
//             twice in one operand, or new in the result.
#pragma once
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera {

// every label stands in two of the three lists: of the first operand, of the second, of the result
struct einsum_attributes {
    char labels[3][8];

    constexpr std::string_view of(int which) const {
        std::size_t k = 0;
        while (k < max_rank && labels[which][k] != 0) ++k;
        return {labels[which], k};
    }
    constexpr std::string_view a() const { return of(0); }
    constexpr std::string_view b() const { return of(1); }
    constexpr std::string_view out() const { return of(2); }
};

namespace equation {

// not by string_view::find: with -fsanitize=undefined, g++ 12 does not take that for constant
constexpr int find(std::string_view labels, char c) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] == c) return static_cast<int>(i);
    return -1;
}
constexpr bool repeats(std::string_view labels) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (find(labels.substr(i + 1), labels[i]) >= 0) return true;
    return false;
}

}  // namespace equation

// the node: every label stands in two of the three lists; the batch is summed when the result is shared
constexpr value contract(std::string_view a, std::string_view b, std::string_view out, value x, value y,
                         bool shared_result = false) {
    node n;
    n.kind = op::einsum;
    einsum_attributes own{};
    const auto write = [&](int which, std::string_view labels) {
        for (std::size_t i = 0; i < labels.size(); ++i) own.labels[which][i] = labels[i];
    };
    write(0, a);
    write(1, b);
    write(2, out);
    for (char c : out) {
        const int i = equation::find(a, c);
        n.shape.push(i >= 0 ? x.extent(i) : y.extent(equation::find(b, c)));
    }
    return shared_result ? add_summed_node(*x.owner, n, {x, y}, own) : add_node(*x.owner, n, {x, y}, own);
}

// x without the labels that nothing else has, in the order given by the rest of its labels
constexpr value drop_labels(value x, std::string_view& labels, char (&kept)[max_rank], std::string_view wanted) {
    unsigned mask = 0;
    std::size_t k = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (equation::find(wanted, labels[i]) < 0)
            mask |= 1u << i;
        else
            kept[k++] = labels[i];
    }
    labels = std::string_view(kept, k);
    return mask == 0 ? x : sum(x, axis_set{axis_set::form::listed, mask});
}

constexpr value einsum(std::string_view text_of_equation, const operand& first, const operand& second) {
    graph& g = common_graph(first, second);
    value x = first.in(g), y = second.in(g);
    if (!x.valid() || !y.valid()) return {&g, -1};
    const auto comma = text_of_equation.find(','), arrow = text_of_equation.find("->");
    if (comma == std::string_view::npos || arrow == std::string_view::npos || comma > arrow)
        return reject(g, text("an equation 'ab,bc->ac'"), text(text_of_equation));
    std::string_view a = text_of_equation.substr(0, comma), b = text_of_equation.substr(comma + 1, arrow - comma - 1);
    const std::string_view out = text_of_equation.substr(arrow + 2);
    const auto wrong = [&](std::string_view what) { return reject(g, text(what), text(text_of_equation)); };
    if (static_cast<int>(a.size()) != x.rank() || static_cast<int>(b.size()) != y.rank())
        return reject(g, text("a label for each axis of '") + text_of_equation + std::string_view("'"),
                      x.shape().describe() + std::string_view(" and ") + y.shape().describe().view());
    if (equation::repeats(a) || equation::repeats(b) || equation::repeats(out))
        return wrong("labels that occur once in an operand");
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int j = equation::find(b, a[i]);
        if (j >= 0 && x.extent(static_cast<int>(i)) != y.extent(j))
            return reject(g, text("equal extents for label '") + a.substr(i, 1) + std::string_view("'"),
                          text("") + x.extent(static_cast<int>(i)) + std::string_view(" and ") + y.extent(j),
                          text(text_of_equation));
    }
    for (char c : out)
        if (equation::find(a, c) < 0 && equation::find(b, c) < 0) return wrong("result labels taken from the operands");
    if (out.size() > max_rank) return reject(g, text("a result of rank 6 or less"), text("labels ") + out);
    char kept_a[max_rank] = {}, kept_b[max_rank] = {};
    char wanted_a[2 * max_rank] = {}, wanted_b[2 * max_rank] = {};
    const auto join = [](char* to, std::string_view p, std::string_view q) {
        std::size_t k = 0;
        for (char c : p) to[k++] = c;
        for (char c : q) to[k++] = c;
        return std::string_view(to, k);
    };
    const std::string_view need_a = join(wanted_a, b, out), need_b = join(wanted_b, a, out);
    x = drop_labels(x, a, kept_a, need_a);
    y = drop_labels(y, b, kept_b, need_b);
    return contract(a, b, out, x, y);
}

template <no_value A, no_value B>
one_operand_must_be_a_value_of_the_network einsum(std::string_view, const A&, const B&) = delete;

constexpr value einsum(std::string_view text_of_equation, value x) {
    if (!x.valid()) return x;
    const auto arrow = text_of_equation.find("->");
    if (arrow == std::string_view::npos || static_cast<int>(arrow) != x.rank())
        return reject(*x.owner, text("an equation 'abc->ca' for ") + x.shape().describe().view(),
                      text(text_of_equation));
    std::string_view a = text_of_equation.substr(0, arrow);
    const std::string_view out = text_of_equation.substr(arrow + 2);
    if (equation::repeats(a) || equation::repeats(out))
        return reject(*x.owner, text("labels that occur once"), text(text_of_equation));
    for (char c : out)
        if (equation::find(a, c) < 0)
            return reject(*x.owner, text("result labels taken from the operand"), text(text_of_equation));
    char kept[max_rank] = {};
    x = drop_labels(x, a, kept, out);
    permutation order;
    for (char c : out) order.push(equation::find(a, c));
    return permute(x, order);
}

// What an einsum is to a kernel that multiplies matrices: c[m][n] += a[m][k] b[k][n], inside loops over
// whatever does not fold into m, n and k. Strides are elements; the batch is one of the loops or folded.
struct contraction {
    struct axis {
        long extent = 1, a = 0, b = 0, c = 0;
        bool counted = false;  // extent is to be multiplied by the number of samples
    };
    static constexpr int capacity = 2 * max_rank + 2;
    axis m, n, k;
    axis outer[capacity] = {};  // further loops; those with c == 0 accumulate
    int outer_count = 0;

    // accumulating loops stand last
    constexpr int accumulating() const {
        int count = 0;
        for (int i = 0; i < outer_count; ++i) count += outer[i].c == 0;
        return count;
    }

    static constexpr contraction of(const graph_view& g, const node& self);
};

constexpr contraction contraction::of(const graph_view& graph, const node& self) {
    const node &x = graph.operand(self, 0), &y = graph.operand(self, 1);
    const auto own = graph.attributes<einsum_attributes>(self);
    const std::string_view a = own.a(), b = own.b(), out = own.out();
    struct group {
        axis list[capacity] = {};
        int count = 0;
        // neighbours in memory become one axis
        constexpr void push(const axis& inner) {
            if (inner.extent == 1 && !inner.counted) return;
            if (count > 0) {
                axis& o = list[count - 1];
                const bool fits = o.a == inner.a * inner.extent && o.b == inner.b * inner.extent &&
                                  o.c == inner.c * inner.extent && !inner.counted;
                if (fits) {
                    o = {o.extent * inner.extent, inner.a, inner.b, inner.c, o.counted};
                    return;
                }
            }
            list[count++] = inner;
        }
    };
    group m, n, k, loops;
    const auto place = [&](const axis& e, bool in_a, bool in_b, bool in_c) {
        (in_a && in_b ? in_c ? loops : k : in_a ? m : n).push(e);
    };
    if (x.batched || y.batched)
        place({1, x.batched ? x.shape.size() : 0, y.batched ? y.shape.size() : 0, self.batched ? self.shape.size() : 0,
               true},
              x.batched, y.batched, self.batched);
    const auto stride = [](std::string_view labels, const extents& e, char c) -> long {
        const int i = equation::find(labels, c);
        return i < 0 ? 0 : e.stride(i);
    };
    const auto visit = [&](std::string_view labels, const extents& e, bool summed) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const char c = labels[i];
            if (summed && equation::find(out, c) >= 0) continue;
            place({e.size_of[i], stride(a, x.shape, c), stride(b, y.shape, c), stride(out, self.shape, c), false},
                  equation::find(a, c) >= 0, equation::find(b, c) >= 0, equation::find(out, c) >= 0);
        }
    };
    visit(out, self.shape, false);
    visit(a, x.shape, true);

    contraction result;
    // the widest axis is the kernel's own; for n, the one that is contiguous in the result if there is one
    const auto settle = [&](group& g, axis& kernels_own, bool contiguous) {
        if (g.count == 0) return;
        int best = g.count - 1;
        for (int i = 0; i < g.count; ++i) {
            const bool better =
                contiguous ? g.list[i].c == 1 : g.list[i].counted || g.list[i].extent > g.list[best].extent;
            if (better && !(g.list[best].counted && !contiguous)) best = i;
        }
        kernels_own = g.list[best];
        for (int i = 0; i < g.count; ++i)
            if (i != best) result.outer[result.outer_count++] = g.list[i];
    };
    for (int i = 0; i < loops.count; ++i) result.outer[result.outer_count++] = loops.list[i];
    settle(m, result.m, false);
    settle(n, result.n, true);
    settle(k, result.k, false);
    return result;
}

struct einsum_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const node &self = *c.self, &x = c.argument(0), &y = c.argument(1);
        const auto own = c.template attributes<einsum_attributes>();
        const std::string_view a = own.a(), b = own.b(), out = own.out();
        const position p = position::of(item % self.shape.size(), self.shape);
        long start_a = 0, start_b = 0, step_a[max_rank] = {}, step_b[max_rank] = {};
        int extent[max_rank] = {}, count = 0, total = 1;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const int in_out = equation::find(out, a[i]), in_b = equation::find(b, a[i]);
            const int axis = static_cast<int>(i);
            if (in_out >= 0) {
                start_a += static_cast<long>(p.at[in_out]) * x.shape.stride(axis);
            } else {
                step_a[count] = x.shape.stride(axis);
                step_b[count] = y.shape.stride(in_b);
                extent[count++] = x.shape.size_of[i];
                total *= x.shape.size_of[i];
            }
        }
        for (std::size_t i = 0; i < b.size(); ++i)
            if (const int in_out = equation::find(out, b[i]); in_out >= 0)
                start_b += static_cast<long>(p.at[in_out]) * y.shape.stride(static_cast<int>(i));
        const bool over_batch = c.sums_batch();
        summation::running_sum<T> sum;
        for (int s = 0; s < (over_batch ? c.count : 1); ++s) {
            const int sample = over_batch ? s : item / self.shape.size();
            const T *u = c.x[0] + c.origin(0, sample) + start_a, *v = c.x[1] + c.origin(1, sample) + start_b;
            for (int r = 0; r < total; ++r) {
                long i = 0, j = 0;
                for (int q = count - 1, rest = r; q >= 0; --q) {
                    i += rest % extent[q] * step_a[q];
                    j += rest % extent[q] * step_b[q];
                    rest /= extent[q];
                }
                sum.add(u[i] * v[j]);
            }
        }
        c.y[item] = sum.total();
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<einsum_attributes>();
        const value a = y.argument(0), b = y.argument(1);
        if (t.wants(a)) t.add(a, contract(own.out(), own.b(), own.a(), dy, b, !a.batched()));
        if (t.wants(b)) t.add(b, contract(own.a(), own.out(), own.b(), a, dy, !b.batched()));
    }

    static constexpr double macs(const graph_view& g, const node& self) {
        double total = self.shape.size();
        const auto own = g.attributes<einsum_attributes>(self);
        const std::string_view a = own.a(), out = own.out();
        for (std::size_t i = 0; i < a.size(); ++i)
            if (equation::find(out, a[i]) < 0) total *= g.operand(self, 0).shape.size_of[i];
        return total;
    }
};

}  // namespace tessera
