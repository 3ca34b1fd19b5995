// raise: (x - mean) rsqrt(variance + epsilon), or / sqrt(variance + epsilon), becomes normalise.
#pragma once
#include <tessera/ir/operations/normalise.hpp>
#include <tessera/passes/raise_match.hpp>

namespace tessera::detail::raising {

// a mean as it was reduced, if what stands there in its place has the same axes
constexpr int mean_behind(const graph_view& g, int i) {
    const extents& seen = g[i].shape;
    while (g[i].kind == op::reshape) i = g.argument(g[i], 0);
    const node& n = g[i];
    if (n.kind != op::sum) return -1;
    const auto own = g.attributes<reduce_attributes>(n);
    if (g.sums_batch(n) != (own.divides_by_count != 0)) return -1;
    if (own.factor != 1.0 / reduced_size(g.operand(n, 0).shape, own.axes)) return -1;
    int rank = n.shape.rank;  // leading axes of extent 1 may be missing
    while (rank > seen.rank && n.shape.size_of[n.shape.rank - rank] == 1) --rank;
    if (rank > seen.rank) return -1;
    for (int a = 1; a <= seen.rank; ++a)
        if (seen[-a] != (a <= n.shape.rank ? n.shape[-a] : 1)) return -1;
    return i;
}

struct normalise_match {
    int x = -1, mean = -1, root = -1;  // root: below the root, variance + epsilon, where it is a square root
    bool divides = false;
    normalise_attributes over = {};
};

constexpr bool match_normalise(const graph_view& g, int i, normalise_match& m) {
    const node& n = g[i];
    m.divides = n.function == scalar_function::divide;
    const auto root_function = m.divides ? scalar_function::square_root : scalar_function::reciprocal_root;
    const int which = !m.divides && is(g.operand(n, 0), root_function) ? 0 : 1;
    const node &root = g.operand(n, which), &centred = g.operand(n, 1 - which);
    if (!is(root, root_function) || !is(centred, scalar_function::subtract)) return false;
    const node& under = g.operand(root, 0);
    if (!is(under, scalar_function::add)) return false;
    const int epsilon = is_number(g.operand(under, 1)) ? 1 : 0;
    if (!is_number(g.operand(under, epsilon))) return false;
    const int v = mean_behind(g, g.argument(under, 1 - epsilon)), mean = mean_behind(g, g.argument(centred, 1));
    if (v < 0 || mean < 0) return false;
    const node &variance = g[v], &average = g[mean], &squares = g.operand(variance, 0);
    const bool squared = is(squares, scalar_function::square) ||
                         (is(squares, scalar_function::multiply) && g.argument(squares, 0) == g.argument(squares, 1));
    const auto axes = g.attributes<reduce_attributes>(average).axes;
    if (!squared || g.attributes<reduce_attributes>(variance).axes != axes) return false;
    if (g.sums_batch(variance) != g.sums_batch(average)) return false;
    const node &again = g.operand(squares, 0), &x = g.operand(centred, 0);
    if (!is(again, scalar_function::subtract) || g.argument(again, 0) != g.argument(centred, 0)) return false;
    if (mean_behind(g, g.argument(again, 1)) != mean || g.argument(average, 0) != g.argument(centred, 0)) return false;
    if (!(x.shape == n.shape) || x.batched != n.batched) return false;
    m.x = g.argument(centred, 0);
    m.mean = g.argument(centred, 1);
    m.root = m.divides ? g.argument(root, 0) : g.argument(n, which);
    m.over = {axes, g.sums_batch(average)};
    return true;
}

template <class Now> constexpr value raised_normalise(const normalise_match& m, Now now) {
    const value root = m.divides ? rsqrt(now(m.root)) : now(m.root);
    const value y = pointwise(scalar_function::normalise, {now(m.x), now(m.mean), root});
    set_attributes(y, m.over);
    return y;
}

}  // namespace tessera::detail::raising
