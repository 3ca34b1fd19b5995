// attention_geometry: what the kernels of attention and of its gradients know of their operands, read from a node.
//
//   attention           q (T, H, K)   k (S, H, K)      v (S, H, V)        [bias]
//                       to y (T, H, V) and log-sum-exp (T, H, 1)
//   attention_gradient  q   k   v   dy (T, H, V)   log-sum-exp (T, H, 1)   sum dy y (T, H, 1)   [bias]
//                       to dq, dk, dv
//   attention_bias      as attention_gradient, to (H, T, S), or by offset (H, 1, T + S - 1)
//
//   cached_attention    q (1, H, K)   keys (S, H, K)   values (S, H, V)   count ()   k (1, H, K)   v (1, H, V)
//
// A bias is (H or 1, T or 1, S), or by offset (H or 1, 1, T + S - 1): its row of a query begins one element before that
// of the query before.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/layout_of.hpp>

namespace tessera::detail {

struct attention_attributes {
    double scale, cap;    // no cap if 0
    std::int64_t causal;  // a flag; so wide that the type has no gap
    std::int64_t by_offset = 0;
};

struct attention_geometry {
    int queries = 1, keys = 1, heads = 1;
    int width = 1;  // of a query and a key
    int depth = 0;  // of a value
    double scale = 1, cap = 0;
    bool causal = false, by_offset = false;
    int bias = -1;                             // which argument it is
    long bias_of_head = 0, bias_of_query = 0;  // from one to the next
    long bias_at = 0;                          // where that of the first query begins

    static constexpr attention_geometry of(const graph_view& graph, const node& self) {
        attention_geometry g;
        const auto own = graph.attributes<attention_attributes>(self);
        const extents& q = graph.operand(self, 0).shape;
        g.queries = q[0];
        g.heads = q[1];
        g.width = q[2];
        g.keys = graph.operand(self, 1).shape[0];
        g.depth = graph.operand(self, 2).shape[2];
        g.causal = own.causal != 0;
        g.cap = own.cap;
        g.scale = own.scale;
        const int bias = self.kind == op::attention ? 3 : 6;
        if (self.argument_count <= bias) return g;
        g.by_offset = own.by_offset != 0;
        const extents wanted = g.by_offset ? extents{g.heads, 1, g.offsets()} : extents{g.heads, g.queries, g.keys};
        const layout b = broadcast(layout_of(graph, graph.argument(self, bias)), wanted);
        g.bias = bias;
        g.bias_of_head = b.stride[1];
        g.bias_of_query = g.by_offset ? -1 : b.stride[2];
        g.bias_at = g.by_offset ? g.queries - 1 : 0;
        return g;
    }

    // the keys that a query sees are the first so many: under a causal mask the last query sees all
    constexpr int seen_by(int query) const { return causal ? query + 1 + keys - queries : keys; }
    // of a key from a query: from -(T - 1) to S - 1
    constexpr int offsets() const { return queries + keys - 1; }
    // pairs of a query and a key that it sees, in one head
    constexpr double pairs() const {
        const double most = static_cast<double>(queries) * keys;
        return causal ? most - 0.5 * queries * (queries - 1) : most;
    }
};

// What a stream has kept of a ring of keys: `filled` of them, this call's among them, which is to stand in row `now`.
// The state counts calls, in a way that goes on for ever: after 2 S - 1 comes S.
struct kept_keys {
    int filled = 1, now = 0;

    template <class T> static constexpr kept_keys of(T count, int capacity) {
        const bool counts = count >= T(1) && count < static_cast<T>(2L * capacity);
        const int c = counts ? static_cast<int>(count) : 1;
        return {c < capacity ? c : capacity, (c - 1) % capacity};
    }
};

}  // namespace tessera::detail
