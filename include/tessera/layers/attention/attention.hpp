// attention(q, k, v, scale, score): every query takes the mean of the values, weighed by how well their keys fit.
//
//   in      q (T, H, K)     T queries, H heads
//           k (S, H, K)     S keys
//           v (S, H, L)     their values
//   out     y (T, H, L)
//
//   y_t = sum_s softmax_s(score(scale q_t . k_s)) v_s, head by head
//
// `score` is a program on the scores (H, T, S): masks, biases, caps. Plain scores unless given; `causal` lets query t
// see the keys s <= t + (S - T), the last query all. Plain scores and causal ones are streamed: see
// ir/operations/attention.hpp, whose `attend` also takes a bias and a cap. A program of another kind has all scores in
// memory. A query whose scores are all -infinity has the result 0.
//
// In a stream, causal attention of a sequence with itself keeps keys and values: see ir/operations/attention.hpp.
// Gradient    exact.
// Cost        H T S (K + L) multiply-adds, H T S exponentials.
// Errors      q, k, v not of rank 3; heads, keys or sizes that differ; causal with T > S.
// Source      Vaswani et al. 2017, "Attention Is All You Need".
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/attention/causal.hpp>
#include <type_traits>

namespace tessera {

namespace detail {

struct plain_scores {
    constexpr value operator()(value scores) const { return scores; }
};

}  // namespace detail

template <class Score = detail::plain_scores>
constexpr value attention(value q, value k, value v, double scale, Score score = {}) {
    constexpr bool plain = std::is_same_v<Score, detail::plain_scores>, masked = std::is_same_v<Score, causal>;
    if (plain || masked) return attend(q, k, v, {.scale = scale, .causal = masked});
    for (value x : {q, k, v})
        if (!expects(x, rank == 3, "queries, keys and values (places, heads, features)")) return {q.owner, -1};
    const value scores = score(einsum("thk,shk->hts", q * scale, k));  // (H, T, S)
    const value weights = softmax_over_last(detail::op::softmax, scores);
    return einsum("hts,shl->thl", weights, v);  // (T, H, L)
}

}  // namespace tessera
