// with_gradient(y, x, rule): y, with a backward rule of one's own: x receives rule(dy), and nothing else receives
// anything. dy is the upstream gradient, of y's shape; the rule is a function of values, traced once:
//
//     with_gradient(sign(x), x, [&](value dy) { return masked(less(abs(x), 1), dy); })    // straight through, clipped
//     with_gradient(relu(x), x, [&](value dy) { return masked(less(0, x), relu(dy)); })   // guided backpropagation
//
//   scale_gradient(x, factor)   x; its gradient is multiplied: -1 reverses it (Ganin, Lempitsky 2015), 0.1 slows it down
//   clip_gradient(x, limit)     x; each element of its gradient is kept between -limit and limit
//
// Gradient    by the rule; that of the rule itself is not taken. A value that is used elsewhere too receives the sum.
// Cost        nothing where no gradient is taken; then the rule's operations.
// Errors      a rule whose result has not the shape of x; a scan or an update in the rule.
#pragma once
#include <tessera/ir/list.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

// The rule stands in the graph, as operations on a stand-in for dy, and the tape copies those that depend on it.
// simplify leaves y alone of the node.
template <class Rule> constexpr value with_gradient(value y, value x, const Rule& rule) {
    if (!y.valid() || !x.valid()) return {y.owner, -1};
    graph& g = *y.owner;
    detail::node n;
    n.kind = detail::op::pointwise;
    n.type = y.get().type;
    n.shape = y.shape();
    n.batched = y.batched();
    const value upstream = add_node(g, n, {constant(g, 0)});
    const value dx = rule(upstream);
    if (!dx.valid()) return {&g, -1};
    if (!(dx.shape() == x.shape()))
        return reject(g, detail::within{"with_gradient"},
                      text("a rule whose result has the shape ") + x.shape().describe().view(),
                      text("shape ") + dx.shape().describe().view());
    for (int i = upstream.id; i < static_cast<int>(g.nodes.size()); ++i)
        if (facts_of(g.nodes[static_cast<std::size_t>(i)].kind).effect)
            return reject(g, detail::within{"with_gradient"}, text("a rule without a scan and without an update"),
                          text(name_of(g.nodes[static_cast<std::size_t>(i)].kind)));
    n.kind = detail::op::with_gradient;
    n.batched = false;
    const value made = add_node(g, n, {y, x, dx, upstream});
    if (made.valid()) g.nodes[static_cast<std::size_t>(made.id)].batched = y.batched();
    return made;
}

constexpr value scale_gradient(value x, double factor) {
    return with_gradient(x, x, [=](value dy) { return dy * factor; });
}
constexpr value clip_gradient(value x, double limit) {
    return with_gradient(x, x, [=](value dy) { return clamp(dy, -limit, limit); });
}

namespace detail {

struct with_gradient_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) { c.y[item] = c.x[0][item]; }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        if (!t.wants(y.argument(1))) return;
        graph& g = *y.owner;
        const int result = y.argument(2).id, upstream = y.argument(3).id;
        const auto at = [&](int i) { return static_cast<std::size_t>(i - upstream); };
        detail::list<int> now(result >= upstream ? at(result) + 1 : 1, -1);  // copies of what depends on dy
        now[0] = dy.id;
        const auto of = [&](int i) { return i < upstream || now[at(i)] < 0 ? i : now[at(i)]; };
        for (int i = upstream + 1; i <= result; ++i) {
            bool depends = false;
            for (int k = 0; k < g.nodes[static_cast<std::size_t>(i)].argument_count; ++k)
                depends = depends || of(g.argument(i, k)) != g.argument(i, k);
            if (!depends) continue;
            const node c = g.copy_of(node(g.nodes[static_cast<std::size_t>(i)]));
            for (int k = 0; k < c.argument_count; ++k) g.argument(c, k) = of(g.argument(c, k));
            now[at(i)] = g.add(c);
        }
        t.add(y.argument(1), {&g, of(result)});
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
