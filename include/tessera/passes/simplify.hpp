// simplify: equal nodes become one, identities and numbers vanish, and what nothing needs is dropped.
//
// Nodes with an effect or a will of their own (random, store, loops) are never merged. Only pointwise code reads
// numbers as they are: where another operation or a caller does, a node is put in between that writes the number to
// memory. Runs in time that is linear in the number of nodes.
#pragma once
#include <bit>
#include <tessera/ir/value.hpp>

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
    // bit by bit: 0 is not -0
    if (std::bit_cast<std::uint64_t>(a.factor) != std::bit_cast<std::uint64_t>(b.factor)) return false;
    node c = a;
    c.scope = b.scope;
    return c == b;
}

// the value that n equals without being computed, or -1; for reshape and pointwise
constexpr int shortcut(const node* nodes, const node& n) {
    const auto like = [&](int k) {
        const node& a = nodes[n.args[k]];
        return a.shape == n.shape && a.batched == n.batched ? n.args[k] : -1;
    };
    const auto number = [&](int k, double c) {
        const node& a = nodes[n.args[k]];
        return a.kind == op::constant && a.factor == c;
    };
    if (n.kind == op::reshape) return like(0);
    switch (n.function) {
        case scalar_function::identity:
        case scalar_function::stop_gradient:
        case scalar_function::straight_through: {
            int a = n.args[0];
            while (nodes[a].kind == op::reshape) a = nodes[a].args[0];
            const op kind = nodes[a].kind;  // a number is not yet memory, a carry not for long
            return kind == op::constant || kind == op::inverse_count || kind == op::carry || kind == op::item ? -1
                                                                                                              : like(0);
        }
        case scalar_function::add: return number(1, 0) ? like(0) : number(0, 0) ? like(1) : -1;
        case scalar_function::subtract: return number(1, 0) ? like(0) : -1;
        case scalar_function::multiply: return number(1, 1) ? like(0) : number(0, 1) ? like(1) : -1;
        case scalar_function::divide: return number(1, 1) ? like(0) : -1;
        default: return -1;
    }
}

// a pointwise function of numbers is a number
constexpr void fold_numbers(const node* nodes, node& n) {
    if (n.shape.rank != 0 || n.batched) return;
    double v[3] = {};
    for (int k = 0; k < n.argument_count(); ++k) {
        const node& a = nodes[n.args[k]];
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

constexpr bool is_number(op k) { return k == op::constant || k == op::inverse_count; }

// a number as a value that stands in memory; anything else as it is
constexpr int in_memory(std::vector<node>& nodes, int i) {
    const node& number = nodes[static_cast<std::size_t>(i)];
    if (!is_number(number.kind)) return i;
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
    std::vector<char> needed(nodes.size(), 0);
    char* const is = needed.data();
    for (int o : g.outputs) is[o] = 1;
    for (int l : g.losses) is[l] = 1;
    for (const tap_info& t : g.taps) is[t.id] = 1;
    const node* const list = nodes.data();
    for (int i = static_cast<int>(nodes.size()) - 1; i >= 0; --i) {
        const node& n = list[i];
        if (is[i] == 0 && !is_effect(n.kind) && !keeps(n.kind)) continue;
        is[i] = 1;
        for (int k = 0; k < max_arguments && n.args[k] >= 0; ++k) is[n.args[k]] = 1;
        if (updates_state(n)) is[g.state_ids[static_cast<std::size_t>(n.slot)]] = 1;  // read or not
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
    kept.reserve(at(count) + 16);
    int buckets = 16;
    while (buckets < count) buckets *= 2;
    std::vector<int> numbers(at(count), -1), heads(at(buckets), -1), chains(at(count) + 16, -1);
    int *const now = numbers.data(), *const head = heads.data();  // old number -> new number; of a bucket
    const char* const is_wanted = wanted.data();
    node* const nodes = g.nodes.data();
    for (int i = 0; i < count; ++i) {
        if (is_wanted[i] == 0) continue;
        node& n = nodes[i];
        const node* const made = kept.data();
        n.renumber_arguments(now);
        if (n.kind == op::reshape)  // of a reshape: of its operand
            while (made[n.args[0]].kind == op::reshape) n.args[0] = made[n.args[0]].args[0];
        if (n.kind == op::reshape || n.kind == op::pointwise) {
            if (const int s = simplification::shortcut(made, n); s >= 0) {
                now[i] = s;
                continue;
            }
        }
        if (n.kind == op::pointwise)
            simplification::fold_numbers(made, n);
        else
            for (int k = 0; k < max_arguments && n.args[k] >= 0; ++k)
                if (simplification::is_number(kept[at(n.args[k])].kind))
                    n.args[k] = simplification::in_memory(kept, n.args[k]);
        int same = -1;
        if (simplification::may_merge(n)) {
            int& first = head[simplification::hash(n) & static_cast<unsigned>(buckets - 1)];
            for (same = first; same >= 0 && !simplification::equal_but_for_scope(kept[at(same)], n);)
                same = chains[at(same)];
            if (same < 0) {
                if (chains.size() <= kept.size()) chains.resize(2 * kept.size(), -1);
                chains[kept.size()] = first;
                first = static_cast<int>(kept.size());
            }
        }
        if (same < 0) {
            same = static_cast<int>(kept.size());
            kept.push_back(n);
        }
        now[i] = same;
    }

    // to the numbers of what is kept
    const auto kept_as = [&](int& i) { i = i < 0 ? -1 : now[i]; };
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
    std::vector<int> numbers_of_kept(kept.size(), -1);
    int* const compact = numbers_of_kept.data();
    std::vector<node> result;
    result.reserve(kept.size());
    for (bool stores : {false, true})  // stores last: whoever reads a state reads that of the call before
        for (std::size_t i = 0; i < kept.size(); ++i) {
            node& n = kept[i];
            if (needed[i] == 0 || (n.kind == op::store) != stores) continue;
            compact[i] = static_cast<int>(result.size());
            n.renumber_arguments(compact);
            result.push_back(n);
        }
    g.renumber(compact);
    g.nodes = std::move(result);
    return g;
}

}  // namespace tessera
