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
#include <tessera/passes/count_readers.hpp>
#include <tessera/passes/raise_attention.hpp>
#include <tessera/passes/raise_normalise.hpp>
#include <utility>

namespace tessera {

namespace raising {

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
    const auto need_readers = [&] {
        if (readers.empty()) readers = count_readers(g);
    };
    for (int i = 0; i < static_cast<int>(g.nodes.size()); ++i) {
        const node& n = at(g.nodes, i);
        if (n.kind == op::einsum && (softmax_at(n.args[0]) || softmax_at(n.args[1]))) {
            need_readers();
            match m{match::form::attention, i};
            if (match_attention(g.nodes, readers, i, m.attention)) found.push_back(m);
        }
        if (n.kind != op::pointwise) continue;
        if (n.function == scalar_function::logarithm && softmax_at(n.args[0])) {
            need_readers();
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
            n.renumber_arguments(now.data());
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
    g.renumber(now.data());
    return g;
}

}  // namespace tessera
