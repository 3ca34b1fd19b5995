// execute: a program run by its reference implementations, step by step, from tables.
//
// One function serves constant evaluation, microcontrollers, the tests' oracle and device code: the team says how
// the items of an operation are shared out. Alone, it is a loop; the threads of a block take every n-th item and
// meet at a barrier after each step.
#pragma once
// the first, so that a message has no long list of headers before it
#include <tessera/program.hpp>

#include <algorithm>
#include <tessera/backend/widths.hpp>
#include <tessera/ir/operations.hpp>
#include <type_traits>

namespace tessera::detail::scalar {

struct alone {
    constexpr int rank() const { return 0; }
    constexpr int size() const { return 1; }
    constexpr void meet() const {}
};

// A step: the node that it makes, and where its room begins, in lines of the workspace; -1 if it has none. So too for the
// nodes of its further results.
struct instruction {
    int node = 0, room = -1;
    int further[max_results - 1] = {-1, -1};
};

// A program as plain data, so that device code may hold a copy.
template <class Graph, int Steps, bool Mixes = false> struct instructions {
    static constexpr bool mixes_widths = Mixes;

    decltype(Graph::nodes) nodes;
    decltype(Graph::arguments) arguments;
    decltype(Graph::words) words;
    decltype(Graph::numbers) numbers;
    placed at[std::extent_v<decltype(Graph::nodes)>];
    placed at_in_other_width[Mixes ? std::extent_v<decltype(Graph::nodes)> : 1];
    instruction run[Steps + 1];
    int count = 0;

    constexpr graph_view view() const { return {nodes, arguments, words, numbers}; }
};

template <class Table, class Graph, class Order, class Places>
constexpr void add_steps(Table& t, const Graph& g, const Order& order, const Places& places) {
    int run_of[std::extent_v<decltype(t.nodes)>] = {};  // of a node with further results
    for (int k = 0; k < order.step_count; ++k) {
        const int i = order.steps[k].anchor >= 0 ? order.steps[k].anchor : order.members[order.steps[k].first];
        run_of[i] = t.count;
        if (!places.elided[i]) t.run[t.count++] = {i, places.scratch[k]};
    }
    for (int i = 0; i < g.node_count; ++i)
        if (g.nodes[i].kind == op::result && order.stored[i])
            t.run[run_of[g.view().argument(g.nodes[i], 0)]].further[g.nodes[i].slot - 1] = i;
}

template <class Program>
inline constexpr auto instructions_of = [] {
    const auto& g = Program::graph;
    const auto& order = Program::order;
    instructions<std::remove_cvref_t<decltype(g)>, Program::order.step_count, Program::mixes_widths> t{};
    std::ranges::copy(g.nodes, t.nodes);
    std::ranges::copy(g.arguments, t.arguments);
    std::ranges::copy(g.words, t.words);
    std::ranges::copy(g.numbers, t.numbers);
    std::copy_n(Program::places.at, Program::nodes, t.at);
    if constexpr (Program::mixes_widths)
        for (int i = 0; i < Program::nodes; ++i)
            t.at_in_other_width[i] = placed_in_other_width<typename Program::real_type>(t.at[i]);
    add_steps(t, g, order, Program::places);
    return t;
}();

// A step of any program: compiled once, however many there are.
// at: where values are, in numbers of T; mixes: whether the program's numbers have two widths
template <class T, class Team>
constexpr void run_step(const graph_view& g, const instruction& now, const placed* at, bool mixes, const memory<T>& m,
                        const Team& team) {
    // the numbers of a step have one width, which is that of T
    const auto is_number_of_step = [&](element e) { return mixes ? is_floating(e) : e == element::real; };
    const node& self = g[now.node];
    const T* x[max_arguments];
    const std::int32_t* index[max_arguments];
    call<T> c;
    c.graph = g;
    c.self = &self;
    c.x = x;
    c.index = index;
    c.count = m.count;
    c.seed = m.seed;
    c.iteration = m.iteration;
    c.first = m.first;
    if (is_number_of_step(self.type))
        c.y = target(m, at[now.node]);
    else
        c.index_y = index_target(m, at[now.node]);
    if (now.room >= 0) c.room = m.workspace + now.room * elements_of_line<T>;
    bool whole = !is_number_of_step(self.type);
    T* further[max_results - 1] = {};
    std::int32_t* index_further[max_results - 1] = {};
    c.further = further;
    c.index_further = index_further;
    for (int k = 0; k < max_results - 1; ++k) {
        if (now.further[k] < 0) continue;
        const bool real = is_number_of_step(g[now.further[k]].type);
        whole = whole || !real;
        if (real)
            further[k] = target(m, at[now.further[k]]);
        else
            index_further[k] = index_target(m, at[now.further[k]]);
    }
    for (int k = 0; k < self.argument_count; ++k) {
        const placed& p = at[g.argument(self, k)];
        const bool real = is_number_of_step(g.operand(self, k).type);
        whole = whole || !real;
        x[k] = real ? address(m, p) : nullptr;
        index[k] = real ? nullptr : index_address(m, p);
    }
    const auto run_as = [&](auto operation, const auto& now_of_its_type) {
        const int items = operation.items(now_of_its_type);
        for (int i = team.rank(); i < items; i += team.size()) operation.run(now_of_its_type, i);
    };
    if (!is_number_of_step(self.type) && facts_of(self.kind).any_element)
        with_moving_operation(self.kind, [&](auto operation) {
            with_moving_call(c, [&](const auto& moving) { run_as(operation, moving); });
        });
    else
        with_operation(self.kind, [&](auto operation) { run_as(operation, c); });
    team.meet();
    // the workspace holds numbers of one type after those of another: no access may move across
    if (whole && !std::is_constant_evaluated()) asm volatile("" : : : "memory");
}

template <class T, class Table, class Team> constexpr void run(const Table& t, const memory<T>& m, const Team& team) {
    const graph_view g = t.view();
    const auto mark = [&](int k) -> const node& { return g[t.run[k].node]; };
    run_steps(
        t.count, m, [&](int k) { return mark(k).kind; }, [&](int k) { return g.attributes<loop_attributes>(mark(k)); },
        [&](int k, const memory<T>& now) { run_step(g, t.run[k], t.at, Table::mixes_widths, now, team); });
}

// the same of a program with numbers of another width, which `other` shows the same buffers as
template <class T, class Table, class Team>
constexpr void run(const Table& t, const memory<T>& m, memory<other_real<T>> other, const Team& team) {
    const graph_view g = t.view();
    const auto mark = [&](int k) -> const node& { return g[t.run[k].node]; };
    const auto run_one = [&](int k, const memory<T>& now) {
        const node& self = mark(k);
        if (self.kind == op::cast) {
            const int count = self.shape.size() * (self.batched ? m.count : 1);
            with_operands_of_cast(g, self, t.at[g.argument(self, 0)], t.at[t.run[k].node], m, other,
                                  [&](auto* y, auto x) {
                                      for (int i = team.rank(); i < count; i += team.size()) y[i] = x(i);
                                  });
            return team.meet();
        }
        if (!has_width(g.width_of(self))) return run_step(g, t.run[k], t.at, true, now, team);
        other.iteration = now.iteration;
        other.first = now.first;
        run_step(g, t.run[k], t.at_in_other_width, true, other, team);
    };
    run_steps(
        t.count, m, [&](int k) { return mark(k).kind; }, [&](int k) { return g.attributes<loop_attributes>(mark(k)); },
        [&](int k, const memory<T>& now) {
            if (!std::is_constant_evaluated()) asm volatile("" : : : "memory");
            run_one(k, now);
            if (!std::is_constant_evaluated()) asm volatile("" : : : "memory");
        });
}

}  // namespace tessera::detail::scalar
