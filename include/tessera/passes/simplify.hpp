// simplify: equal nodes become one, identities and numbers vanish, and what nothing needs is dropped.
//
// Nodes with an effect or a will of their own (random, store, loops) are never merged. Only pointwise code reads
// numbers as they are: where another operation or a caller does, a node is put in between that writes the number to
// memory. Runs in time that is linear in the number of nodes.
//
//   simplify(g)          the graph, simplified; what is computed from constants alone is one
//   simplify<false>(g)   the same, but such nodes stay: what computes them, the reference implementations of all
//                        operations in double, is then not compiled. has_computable(g) says whether there are any
#pragma once
#include <bit>
#include <tessera/ir/operations.hpp>

namespace tessera::detail {

namespace simplification {

constexpr unsigned hash(const graph_view& g, const node& n) {
    unsigned h = static_cast<unsigned>(n.kind) * 31u + static_cast<unsigned>(n.function);
    const int* const arguments = g.arguments + n.first_argument;
    for (int k = 0; k < n.argument_count; ++k) h = h * 1000003u + static_cast<unsigned>(arguments[k]);
    return h ^ static_cast<unsigned>(n.shape.size());
}

constexpr bool equal_but_for_scope(const graph_view& g, const node& a, const node& b) {
    if (a.kind != b.kind || a.function != b.function || a.type != b.type || a.batched != b.batched) return false;
    if (a.argument_count != b.argument_count || a.word_count != b.word_count) return false;
    const int *const of_a = g.arguments + a.first_argument, *const of_b = g.arguments + b.first_argument;
    for (int k = 0; k < a.argument_count; ++k)
        if (of_a[k] != of_b[k]) return false;
    for (int i = 0; i < a.word_count; ++i)
        if (g.words[a.first_word + i] != g.words[b.first_word + i]) return false;
    if (a.kind == op::constant) {
        for (int i = 0; i < a.shape.size() && a.shape == b.shape; ++i)  // bit by bit: 0 is not -0
            if (std::bit_cast<std::uint64_t>(g.number(a, i)) != std::bit_cast<std::uint64_t>(g.number(b, i)))
                return false;
        return a.shape == b.shape;
    }
    return a.shape == b.shape && a.slot == b.slot;
}

// what names the memory of its operand, or may
constexpr bool names_operand(op kind) { return kind == op::reshape || kind == op::relayout; }

// the value that n equals without being computed, or -1; for reshape, relayout and pointwise
constexpr int shortcut(const graph_view& g, const node& n) {
    const int* const arguments = g.arguments + n.first_argument;
    const auto like = [&](int k) {
        const node& a = g[arguments[k]];
        return a.shape == n.shape && a.batched == n.batched ? arguments[k] : -1;
    };
    const auto number = [&](int k, double c) { return g.is_number(g[arguments[k]], c); };
    if (n.kind == op::reshape) return like(0);
    if (n.kind == op::relayout)
        return g.attributes<relayout_attributes>(n).is_row_major(n.shape, n.batched) ? like(0) : -1;
    switch (n.function) {
        case scalar_function::identity:
        case scalar_function::stop_gradient:
        case scalar_function::straight_through: {
            int a = arguments[0];
            while (names_operand(g[a].kind)) a = g.argument(g[a], 0);
            const op kind = g[a].kind;  // a number is not yet memory, a carry not for long
            return is_number(g[a]) || kind == op::carry || kind == op::item ? -1 : like(0);
        }
        case scalar_function::add: return number(1, 0) ? like(0) : number(0, 0) ? like(1) : -1;
        case scalar_function::subtract: return number(1, 0) ? like(0) : -1;
        case scalar_function::multiply: return number(1, 1) ? like(0) : number(0, 1) ? like(1) : -1;
        case scalar_function::divide: return number(1, 1) ? like(0) : -1;
        default: return -1;
    }
}

// a pointwise function of numbers is a number
constexpr void fold_numbers(graph& g, const graph_view& made, node& n) {
    if (n.shape.rank != 0 || n.batched) return;
    double v[3] = {};
    for (int k = 0; k < n.argument_count; ++k) {
        const node& a = made.operand(n, k);
        if (a.kind != op::constant) return;
        v[k] = made.number(a);
    }
    node c;
    c.kind = op::constant;
    c.type = n.type;
    c.scope = n.scope;
    g.set_number(c, evaluate(n.function, v[0], v[1], v[2]));
    n = c;
}

// What is computed from constants alone, one of which has axes, becomes a constant: the reference computes it in double.
// A larger one would cost the compiler more than it saves: clang++ allows 2^20 steps, of which an element takes up to 200.
inline constexpr int largest_folded = 1024;

constexpr bool is_computable(const graph_view& made, const node& n) {
    const operation_facts& facts = facts_of(n.kind);
    if (!facts.pure || facts.results > 1)
        return false;  // several results are the program's: a node becomes one constant
    if (n.batched || n.argument_count == 0 || n.shape.size() > largest_folded) return false;
    if (!n.is_floating() && n.kind != op::reshape) return false;
    bool axes = false;
    for (int k = 0; k < n.argument_count; ++k) {
        const node& a = made.operand(n, k);
        if (a.kind != op::constant || (!a.is_floating() && n.kind != op::reshape)) return false;
        axes = axes || a.shape.rank > 0;
    }
    return axes && (n.kind != op::pointwise || n.function != scalar_function::stop_gradient);
}
// as pointwise_operation, for all elements in turn: a constant evaluation counts each step that it takes
constexpr void compute_pointwise(const graph_view& made, const node& n, list<double>& result) {
    const int operands = n.argument_count, rank = n.shape.rank, count = result.count();
    const double* from[3] = {};
    int strides[max_rank][3] = {}, index[max_rank] = {};  // an axis along which an operand is stretched has stride 0
    for (int k = 0; k < operands; ++k) {
        const node& a = made.operand(n, k);
        from[k] = made.numbers + a.slot;
        for (int axis = 1; axis <= a.shape.rank; ++axis)
            strides[rank - axis][k] = a.shape[-axis] == 1 ? 0 : a.shape.stride(-axis);
    }
    for (int i = 0; i < count; ++i) {
        result[i] = evaluate(n.function, *from[0], operands > 1 ? *from[1] : 0, operands > 2 ? *from[2] : 0);
        for (int axis = rank - 1; axis >= 0; --axis) {
            const int length = n.shape[axis];
            const bool at_end = ++index[axis] == length;
            for (int k = 0; k < operands; ++k) from[k] += at_end ? (1 - length) * strides[axis][k] : strides[axis][k];
            if (!at_end) break;
            index[axis] = 0;
        }
    }
}
template <bool Computes> constexpr void compute(graph& g, const graph_view& made, node& n) {
    node c;
    c.kind = op::constant;
    c.type = n.type;
    c.shape = n.shape;
    c.scope = n.scope;
    if (n.kind == op::reshape) {
        c.slot = made.operand(n, 0).slot;
    } else if constexpr (Computes) {
        list<double> result(static_cast<std::size_t>(n.shape.size()), 0.0);
        if (n.kind == op::pointwise) {
            compute_pointwise(made, n, result);
        } else {
            const double* x[max_arguments] = {};
            for (int k = 0; k < n.argument_count; ++k) x[k] = made.numbers + made.operand(n, k).slot;
            call<double> now;
            now.graph = made;
            now.self = &n;
            now.x = x;
            now.y = result.data();
            with_operation(n.kind, [&](auto operation) {
                const int items = operation.items(now);
                for (int i = 0; i < items; ++i) operation.run(now, i);
            });
        }
        g.set_numbers(c, result.data());
    }
    n = c;
}

// a constant in another width: its numbers are as they were written, but those that float32 rounds
constexpr void fold_cast(graph& g, const graph_view& made, node& n) {
    const node& from = made.operand(n, 0);
    node c;
    c.kind = op::constant;
    c.type = n.type;
    c.shape = n.shape;
    c.scope = n.scope;
    c.slot = from.slot;
    if (n.type == element::float32) {
        list<double> rounded;
        for (int i = 0; i < n.shape.size(); ++i) rounded.push_back(static_cast<float>(made.number(from, i)));
        g.set_numbers(c, rounded.data());
    }
    n = c;
}

// a number as a value that stands in memory, of an element with a width where its reader has one; anything else as it is
constexpr int in_memory(graph& g, list<node>& nodes, int i, element of_reader = element::real) {
    const node& number = nodes[static_cast<std::size_t>(i)];
    if (!is_number(number)) return i;
    node n;
    n.kind = op::pointwise;
    n.type = has_width(of_reader) ? of_reader : number.type;
    n.scope = number.scope;
    g.set_arguments(n, {i});
    nodes.push_back(n);
    return static_cast<int>(nodes.size()) - 1;
}

// what outputs, losses, taps and effects lead to, and the nodes of kinds that are kept; g counts as `nodes` does
template <class Keeps> constexpr list<char> needed_of(const graph& g, const list<node>& nodes, Keeps keeps) {
    list<char> needed(nodes.size(), 0);
    char* const is = needed.data();
    for (int o : g.outputs) is[o] = 1;
    for (int l : g.losses) is[l] = 1;
    for (const tap_info& t : g.taps) is[t.id] = 1;
    const node* const list = nodes.data();
    const graph_view view = g.view();
    for (int i = static_cast<int>(nodes.size()) - 1; i >= 0; --i) {
        const node& n = list[i];
        if (is[i] == 0 && !operation_table[static_cast<int>(n.kind)].effect && !keeps(n.kind)) continue;
        is[i] = 1;
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) is[arguments[k]] = 1;
        if (n.kind == op::store && updates_state(view, n))
            is[g.state_ids[static_cast<std::size_t>(n.slot)]] = 1;  // read or not
    }
    return needed;
}

}  // namespace simplification

