// attend(q, k, v, options, bias): attention that streams over the keys; no array of all pairs is ever in memory.
//
//   in      q (T, H, K)     T queries, H heads
//           k (S, H, K)     S keys
//           v (S, H, V)     their values
//           bias            what stretches to (H, T, S), added to the scores; may be missing. By offset: what stretches
//                           to (H, T + S - 1), whose element s - t + T - 1 is that of query t and key s
//   out     y (T, H, V)
//
//   x_hts = cap tanh(scale q_t . k_s / cap) + bias_hts, for the s that t sees; no tanh without a cap
//   y_t   = sum_s softmax_s(x_hts) v_s, head by head
//
// causal lets query t see the keys s <= t + (S - T): the last query sees all, as it must where keys are kept from calls
// before. A score of -infinity hides a key from a query; a query that sees no key has the result 0, and its gradients
// are 0. A bias by offset is read where it is: no array of all pairs is made of it.
//
// In a stream a causal attention of a sequence with itself, q, k and v of one element of time each, keeps the keys and
// values of the elements before: of as many as the network's sequences are long. The query sees all of them. Where the
// stream goes on, the oldest are forgotten one by one. A frame costs what has been kept so far.
//
// Gradient    exact. Kept are q, k, v, y and the second result, the log-sum-exp of the scores (T, H, 1), which exists
//             where a gradient reads it. The backward half makes the weights again, key block by key block, for all
//             three gradients at once, which are its results; that of a bias is another operation's, (H, T, S), or by
//             offset (H, 1, T + S - 1), a sum over the batch where the bias is shared. Second derivatives are those of composed_attention.
// Cost        H T S (K + V) multiply-adds and H T S exponentials, half of it where causal; the backward half has
//             3 K + 2 V in place of K + V.
// Errors      q, k, v not of rank 3; heads, keys or sizes that differ; a bias that does not fit; causal with T > S.
// Source      Dao et al. 2022, "FlashAttention"; Dao 2023, "FlashAttention-2"; Milakov and Gimelshein 2018, "Online
//             normalizer calculation for softmax".
#pragma once
#include <tessera/ir/operations/attention_reference.hpp>
#include <tessera/ir/operations/composed_attention.hpp>
#include <tessera/ir/operations/delay_line.hpp>
#include <tessera/ir/operations/result.hpp>

