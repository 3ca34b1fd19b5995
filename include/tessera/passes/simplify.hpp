// simplify: equal nodes become one, identities and numbers vanish, and what nothing needs is dropped.
//
// Nodes with an effect or a will of their own (random, store, loops) are never merged. Only pointwise code reads
// numbers as they are: where another operation or a caller does, a node is put in between that writes the number to
// memory. Runs in time that is linear in the number of nodes.
#pragma once
#include <tessera/ir/graph.hpp>

namespace tessera {

namespace simplification {

constexpr bool may_merge(const node& n) {
    return !is_source(n.kind) ? n.kind < op::random : n.kind == op::constant || n.kind == op::inverse_count;
}

// kept whether or not anything reads it
constexpr bool is_effect(op k) {
    return k == op::store || k == op::loop || k == op::carry || k == op::next || k == op::loop_end;
}

constexpr unsigned hash(const node& n) {
    unsigned h = static_cast<unsigned>(n.kind) * 31u + static_cast<unsigned>(n.function);
    for (int a : n.args) h = h * 1000003u + static_cast<unsigned>(a);
    return h ^ static_cast<unsigned>(n.shape.size());
}

constexpr bool equal_but_for_scope(const node& a, const node& b) {
    if (a.kind != b.kind || a.function != b.function || a.args[0] != b.args[0] || a.args[1] != b.args[1]) return false;
    node c = a;
    c.scope = b.scope;
    return c == b;
}

// the value that n equals without being computed, or -1
constexpr int shortcut(const std::vector<node>& nodes, const node& n) {
    const auto arg = [&](int k) -> const node& { return nodes[static_cast<std::size_t>(n.args[k])]; };
    const auto like = [&](int k) { return arg(k).shape == n.shape && arg(k).batched == n.batched ? n.args[k] : -1; };
    const auto memory_like = [&](int k) {
        const op kind = arg(k).kind;
        return kind == op::constant || kind == op::inverse_count || kind == op::carry || kind == op::item ? -1
                                                                                                          : like(k);
    };
    const auto number = [&](int k, double c) { return arg(k).kind == op::constant && arg(k).factor == c; };
    if (n.kind == op::reshape) return like(0);
    if (n.kind != op::pointwise) return -1;
    switch (n.function) {
        case scalar_function::identity:
        case scalar_function::stop_gradient: return memory_like(0);  // a number is not yet memory, a carry not for long
        case scalar_function::add: return number(1, 0) ? like(0) : number(0, 0) ? like(1) : -1;
        case scalar_function::subtract: return number(1, 0) ? like(0) : -1;
        case scalar_function::multiply: return number(1, 1) ? like(0) : number(0, 1) ? like(1) : -1;
        case scalar_function::divide: return number(1, 1) ? like(0) : -1;
        default: return -1;
    }
}

// a pointwise function of numbers is a number
constexpr void fold_numbers(const std::vector<node>& nodes, node& n) {
    if (n.kind != op::pointwise || n.shape.rank != 0 || n.batched) return;
    double v[3] = {};
    for (int k = 0; k < n.argument_count(); ++k) {
        const node& a = nodes[static_cast<std::size_t>(n.args[k])];
        if (a.kind != op::constant) return;
        v[k] = a.factor;
    }
    const double result = evaluate(n.function, v[0], v[1], v[2]);
    node c;
    c.kind = op::constant;
    c.factor = result;
    c.scope = n.scope;
    n = c;
}

// a number as a value that stands in memory; anything else as it is
constexpr int in_memory(std::vector<node>& nodes, int i) {
    const node number = nodes[static_cast<std::size_t>(i)];
    if (number.kind != op::constant && number.kind != op::inverse_count) return i;
    node n;
    n.kind = op::pointwise;
    n.args[0] = i;
    n.scope = number.scope;
    nodes.push_back(n);
    return static_cast<int>(nodes.size()) - 1;
}

// what outputs, losses, taps and effects lead to, and the nodes of kinds that are kept; g counts as `nodes` does
template <class Keeps>
constexpr std::vector<char> needed_of(const graph& g, const std::vector<node>& nodes, Keeps keeps) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<char> needed(nodes.size(), 0);
    for (int o : g.outputs) needed[at(o)] = 1;
    for (int l : g.losses) needed[at(l)] = 1;
    for (const tap_info& t : g.taps) needed[at(t.id)] = 1;
    for (std::size_t i = nodes.size(); i-- > 0;) {
        if (is_effect(nodes[i].kind) || keeps(nodes[i].kind)) needed[i] = 1;
        if (needed[i])
            for (int a : nodes[i].args)
                if (a >= 0) needed[at(a)] = 1;
    }
    return needed;
}

}  // namespace simplification