template <class Graph> constexpr bool has_computable(const Graph& g) {
    const graph_view view = g.view();
    for (int i = 0; i < g.node_count; ++i)
        if (simplification::is_computable(view, view[i])) return true;
    return false;
}

template <bool Computes = true> constexpr graph simplify(graph g) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const int count = static_cast<int>(g.nodes.size());

    // a first look at what is needed, so that the rest costs nothing more
    const list<char> wanted = simplification::needed_of(g, g.nodes, [](op k) { return is_source(k); });

    list<node> kept;
    kept.reserve(at(count) + 16);
    graph_view made;  // what is kept, by its numbers; looked at again after lists may have grown
    const auto look = [&] {
        made = g.view();
        made.nodes = kept.data();
    };
    look();
    int buckets = 16;
    while (buckets < count) buckets *= 2;
    list<int> numbers(at(count), -1), heads(at(buckets), -1);
    list<int> chains;  // by kept node: the one before it in its bucket
    chains.reserve(at(count) + 16);
    int *const now = numbers.data(), *const head = heads.data();  // old number -> new number; of a bucket
    const char* const is_wanted = wanted.data();
    node* const nodes = g.nodes.data();
    for (int i = 0; i < count; ++i) {
        if (is_wanted[i] == 0) continue;
        node& n = nodes[i];
        int* own = g.arguments.data() + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) own[k] = now[own[k]];
        if (n.kind == op::with_gradient) {  // its rule has been applied, or is not needed
            n.kind = op::pointwise;
            n.argument_count = 1;
        }
        const bool name = simplification::names_operand(n.kind);
        if (name)  // of a reshape, or a relayout of a relayout: of its operand
            while (made[own[0]].kind == n.kind) own[0] = made.argument(made[own[0]], 0);
        if (name || n.kind == op::pointwise) {
            if (const int s = simplification::shortcut(made, n); s >= 0) {
                now[i] = s;
                continue;
            }
        }
        const bool of_constant = n.argument_count > 0 && made[own[0]].kind == op::constant;
        if (of_constant && n.kind == op::cast && made[own[0]].is_floating()) {
            simplification::fold_cast(g, made, n);
            look();
        } else if (of_constant && (Computes || n.kind == op::reshape) && simplification::is_computable(made, n)) {
            simplification::compute<Computes>(g, made, n);
            look();
        } else if (n.kind == op::pointwise) {
            if (of_constant) simplification::fold_numbers(g, made, n);
            made.numbers = g.numbers.data();
        } else {
            for (int k = 0; k < n.argument_count; ++k)
                if (is_number(made[own[k]])) {
                    const int stored =
                        simplification::in_memory(g, kept, own[k], n.kind == op::cast ? element::real : n.type);
                    look();
                    own = g.arguments.data() + n.first_argument;
                    own[k] = stored;
                }
        }
        int same = -1;
        if (facts_of(n.kind).pure) {
            int& first = head[simplification::hash(made, n) & static_cast<unsigned>(buckets - 1)];
            for (same = first; same >= 0 && !simplification::equal_but_for_scope(made, made[same], n);)
                same = chains[same];
            if (same < 0) {
                chains.extend(static_cast<int>(kept.size()) + 1 - chains.count());
                chains[static_cast<int>(kept.size())] = first;
                first = static_cast<int>(kept.size());
            }
        }
        if (same < 0) {
            same = static_cast<int>(kept.size());
            kept.push_back(n);
            made.nodes = kept.data();
        }
        now[i] = same;
    }

    // to the numbers of what is kept
    const auto kept_as = [&](int& i) { i = i < 0 ? -1 : now[i]; };
    const auto stands_in_memory = [&](int& i) {
        kept_as(i);
        i = simplification::in_memory(g, kept, i);
    };
    for (int& i : g.outputs) stands_in_memory(i);
    for (int& i : g.losses) stands_in_memory(i);
    for (tap_info& t : g.taps) stands_in_memory(t.id);
    for (int& i : g.parameter_ids) kept_as(i);
    for (int& i : g.state_ids) kept_as(i);

    // what is needed: outputs, losses, taps, stores; and every input, so that calls keep their form
    const list<char> needed = simplification::needed_of(g, kept, [](op k) { return k == op::input; });
    list<int> numbers_of_kept(kept.size(), -1);
    int* const compact = numbers_of_kept.data();
    look();
    // the lists anew as well: parts of what is gone are no node's any more
    list<node> result;
    result.reserve(kept.size());
    list<int> new_arguments, new_words;
    new_arguments.reserve(g.arguments.size());
    new_words.reserve(g.words.size());
    list<double> new_numbers;
    for (bool stores : {false, true})  // stores last: whoever reads a state reads that of the call before
        for (std::size_t i = 0; i < kept.size(); ++i) {
            node& n = kept[i];
            if (needed[i] == 0 || (n.kind == op::store) != stores) continue;
            compact[i] = static_cast<int>(result.size());
            const int *const own = made.arguments_of(n), *const words = made.words + n.first_word;
            n.first_argument = new_arguments.count();
            n.first_word = new_words.count();
            int *const to = new_arguments.extend(n.argument_count), *const words_to = new_words.extend(n.word_count);
            for (int k = 0; k < n.argument_count; ++k) to[k] = compact[own[k]];
            for (int k = 0; k < n.word_count; ++k) words_to[k] = words[k];
            if (n.kind == op::constant) {
                const double* const first = g.numbers.data() + n.slot;
                n.slot = new_numbers.count();
                new_numbers.append(first, first + n.shape.size());
            }
            result.push_back(n);
        }
    g.renumber(compact);
    g.nodes = std::move(result);
    g.arguments = std::move(new_arguments);
    g.words = std::move(new_words);
    g.numbers = std::move(new_numbers);
    return g;
}

}  // namespace tessera::detail