namespace tessera {

namespace detail {

namespace attention_nodes {

constexpr value make(op kind, const attention_options& o, const extents& shape, std::initializer_list<value> operands,
                     value bias) {
    node n;
    n.kind = kind;
    n.shape = shape;
    value list[7];
    int count = 0;
    for (value x : operands) list[count++] = x;
    if (bias.id >= 0) list[count++] = bias;
    return add_node(*list[0].owner, n, list, count, attention_attributes{o.scale, o.cap, o.causal, o.by_offset});
}

constexpr attention_options options_of(const attention_attributes& a) {
    return {a.scale, a.causal != 0, a.cap, a.by_offset != 0};
}

// the log-sum-exp of the scores of y (T, H, V)
constexpr value log_sum_of(value y) { return result_of(y, 1, {y.extent(0), y.extent(1), 1}); }

// (H or 1, T or 1, S)
constexpr value fitted_bias(value bias, const extents& scores) {
    const extents common = broadcast(bias.shape(), scores);
    if (!(common == scores))
        return reject(*bias.owner, detail::within{"attention"}, text("a bias that stretches to ") + scores.describe(),
                      bias.shape().describe());
    extents own;
    for (int a = bias.rank(); a < 3; ++a) own.push(1);
    for (int a = 0; a < bias.rank(); ++a) own.push(bias.extent(a));
    bias = reshape(bias, own);
    own[2] = scores[2];
    return broadcast_to(bias, own, bias.batched());
}

// by offset: (H or 1, 1, T + S - 1)
constexpr value fitted_bias_by_offset(value bias, int heads, int offsets) {
    const extents wanted{heads, offsets};
    if (!(broadcast(bias.shape(), wanted) == wanted))
        return reject(*bias.owner, detail::within{"attention"},
                      text("a bias by offset that stretches to ") + wanted.describe(), bias.shape().describe(),
                      text("T + S - 1 offsets"));
    const int own = bias.rank() == 2 ? bias.extent(0) : 1;
    return reshape(broadcast_to(bias, {own, offsets}, bias.batched()), {own, 1, offsets});
}

// of one element of time in a stream, over those that are kept, and itself
constexpr value over_kept(const attention_options& o, value q, value k, value v) {
    const int most = q.owner->frames;
    const auto room_for = [&](value x) {
        return own_state(q, "kept", {most, x.extent(1), x.extent(2)}, 0, x.get().type);
    };
    const value keys = room_for(k), values_kept = room_for(v), count = own_state(q, "count", {}, 0, q.get().type);
    const value now = select(less(count, 2 * most - 1), count + 1, most);
    node n;
    n.kind = op::cached_attention;
    n.shape = {1, q.extent(1), v.extent(2)};
    const value y =
        add_node(*q.owner, n, {q, keys, values_kept, now, k, v}, attention_attributes{o.scale, o.cap, 1, 0});
    const value row = select(less(most, now), now - (most + 1), now - 1);
    store_row(keys, k, row);
    store_row(values_kept, v, row);
    update(count, now);
    return y;
}

}  // namespace attention_nodes

}  // namespace detail

constexpr value attend(value q, value k, value v, const attention_options& o = {}, value bias = {}) {
    for (value x : {q, k, v})
        if (!expects(detail::within{"attention"}, x, rank == 3, "queries, keys and values (places, heads, features)"))
            return {q.owner, -1};
    graph& g = *q.owner;
    const int places = q.extent(0), heads = q.extent(1), keys = k.extent(0);
    if (k.extent(1) != heads || k.extent(2) != q.extent(2))
        return reject(g, detail::within{"attention"},
                      text("keys (S, ") + heads + std::string_view(", ") + q.extent(2) + std::string_view(")"),
                      k.shape().describe(), text("heads and features of the queries"));
    if (v.extent(0) != keys || v.extent(1) != heads)
        return reject(g, detail::within{"attention"},
                      text("values (") + keys + std::string_view(", ") + heads + std::string_view(", V)"),
                      v.shape().describe(), text("one for each key and head"));
    if (o.causal && places > keys)
        return reject(g, detail::within{"attention"},
                      text("a key for each of ") + places + std::string_view(" queries"), text("") + keys,
                      text("under a causal mask query t sees the keys s <= t + (S - T)"));
    if (bias.owner != nullptr) {
        if (!bias.valid()) return {&g, -1};
        bias = o.by_offset ? detail::attention_nodes::fitted_bias_by_offset(bias, heads, places + keys - 1)
                           : detail::attention_nodes::fitted_bias(bias, {heads, places, keys});
        if (!bias.valid()) return {&g, -1};
    }
    const bool of_itself = o.causal && places == keys && bias.owner == nullptr;
    if (of_itself && detail::looks_back_by_states(q)) return detail::attention_nodes::over_kept(o, q, k, v);
    const value y =
        detail::attention_nodes::make(detail::op::attention, o, {places, heads, v.extent(2)}, {q, k, v}, bias);
    return of_itself ? detail::runs_by_frame(y) : y;
}

namespace detail {

struct attention_operation {
    // rows of the results, in the gradient those of all three
    template <class T> static constexpr int items(const call<T>& c) {
        const auto g = attention_geometry::of(c.graph, *c.self);
        if (c.self->kind == op::cached_attention) return c.samples() * g.heads;
        if (c.self->kind == op::attention_gradient) return c.samples() * (g.queries + g.keys) * g.heads;
        if (c.self->kind == op::attention_bias && g.by_offset) return c.samples() * g.heads * g.offsets();
        return c.samples() * g.heads * g.queries;
    }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        if (c.self->kind == op::cached_attention) {
            const int heads = c.self->shape[1], sample = item / heads;
            return attention_reference::forward(attention_reference::pairs<T>(c, sample), sample, item % heads, c.y,
                                                static_cast<T*>(nullptr));
        }
        const attention_reference::pairs<T> pair(c);
        const attention_geometry& g = pair.geometry;
        const int row = g.queries * g.heads;
        switch (c.self->kind) {
            case op::attention: return attention_reference::forward(pair, item / row, item % row, c.y, c.result(1));
            case op::attention_gradient: {
                const int of_keys = g.keys * g.heads, sample = item / (row + of_keys), i = item % (row + of_keys);
                const auto at = [sample](T* y, int rows, int r, int length) {
                    return y == nullptr ? nullptr : y + (static_cast<long>(sample) * rows + r) * length;
                };
                if (i >= row)
                    return attention_reference::key_gradient(pair, sample, i - row,
                                                             at(c.result(1), of_keys, i - row, g.width),
                                                             at(c.result(2), of_keys, i - row, g.depth));
                if (c.y != nullptr) attention_reference::query_gradient(pair, sample, i, at(c.y, row, i, g.width));
                return;
            }
            default: {
                if (g.by_offset) return bias_gradient_by_offset(c, pair, item);
                const int head = item % row / g.queries, t = item % g.queries;
                T* const y = c.y + static_cast<long>(item) * g.keys;
                const bool summed = c.sums_batch();
                for (int s = 0; s < g.keys; ++s) {
                    summation::running_sum<T> sum;
                    for (int i = 0; i < (s < g.seen_by(t) ? summed ? c.count : 1 : 0); ++i)
                        sum.add(pair.derivative(summed ? i : item / row, head, t, s).of_score);
                    y[s] = sum.total();
                }
            }
        }
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const node n = y.get();
        if (n.kind == op::cached_attention) return;  // streams are not trained
        if (n.kind != op::attention) return differentiate_composed(t, y, dy);
        using attention_nodes::make;
        graph& g = *y.owner;
        const auto own = y.attributes<attention_attributes>();
        const attention_options o = attention_nodes::options_of(own);
        const value q = y.argument(0), k = y.argument(1), v = y.argument(2);
        const value bias = n.argument_count > 3 ? y.argument(3) : value{};
        const value of_log_sum = t.of_result(y, 1), log_sum = attention_nodes::log_sum_of(y);
        if (!dy.valid()) dy = broadcast_to(constant(g, 0), y.shape(), y.batched(), y.get().type);
        value along = reduce(op::sum, dy * y, last.of(3));  // (T, H, 1)
        if (of_log_sum.valid()) along = along - of_log_sum;
        const std::initializer_list<value> operands{q, k, v, dy, log_sum, along};
        if (t.wants(q) || t.wants(k) || t.wants(v)) {
            const value d = make(op::attention_gradient, o, q.shape(), operands, bias);
            t.add(q, d);
            if (t.wants(k)) t.add(k, result_of(d, 1, k.shape()));
            if (t.wants(v)) t.add(v, result_of(d, 2, v.shape()));
        }
        if (t.wants(bias)) {
            const extents shape = o.by_offset ? extents{q.extent(1), 1, q.extent(0) + k.extent(0) - 1}
                                              : extents{q.extent(1), q.extent(0), k.extent(0)};
            const value d = make(op::attention_bias, o, shape, operands, bias);
            if (!bias.batched() && d.batched()) g.nodes[static_cast<std::size_t>(d.id)].batched = false;
            t.add(bias, d);
        }
    }

