// A graph evaluated node by node, each value in memory of its own: what no schedule and no placement can spoil.
#pragma once
#include <tessera/backend/scalar/execute.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/target.hpp>
#include <vector>

namespace tessera {

using namespace detail;

// a new input of the graph
inline value given(graph& g, const extents& shape, element type = element::real) {
    return losses::target(g, text("given"), shape, type);
}

// how many nodes are of a kind
inline int count_of(const graph& g, op kind) {
    int n = 0;
    for (const node& i : g.nodes) n += i.kind == kind;
    return n;
}
inline int count_of(const graph& g, scalar_function f) {
    int n = 0;
    for (const node& i : g.nodes) n += i.kind == op::pointwise && i.function == f;
    return n;
}

using all_values = std::vector<std::vector<double>>;

// Runs one operation; y is where its result number `which` goes, no other is made.
inline void run_operation(const graph& g, const node& n, const all_values& made, int count, int which, double* y) {
    const double* x[max_arguments] = {};
    double* further[max_results - 1] = {};
    call<double> c;
    c.graph = g.view();
    c.self = &n;
    c.x = x;
    c.count = count;
    c.further = further;
    (which == 0 ? c.y : further[which - 1]) = y;
    for (int k = 0; k < n.argument_count; ++k) x[k] = made[static_cast<std::size_t>(c.graph.argument(n, k))].data();
    with_operation(n.kind, [&](auto operation) {
        for (int item = 0; item < operation.items(c); ++item) operation.run(c, item);
    });
}

// the value of every node; inputs by their number, parameters by theirs
inline all_values evaluate(const graph& g, const all_values& inputs, const all_values& parameters, int count) {
    all_values made(g.nodes.size());
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        const node& n = g.nodes[i];
        if (n.kind == op::input) made[i] = inputs[static_cast<std::size_t>(n.slot)];
        if (n.kind == op::parameter) made[i] = parameters[static_cast<std::size_t>(n.slot)];
        if (n.kind == op::constant)
            for (int k = 0; k < n.shape.size(); ++k) made[i].push_back(g.view().number(n, k));
        if (n.kind == op::inverse_count) made[i] = {1.0 / count};
        if (is_source(n.kind)) continue;
        made[i].resize(static_cast<std::size_t>(n.shape.size() * (n.batched ? count : 1)));
        const bool further = n.kind == op::result;
        run_operation(g, further ? g.view().operand(n, 0) : n, made, count, further ? n.slot : 0, made[i].data());
    }
    return made;
}

// small numbers without a pattern
inline std::vector<double> scattered(int size, std::uint64_t stream) {
    std::vector<double> x;
    for (int i = 0; i < size; ++i) x.push_back(2 * uniform_number(3, stream, static_cast<std::uint64_t>(i)) - 1);
    return x;
}

}  // namespace tessera
