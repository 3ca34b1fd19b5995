// causal: a program for attention's scores: the query at place t sees the keys at places 0 to t.
//
//   in      scores (H, T, S)
//   out     the scores where s <= t, elsewhere less by 1e30, whose softmax is 0
//
// As an option: multi_head_attention<8, causal>.
// Gradient    that of the scores kept; 0 elsewhere.
// Cost        one addition a score; the mask itself is made once a call, for all samples and heads.
// Errors      none.
#pragma once
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

// (T, S): 0 where s <= t, -1e30 elsewhere. Rows of one period, laid out one after another and read again with rows
// that are one element shorter, move on by one from row to row: element (t, s) is element s - t of the period.
constexpr value causal_mask(graph& g, int queries, int keys) {
    const int period = queries + keys;
    const value zero = stretch(constant(g, 0), {1}, false);
    const value hidden = padded(zero, {0}, {keys - 1}, -1e30);  // (S): places 0 to S - 1 ahead
    const value row = padded(hidden, {0}, {queries}, 0);        // (T + S): then those behind
    const value rows = reshape(stretch(row, {queries, period}, false), {queries * period});
    const value moving = reshape(slice(rows, 0, 0, queries * (period - 1)), {queries, period - 1});
    return slice(moving, 1, 0, keys);
}

struct causal {
    constexpr value operator()(value scores) const {
        if (!scores.valid()) return scores;
        return scores + causal_mask(*scores.owner, scores.extent(-2), scores.extent(-1));
    }
};

}  // namespace tessera
