// raise: compositions that have an operation of their own become that operation.
//
//   softmax(scale q k' + bias) v, by einsums     attention, over (T, H, K) or (T, K), axes in any order
//   log(softmax(x))                              log_softmax
//   (x - mean) rsqrt(variance + epsilon)         normalise; also / sqrt(variance + epsilon)
//
// What is raised is no longer computed, so scores and weights must have one reader, be no output and no tap, and stand
// in the same iteration of a loop as the result. Runs ahead of differentiation: operations have better gradients than
// their compositions. A graph without such compositions costs one look at each node.
#pragma once
#include <tessera/ir/operations.hpp>
#include <utility>

namespace tessera {

namespace raising {

using node_list = std::vector<node>;

constexpr const node& at(const node_list& nodes, int i) { return nodes[static_cast<std::size_t>(i)]; }
constexpr bool is(const node& n, scalar_function f) { return n.kind == op::pointwise && n.function == f; }

// readers of each node; what callers see counts as two
constexpr std::vector<int> readers_of(const graph& g) {
    std::vector<int> readers(g.nodes.size(), 0);
    for (const node& n : g.nodes)
        for (int a : n.args)
            if (a >= 0) ++readers[static_cast<std::size_t>(a)];
    for (int i : g.outputs) readers[static_cast<std::size_t>(i)] += 2;
    for (int i : g.losses) readers[static_cast<std::size_t>(i)] += 2;
    for (const tap_info& t : g.taps) readers[static_cast<std::size_t>(t.id)] += 2;
    return readers;
}

constexpr bool no_mark_between(const node_list& nodes, int first, int end) {
    for (int i = first; i < end; ++i)
        if (at(nodes, i).kind == op::loop || at(nodes, i).kind == op::loop_end) return false;
    return true;
}

struct attention_match {
    static constexpr int most_biases = 4;
    int q = -1, k = -1, v = -1, biases[most_biases] = {}, bias_count = 0;
    double scale = 1;
    // to (T, H, K), (S, H, K), (S, H, V), (H, T, S), and from (T, H, V); without H where there are no heads
    permutation of_q, of_k, of_v, of_scores, of_result;
};

// the product of queries and keys under sums with biases and, below those, products with numbers; -1 if there is none
constexpr int scores_below(const node_list& nodes, const std::vector<int>& readers, int i, const extents& shape,
                           bool scaled, attention_match& m) {
    const node& n = at(nodes, i);
    if (readers[static_cast<std::size_t>(i)] != 1 || !(n.shape == shape)) return -1;
    if (n.kind == op::einsum) return n.list[0] == 0 ? i : -1;
    if (is(n, scalar_function::add) && !scaled && m.bias_count < attention_match::most_biases) {
        for (int k : {0, 1}) {
            const attention_match before = m;
            m.biases[m.bias_count++] = n.args[1 - k];
            if (const int found = scores_below(nodes, readers, n.args[k], shape, false, m); found >= 0) return found;
            m = before;
        }
        return -1;
    }
    const bool divides = is(n, scalar_function::divide);
    if (!divides && !is(n, scalar_function::multiply)) return -1;
    for (int k : {1, 0}) {
        const node& number = at(nodes, n.args[k]);
        if (number.kind != op::constant || (divides && k == 0)) continue;
        m.scale *= divides ? 1 / number.factor : number.factor;
        return scores_below(nodes, readers, n.args[1 - k], shape, true, m);
    }
    return -1;
}

// whether the axes of both products are those of attention; `weights` says which operand of the second they are
constexpr bool fit_axes(const node& scores, const node& result, int weights, attention_match& m) {
    using equation::find, equation::labels_of;
    const auto of_scores = labels_of(scores, 2), of_weights = labels_of(result, weights);
    const auto of_v = labels_of(result, 1 - weights), out = labels_of(result, 2);
    const auto r = of_scores.size();
    if (r != 2 && r != 3) return false;
    const char s = of_scores[r - 1];
    const int keys = find(labels_of(scores, 0), s) >= 0 ? 0 : 1;  // which operand of the first
    const auto of_q = labels_of(scores, 1 - keys), of_k = labels_of(scores, keys);
    if (find(of_q, s) >= 0 || of_q.size() != r || of_k.size() != r || of_v.size() != r || out.size() != r) return false;
    int t = -1, h = -1;
    for (std::size_t i = 0; i + 1 < r; ++i) {
        if (find(of_q, of_scores[i]) < 0) return false;
        int& axis = find(of_k, of_scores[i]) >= 0 ? h : t;
        if (axis >= 0) return false;
        axis = static_cast<int>(i);
    }
    if (t < 0) return false;
    const auto letter = [](std::string_view labels, int axis) { return labels[static_cast<std::size_t>(axis)]; };
    char inner = 0, d = 0;
    for (char c : of_q)
        if (find(of_scores, c) < 0) inner = c;
    for (char c : of_v)
        if (find(of_weights, c) < 0) d = c;
    const char last_weight = of_weights[r - 1];
    if (d == 0 || find(of_v, letter(of_weights, t)) >= 0) return false;
    if (find(of_v, last_weight) < 0 || find(out, last_weight) >= 0) return false;
    if (h >= 0 && (find(of_v, letter(of_weights, h)) < 0 || find(out, letter(of_weights, h)) < 0)) return false;

    const auto order = [&](permutation& p, std::string_view labels, char first, std::string_view heads, char end) {
        p.push(find(labels, first));
        if (h >= 0) p.push(find(labels, letter(heads, h)));
        p.push(find(labels, end));
    };
    order(m.of_q, of_q, letter(of_scores, t), of_scores, inner);
    order(m.of_k, of_k, s, of_scores, inner);
    order(m.of_v, of_v, last_weight, of_weights, d);
    if (h >= 0) m.of_scores.push(h);
    m.of_scores.push(t);
    m.of_scores.push(static_cast<int>(r) - 1);
    for (char c : out) m.of_result.push(c == letter(of_weights, t) ? 0 : c == d ? static_cast<int>(r) - 1 : 1);
    m.q = scores.args[1 - keys];
    m.k = scores.args[keys];
    m.v = result.args[1 - weights];
    return true;
}

constexpr bool match_attention(const node_list& nodes, const std::vector<int>& readers, int i, attention_match& m) {
    const node& result = at(nodes, i);
    for (int k : {0, 1}) {
        const int w = result.args[k];
        const node& weights = at(nodes, w);
        if (weights.kind != op::softmax || readers[static_cast<std::size_t>(w)] != 1 || result.list[0] != 0) continue;
        m = {};
        const int scores = scores_below(nodes, readers, weights.args[0], weights.shape, false, m);
        if (scores < 0 || !no_mark_between(nodes, scores, i)) continue;
        if (fit_axes(at(nodes, scores), result, k, m)) return true;
    }
    return false;
}

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

struct match {
    enum class form : std::uint8_t { attention, log_softmax, normalise };
    form kind;
    int result;  // the node that it replaces
    attention_match attention = {};
    normalise_match normalised = {};
};

constexpr std::vector<match> find_matches(const graph& g) {
    std::vector<match> found;
    std::vector<int> readers;  // counted when first needed
    const auto softmax_at = [&](int a) { return a >= 0 && at(g.nodes, a).kind == op::softmax; };
    const auto count_readers = [&] {
        if (readers.empty()) readers = readers_of(g);
    };
    for (int i = 0; i < static_cast<int>(g.nodes.size()); ++i) {
        const node& n = at(g.nodes, i);
        if (n.kind == op::einsum && (softmax_at(n.args[0]) || softmax_at(n.args[1]))) {
            count_readers();
            match m{match::form::attention, i};
            if (match_attention(g.nodes, readers, i, m.attention)) found.push_back(m);
        }
        if (n.kind != op::pointwise) continue;
        if (n.function == scalar_function::logarithm && softmax_at(n.args[0])) {
            count_readers();
            const int a = n.args[0];
            if (readers[static_cast<std::size_t>(a)] == 1 && no_mark_between(g.nodes, a, i))
                found.push_back({match::form::log_softmax, i});
        }
        if (n.function == scalar_function::multiply || n.function == scalar_function::divide) {
            match m{match::form::normalise, i};
            if (match_normalise(g.nodes, i, m.normalised)) found.push_back(m);
        }
    }
    return found;
}

// (T, H, K) from a value with these axes in some order
constexpr value with_heads(value x, const permutation& order) {
    x = permute(x, order);
    return x.rank() == 3 ? x : reshape(x, {x.extent(0), 1, x.extent(1)});
}

template <class Now> constexpr value raised_attention(const attention_match& m, Now now) {
    value bias;
    for (int i = m.bias_count; i-- > 0;) {  // as they were added
        value b = now(m.biases[i]);
        extents own;
        for (int a = b.rank(); a < m.of_scores.rank; ++a) own.push(1);
        for (int a = 0; a < b.rank(); ++a) own.push(b.extent(a));
        b = permute(reshape(b, own), m.of_scores);
        bias = bias.valid() ? bias + b : b;
    }
    const value q = with_heads(now(m.q), m.of_q), k = with_heads(now(m.k), m.of_k), v = with_heads(now(m.v), m.of_v);
    value y = attend(q, k, v, {.scale = m.scale}, bias);
    if (m.of_result.rank == 2) y = reshape(y, {y.extent(0), y.extent(2)});
    return permute(y, m.of_result);
}

template <class Now> constexpr value raised_normalise(graph& g, const normalise_match& m, Now now) {
    const value root = m.divides ? rsqrt(now(m.root)) : now(m.root);
    const value y = pointwise(scalar_function::normalise, {now(m.x), now(m.mean), root});
    node& n = g.nodes[static_cast<std::size_t>(y.id)];
    n.list[0] = m.mask;
    n.list[1] = m.over_batch;
    return y;
}

}  // namespace raising

constexpr graph raise(graph g) {
    if (g.failed) return g;
    const std::vector<raising::match> found = raising::find_matches(g);
    if (found.empty()) return g;

    const auto index = [](int i) { return static_cast<std::size_t>(i); };
    const std::vector<node> before = std::move(g.nodes);
    const int scope_before = g.scope_now;
    std::vector<int> now(before.size(), -1);  // old number -> new number
    const auto value_now = [&](int i) { return value{&g, now[index(i)]}; };
    g.nodes = {};
    g.nodes.reserve(before.size() + 16 * found.size());
    auto next = found.begin();
    for (int i = 0; i < static_cast<int>(before.size()); ++i) {
        node n = before[index(i)];
        if (next == found.end() || next->result != i) {
            for (int& a : n.args)
                if (a >= 0) a = now[index(a)];
            now[index(i)] = g.add(n);
            continue;
        }
        g.scope_now = n.scope;
        value y;
        switch (next->kind) {
            case raising::match::form::attention: y = raising::raised_attention(next->attention, value_now); break;
            case raising::match::form::normalise: y = raising::raised_normalise(g, next->normalised, value_now); break;
            case raising::match::form::log_softmax:
                y = softmax_over_last(op::log_softmax, value_now(before[index(n.args[0])].args[0]));
        }
        now[index(i)] = y.id;
        ++next;
    }
    g.scope_now = scope_before;
    const auto renumber = [&](int& i) { i = i < 0 ? -1 : now[index(i)]; };
    for (int& i : g.outputs) renumber(i);
    for (int& i : g.losses) renumber(i);
    for (int& i : g.parameter_ids) renumber(i);
    for (int& i : g.state_ids) renumber(i);
    for (tap_info& t : g.taps) renumber(t.id);
    return g;
}

}  // namespace tessera
