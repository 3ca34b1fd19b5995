// attention_geometry: what the kernels of attention and of its gradients know of their operands, read from a node.
//
//   attention           q (T, H, K)   k (S, H, K)        v (S, H, V)        [bias]
//   attention_gradient  q (T, H, K)   k | v (S, H, K+V)  rows (T, H, V+2)   [bias]
//   attention_bias      as attention_gradient
//
// A bias is (H or 1, T or 1, S). Of a node: list[0] says causal, list[1] holds the bits of the cap, factor the scale.
// An attention with list[3] has one more column: the log-sum-exp of the scores.
#pragma once
#include <bit>
#include <tessera/ir/call.hpp>

namespace tessera {

struct attention_geometry {
    int queries = 1, keys = 1, heads = 1;
    int width = 1;  // of a query and a key
    int depth = 0;  // of a value
    double scale = 1, cap = 0;
    bool causal = false, keeps_log_sum = false;
    int bias = -1;                            // which argument it is
    int bias_of_head = 0, bias_of_query = 0;  // from one to the next

    static constexpr attention_geometry of(const node& self, const node* const* arg) {
        attention_geometry g;
        const extents& q = arg[0]->shape;
        g.queries = q[0];
        g.heads = q[1];
        g.width = q[2];
        g.keys = arg[1]->shape[0];
        g.depth = arg[2]->shape[2] - (self.kind == op::attention ? 0 : 2);
        g.keeps_log_sum = self.list[3] != 0;
        g.causal = self.list[0] != 0;
        g.cap = static_cast<double>(std::bit_cast<float>(self.list[1]));
        g.scale = self.factor;
        if (self.args[3] < 0) return g;
        const extents& b = arg[3]->shape;
        g.bias = 3;
        g.bias_of_head = b[0] == 1 ? 0 : b.stride(0);
        g.bias_of_query = b[1] == 1 ? 0 : b.stride(1);
        return g;
    }

    // the keys that a query sees are the first so many: under a causal mask the last query sees all
    constexpr int seen_by(int query) const { return causal ? query + 1 + keys - queries : keys; }
    // pairs of a query and a key that it sees, in one head
    constexpr double pairs() const {
        const double most = static_cast<double>(queries) * keys;
        return causal ? most - 0.5 * queries * (queries - 1) : most;
    }
};

}  // namespace tessera