constexpr graph simplify(graph g) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const int count = static_cast<int>(g.nodes.size());

    // a first look at what is needed, so that the rest costs nothing more
    const std::vector<char> wanted = simplification::needed_of(g, g.nodes, [](op k) { return is_source(k); });

    std::vector<node> kept;
    kept.reserve(at(count));
    std::vector<int> now(at(count), -1);  // old number -> new number
    std::size_t buckets = 16;
    while (buckets < at(count)) buckets *= 2;
    std::vector<int> head(buckets, -1), next(at(count), -1);
    for (int i = 0; i < count; ++i) {
        if (!wanted[at(i)]) continue;
        node& n = g.nodes[at(i)];
        for (int& a : n.args)
            if (a >= 0) a = now[at(a)];
        if (n.kind == op::reshape)  // of a reshape: of its operand
            while (kept[at(n.args[0])].kind == op::reshape) n.args[0] = kept[at(n.args[0])].args[0];
        if (const int s = simplification::shortcut(kept, n); s >= 0) {
            now[at(i)] = s;
            continue;
        }
        simplification::fold_numbers(kept, n);
        if (n.kind != op::pointwise)
            for (int& a : n.args)
                if (a >= 0) a = simplification::in_memory(kept, a);
        const std::size_t bucket = simplification::hash(n) & (buckets - 1);
        int same = -1;
        if (simplification::may_merge(n))
            for (int k = head[bucket]; k >= 0 && same < 0; k = next[at(k)])
                if (simplification::equal_but_for_scope(kept[at(k)], n)) same = k;
        if (same < 0) {
            same = static_cast<int>(kept.size());
            kept.push_back(n);
            next.resize(kept.size(), -1);
            next[at(same)] = head[bucket];
            head[bucket] = same;
        }
        now[at(i)] = same;
    }

    // to the numbers of what is kept
    const auto kept_as = [&](int& i) { i = i < 0 ? -1 : now[at(i)]; };
    const auto stands_in_memory = [&](int& i) {
        kept_as(i);
        i = simplification::in_memory(kept, i);
    };
    for (int& i : g.outputs) stands_in_memory(i);
    for (int& i : g.losses) stands_in_memory(i);
    for (tap_info& t : g.taps) stands_in_memory(t.id);
    for (int& i : g.parameter_ids) kept_as(i);
    for (int& i : g.state_ids) kept_as(i);

    // what is needed: outputs, losses, taps, stores; and every input, so that calls keep their form
    const std::vector<char> needed = simplification::needed_of(g, kept, [](op k) { return k == op::input; });
    std::vector<int> compact(kept.size(), -1);
    std::vector<node> result;
    result.reserve(kept.size());
    const auto is_store = [](const node& n) { return n.kind == op::store; };
    for (bool stores : {false, true})  // stores last: whoever reads a state reads that of the call before
        for (std::size_t i = 0; i < kept.size(); ++i) {
            if (!needed[i] || is_store(kept[i]) != stores) continue;
            compact[i] = static_cast<int>(result.size());
            for (int& a : kept[i].args)
                if (a >= 0) a = compact[at(a)];
            result.push_back(kept[i]);
        }
    const auto renumber = [&](int& i) { i = i < 0 ? -1 : compact[at(i)]; };
    for (int& i : g.outputs) renumber(i);
    for (int& i : g.losses) renumber(i);
    for (int& i : g.parameter_ids) renumber(i);
    for (int& i : g.state_ids) renumber(i);
    for (tap_info& t : g.taps) renumber(t.id);
    g.nodes = std::move(result);
    return g;
}

}  // namespace tessera
