// multiply_out: products that use no element twice become pointwise code and a sum.
//
//   ij,jd->ijd      each element is one product                            a (i, j, 1) * b (1, j, d)
//   ijd,jd->ij      each element of a is used once                         sum over d of a * b (1, j, d)
//   ijd,ijd->jd     each of both                                           sum over i of a * b
//
// A kernel that multiplies matrices pays for what it reads by using it again. Where nothing is, it is a loop over
// matrices of one row or one column, each planned and called for a few numbers. Pointwise code goes through memory once,
// is fused with what stands around it, and as the prologue of its sum is never stored.
//
// Where it pays  Labels that stand in both operands and in the result count matrices; those in the result and in one
//                operand rows and columns; the rest what is summed. Products of one term do, each of which is an element;
//                and many matrices of one row and one column, or of one of them where what is summed lies together. A
//                large matrix times a vector stays, for as a product it is read once as well, and so does what is small
//                as a whole.
// Order          The largest of the three arrays stays as it lies; the others are permuted to it.
// Cost           one look at each node.
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/passes/rewrite.hpp>

namespace tessera::detail {

namespace multiplying {

// what an einsum does, by label; the samples are one, of which there are several
struct counts {
    static constexpr double samples = 8;
    double rows = 1, columns = 1, terms = 1, matrices = 1;

    constexpr void add(bool in_a, bool in_b, bool in_out, double extent) {
        (in_a && in_b ? (in_out ? matrices : terms) : in_a ? rows : columns) *= extent;
    }
    static constexpr counts of(const graph_view& g, const node& n) {
        counts c;
        const auto own = g.attributes<einsum_attributes>(n);
        const std::string_view a = own.a(), b = own.b(), out = own.out();
        const node &x = g.operand(n, 0), &y = g.operand(n, 1);
        for (std::size_t i = 0; i < a.size(); ++i)
            c.add(true, equation::find(b, a[i]) >= 0, equation::find(out, a[i]) >= 0, x.shape.size_of[i]);
        for (std::size_t i = 0; i < b.size(); ++i)
            if (equation::find(a, b[i]) < 0) c.add(false, true, true, y.shape.size_of[i]);
        if (x.batched || y.batched) c.add(x.batched, y.batched, n.batched, samples);
        return c;
    }
};

// whether the last axis of an operand that has all labels is summed
constexpr bool sums_last_axis(const graph_view& g, const node& n, int operand) {
    const auto own = g.attributes<einsum_attributes>(n);
    const std::string_view names = own.of(operand);
    std::size_t last = names.size();
    while (last > 0 && g.operand(n, operand).shape.size_of[last - 1] == 1) --last;
    return last > 0 && equation::find(own.out(), names[last - 1]) < 0;
}

// multiply-adds: of a product that is worth a look, and of a matrix that is not small
inline constexpr double enough = 16384, large = 65536;

constexpr bool pays(const graph_view& g, const node& n, double least = enough) {
    if (n.kind != op::einsum) return false;
    const counts c = counts::of(g, n);
    const double matrix = c.rows * c.columns * c.terms;
    if (matrix * c.matrices < least) return false;
    if (c.terms == 1) return true;
    if (matrix >= large || c.matrices <= counts::samples) return false;
    if (c.rows == 1 && c.columns == 1) return true;
    return (c.columns == 1 && sums_last_axis(g, n, 0)) || (c.rows == 1 && sums_last_axis(g, n, 1));
}

// an array with its axes of one element left out
struct labelled {
    value x;
    char labels[max_rank] = {};
    int count = 0;

    constexpr labelled(value from, std::string_view names) : x(from) {
        extents kept;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (from.shape().size_of[i] == 1) continue;
            labels[count++] = names[i];
            kept.push(from.shape().size_of[i]);
        }
        x = reshape(from, kept);
    }
    constexpr std::string_view names() const { return {labels, static_cast<std::size_t>(count)}; }
    // with axes in this order, those that it lacks of extent 1
    constexpr value over(std::string_view order) const {
        permutation moved;
        extents shape;
        for (const char c : order) {
            const int axis = equation::find(names(), c);
            shape.push(axis < 0 ? 1 : x.shape().size_of[axis]);
            if (axis >= 0) moved.push(axis);
        }
        return reshape(permute(x, moved), shape);
    }
};

// of the result: its labels, those of one element left out
constexpr value product(const counts& c, const node& n, const einsum_attributes& own, value x, value y) {
    const labelled a(x, own.a()), b(y, own.b());
    char kept[max_rank] = {};
    std::size_t count = 0;
    for (std::size_t i = 0; i < own.out().size(); ++i)
        if (n.shape.size_of[i] > 1) kept[count++] = own.out()[i];
    const std::string_view out(kept, count);
    const std::string_view order = c.terms == 1 ? out : c.columns == 1 ? a.names() : b.names();

    const value all = a.over(order) * b.over(order);
    unsigned summed = 0;
    char left[max_rank] = {};
    int left_count = 0;
    extents shape;
    for (std::size_t i = 0; i < order.size(); ++i)
        if (equation::find(out, order[i]) < 0) {
            summed |= 1u << i;
        } else {
            left[left_count++] = order[i];
            shape.push(all.shape().size_of[i]);
        }
    const value y_of_order = reshape(reduce(op::sum, all, summed, {.over_batch = !n.batched}), shape);
    permutation moved;
    for (const char label : out) moved.push(equation::find({left, static_cast<std::size_t>(left_count)}, label));
    return reshape(permute(y_of_order, moved), n.shape);
}

}  // namespace multiplying

// whether anything is to be done
constexpr bool has_products_without_reuse(const graph_view& g, int nodes, double least = multiplying::enough) {
    for (int i = 0; i < nodes; ++i)
        if (multiplying::pays(g, g[i], least)) return true;
    return false;
}

// least: of multiply-adds of a product; tests have small ones. What is replaced stands there still, unread, until
// simplify drops it.
constexpr graph multiply_out(graph g, double least = multiplying::enough) {
    rewrite r(g, g.nodes.size());
    for (int i = 0; i < r.count(); ++i) {
        const int id = r.keep(i);
        const node n = g.nodes[static_cast<std::size_t>(id)];
        if (!multiplying::pays(g.view(), n, least)) continue;
        const auto own = g.view().attributes<einsum_attributes>(n);
        const value x{&g, g.argument(n, 0)}, y{&g, g.argument(n, 1)};
        r.becomes(i, multiplying::product(multiplying::counts::of(g.view(), n), n, own, x, y).id);
    }
    r.finish();
    return g;
}

}  // namespace tessera::detail
