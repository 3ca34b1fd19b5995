// raise: compositions that have an operation of their own become that operation.
//
//   softmax(scale q k' + bias) v, by einsums     attention, over (T, H, K) or (T, K), axes in any order
//   log(softmax(x))                              log_softmax
//   (x - mean) rsqrt(variance + epsilon)         normalise; also / sqrt(variance + epsilon)
//
// What is raised is no longer computed, so scores and weights must have one reader, be no output and no tap, and stand
// in the same iteration of a loop as the result. Runs before differentiation: operations have better gradients than
// their compositions. A graph without such compositions costs one look at each node.
#pragma once
#include <tessera/passes/count_readers.hpp>
#include <tessera/passes/raise_attention.hpp>
#include <tessera/passes/raise_normalise.hpp>
#include <tessera/passes/rewrite.hpp>

namespace tessera::detail {

namespace raising {

struct match {
    enum class form : std::uint8_t { attention, log_softmax, normalise };
    form kind;
    int result;  // the node that it replaces
    attention_match attention = {};
    normalise_match normalised = {};
    int logits = -1;  // of log_softmax
};

constexpr list<match> find_matches(const graph& g) {
    list<match> found;
    list<int> readers;  // counted when first needed
    const graph_view view = g.view();
    const auto softmax_at = [&](const node& n, int k) { return view.operand(n, k).kind == op::softmax; };
    const auto need_readers = [&] {
        if (readers.empty()) readers = count_readers(g);
    };
    for (int i = 0; i < static_cast<int>(g.nodes.size()); ++i) {
        const node& n = view[i];
        if (n.kind == op::einsum && (softmax_at(n, 0) || softmax_at(n, 1))) {
            need_readers();
            match m{match::form::attention, i};
            if (match_attention(view, readers, i, m.attention)) found.push_back(m);
        }
        if (n.kind != op::pointwise) continue;
        if (n.function == scalar_function::logarithm && softmax_at(n, 0)) {
            need_readers();
            const int a = view.argument(n, 0);
            if (readers[static_cast<std::size_t>(a)] == 1 && no_mark_between(view, a, i))
                found.push_back({match::form::log_softmax, i, {}, {}, view.argument(view[a], 0)});
        }
        if (n.function == scalar_function::multiply || n.function == scalar_function::divide) {
            match m{match::form::normalise, i};
            if (match_normalise(view, i, m.normalised)) found.push_back(m);
        }
    }
    return found;
}

}  // namespace raising

constexpr graph raise(graph g) {
    if (g.failed) return g;
    const list<raising::match> found = raising::find_matches(g);
    if (found.empty()) return g;

    rewrite r(g, 16 * found.size());
    const auto value_now = [&](int i) { return r.value_now(i); };
    auto next = found.begin();
    for (int i = 0; i < r.count(); ++i) {
        if (next == found.end() || next->result != i) {
            r.keep(i);
            continue;
        }
        g.scope_now = r.before(i).scope;
        value y;
        switch (next->kind) {
            case raising::match::form::attention: y = raising::raised_attention(next->attention, value_now); break;
            case raising::match::form::normalise: y = raising::raised_normalise(next->normalised, value_now); break;
            case raising::match::form::log_softmax: y = softmax_over_last(op::log_softmax, value_now(next->logits));
        }
        r.becomes(i, y.id);
        ++next;
    }
    r.finish();
    return g;
}

}  // namespace tessera::detail
