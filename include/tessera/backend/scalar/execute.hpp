// execute: a program run by its reference implementations, step by step, from tables.
//
// One function serves constant evaluation, microcontrollers, the tests' oracle and device code: the team says how
// the items of an operation are shared out. Alone, it is a loop; the threads of a block take every n-th item and
// meet at a barrier after each step.
#pragma once
#include <tessera/ir/operations.hpp>
#include <tessera/program.hpp>

namespace tessera::scalar {

struct alone {
    constexpr int rank() const { return 0; }
    constexpr int size() const { return 1; }
    constexpr void meet() const {}
};

// A step: the node that it makes, and where its room begins, in lines of the workspace; -1 if it has none.
struct instruction {
    int node = 0, room = -1;
};

// A program as plain data, so that device code may hold a copy.
template <int Nodes, int Steps> struct instructions {
    node nodes[Nodes + 1];
    placed at[Nodes + 1];
    instruction run[Steps + 1];
    int count = 0;
};

template <class Program>
inline constexpr auto instructions_of = [] {
    instructions<Program::nodes, Program::order.step_count> t;
    const auto& order = Program::order;
    for (int i = 0; i < Program::nodes; ++i) {
        t.nodes[i] = Program::graph.nodes[i];
        t.at[i] = Program::places.at[i];
    }
    for (int k = 0; k < order.step_count; ++k) {
        const int i = order.steps[k].anchor >= 0 ? order.steps[k].anchor : order.members[order.steps[k].first];
        if (!Program::places.elided[i]) t.run[t.count++] = {i, Program::places.scratch[k]};
    }
    return t;
}();

// Pointwise operands that are numbers are read from the node; the reciprocal of the count is one of them.
constexpr node number_of(const node& inverse_count, int count) {
    node c = inverse_count;
    c.kind = op::constant;
    c.factor = 1.0 / count;
    return c;
}

template <class T, class Table, class Team>
constexpr void run_step(const Table& t, int number, const memory<T>& m, const Team& team) {
    const instruction now = t.run[number];
    const node& self = t.nodes[now.node];
    call<T> c;
    node numbers[max_arguments];
    c.self = &self;
    c.count = m.count;
    c.seed = m.seed;
    c.iteration = m.iteration;
    c.first = m.first;
    c.y = target(m, t.at[now.node]);
    if (now.room >= 0) c.room = m.workspace + now.room * elements_of_line<T>;
    for (int k = 0; k < max_arguments && self.args[k] >= 0; ++k) {
        const node& a = t.nodes[self.args[k]];
        const placed& p = t.at[self.args[k]];
        c.arg[k] = &a;
        if (a.type == element::int32) {
            c.index = m.index_inputs[p.offset];
        } else if (a.kind == op::inverse_count) {
            numbers[k] = number_of(a, m.count);
            c.arg[k] = &numbers[k];
        } else if (a.kind != op::constant) {
            c.x[k] = address(m, p);
        }
    }
    with_operation(self.kind, [&](auto operation) {
        const int items = operation.items(c);
        for (int i = team.rank(); i < items; i += team.size()) operation.run(c, i);
    });
    team.meet();
}

template <class T, class Table, class Team> constexpr void run(const Table& t, const memory<T>& m, const Team& team) {
    const auto mark = [&](int k) -> const node& { return t.nodes[t.run[k].node]; };
    run_steps(
        t.count, m, [&](int k) { return mark(k).kind; }, mark,
        [&](int k, const memory<T>& now) { run_step(t, k, now, team); });
}

}  // namespace tessera::scalar
