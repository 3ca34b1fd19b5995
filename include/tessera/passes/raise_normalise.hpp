// raise: (x - mean) rsqrt(variance + epsilon), or / sqrt(variance + epsilon), becomes normalise.
#pragma once
#include <tessera/passes/raise_match.hpp>

namespace tessera::raising {

// a mean as it was reduced, if what stands there in its place has the same axes
constexpr int mean_behind(const node_list& nodes, int i) {
    const extents& seen = at(nodes, i).shape;
    while (at(nodes, i).kind == op::reshape) i = at(nodes, i).args[0];
    const node& n = at(nodes, i);
    if (n.kind != op::sum || n.list[1] != n.list[2]) return -1;
    const node& x = at(nodes, n.args[0]);
    if (n.factor != 1.0 / reduced_size(x.shape, static_cast<unsigned>(n.list[0]))) return -1;
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
    int mask = 0, over_batch = 0;
};

constexpr bool match_normalise(const node_list& nodes, int i, normalise_match& m) {
    const node& n = at(nodes, i);
    m.divides = n.function == scalar_function::divide;
    const auto root_function = m.divides ? scalar_function::square_root : scalar_function::reciprocal_root;
    const int which = !m.divides && is(at(nodes, n.args[0]), root_function) ? 0 : 1;
    const node &root = at(nodes, n.args[which]), &centred = at(nodes, n.args[1 - which]);
    if (!is(root, root_function) || !is(centred, scalar_function::subtract)) return false;
    const node& under = at(nodes, root.args[0]);
    if (!is(under, scalar_function::add)) return false;
    const int epsilon = at(nodes, under.args[1]).kind == op::constant ? 1 : 0;
    if (at(nodes, under.args[epsilon]).kind != op::constant) return false;
    const int v = mean_behind(nodes, under.args[1 - epsilon]), mean = mean_behind(nodes, centred.args[1]);
    if (v < 0 || mean < 0) return false;
    const node &variance = at(nodes, v), &average = at(nodes, mean), &squares = at(nodes, variance.args[0]);
    const bool squared = is(squares, scalar_function::square) ||
                         (is(squares, scalar_function::multiply) && squares.args[0] == squares.args[1]);
    if (!squared || variance.list[0] != average.list[0] || variance.list[1] != average.list[1]) return false;
    const node &again = at(nodes, squares.args[0]), &x = at(nodes, centred.args[0]);
    if (!is(again, scalar_function::subtract) || again.args[0] != centred.args[0]) return false;
    if (mean_behind(nodes, again.args[1]) != mean || average.args[0] != centred.args[0]) return false;
    if (!(x.shape == n.shape) || x.batched != n.batched) return false;
    m.x = centred.args[0];
    m.mean = centred.args[1];
    m.root = m.divides ? root.args[0] : n.args[which];
    m.mask = average.list[0];
    m.over_batch = average.list[1];
    return true;
}

template <class Now> constexpr value raised_normalise(graph& g, const normalise_match& m, Now now) {
    const value root = m.divides ? rsqrt(now(m.root)) : now(m.root);
    const value y = pointwise(scalar_function::normalise, {now(m.x), now(m.mean), root});
    node& n = g.nodes[static_cast<std::size_t>(y.id)];
    n.list[0] = m.mask;
    n.list[1] = m.over_batch;
    return y;
}

}  // namespace tessera::raising