    static constexpr double macs(const graph_view& graph, const node& self) {
        const auto g = attention_geometry::of(graph, self);
        const double pairs_of_all = g.pairs() * g.heads;
        switch (self.kind) {
            case op::cached_attention:  // where all is filled
            case op::attention: return pairs_of_all * (g.width + g.depth);
            case op::attention_gradient: return pairs_of_all * (3 * g.width + 2 * g.depth);
            default: return pairs_of_all * (g.width + g.depth);
        }
    }

  private:
    // of all pairs of a head that are as far apart
    template <class T>
    static constexpr void bias_gradient_by_offset(const call<T>& c, const attention_reference::pairs<T>& pair,
                                                  int item) {
        const attention_geometry& g = pair.geometry;
        const int of_sample = g.heads * g.offsets(), head = item % of_sample / g.offsets();
        const int ahead = item % g.offsets() - (g.queries - 1);
        const bool summed = c.sums_batch();
        summation::running_sum<T> sum;
        for (int i = 0; i < (summed ? c.count : 1); ++i)
            for (int t = 0; t < g.queries; ++t)
                if (const int s = t + ahead; s >= 0 && s < g.seen_by(t))
                    sum.add(pair.derivative(summed ? i : item / of_sample, head, t, s).of_score);
        c.y[item] = sum.total();
    }

    // A node of the backward half: the same by einsums, from copies of its operands whose adjoints end here.
    template <class Tape> static constexpr void differentiate_composed(Tape& t, value y, value dy) {
        const node n = y.get();
        graph& g = *y.owner;
        const int here = g.scope_now, count = n.argument_count;
        value from[7], copy[7] = {};
        detail::list<int> roots;
        for (int i = 0; i < count; ++i) {
            from[i] = y.argument(i);
            copy[i] = apply(scalar_function::identity, from[i]);
            roots.push_back(copy[i].id);
        }
        const auto hand_on = [&](Tape& inner) {
            g.scope_now = here;
            for (int i = 0; i < count; ++i)
                if (t.wants(from[i])) t.add(from[i], inner.gradient(copy[i].id));
        };
        const composed_attention composed(attention_nodes::options_of(y.attributes<attention_attributes>()), copy[0],
                                          copy[1], copy[6]);
        const composed_attention::rows rows{copy[3], copy[4], copy[5]};
        if (n.kind == op::attention_gradient) {
            const value dk = t.of_result(y, 1), dv = t.of_result(y, 2);
            const auto made = composed.gradient(rows, copy[2]);
            Tape inner(g, roots);
            inner.add(made.dq, dy);
            inner.add(made.dk, dk);
            inner.run(made.dv, dv);  // the last of them
            hand_on(inner);
        } else {
            const bool sums = g.view().sums_batch(n);  // over the batch
            value made = reduce(op::sum, composed.score_gradient(rows, copy[2]), 0, {.over_batch = sums});
            if (n.shape[1] != made.extent(1) || n.shape[2] != made.extent(2)) made = sums_by_offset(made);
            Tape inner(g, roots);
            inner.run(made, dy);
            hand_on(inner);
        }
    }
};

}  // namespace detail

}  // namespace tessera
