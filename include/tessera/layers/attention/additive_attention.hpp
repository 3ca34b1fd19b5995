// additive_attention<U>: how well a query fits a place is the output of a small network.
//
//   in      x (T, D), or one query (D); and a context (S, E)
//   out     y (T, E), or (E)
//
//   score_ts = v . tanh(x_t query + c_s key)
//   y_t = sum_s softmax_s(score_ts) c_s
//
// Parameters  query (D, U), key (E, U), v (U), Xavier; no biases, as in the paper's appendix. Options: with_bias adds
//             bias (U), zero, under the tanh.
// Gradient    exact.
// Cost        T D U + S E U + T S (U + E) multiply-adds, T S U tanh. The tanh of all pairs (T, S, U) stand in memory where
//             gradients are taken: a decoder asks with one query at a time.
// Errors      compile time: U < 1; a query that is not of rank 1 or 2; a context that is not of rank 2.
// Source      Bahdanau, Cho, Bengio 2015, "Neural Machine Translation by Jointly Learning to Align and Translate".
//
//     scan([&](value h, value word) { return cell(h, word, additive_attention<32>(h, encoded)); }, h0, words)
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int U, class... Options>
struct additive_attention_layer : layer_base<additive_attention_layer<U, Options...>> {
    static_assert(U >= 1, "additive_attention<U>: U must be at least 1");
    static_assert((std::is_same_v<Options, with_bias> && ...), "additive_attention<U, ...>: the option is with_bias");
    static constexpr std::string_view name = "additive_attention";
    static constexpr text describe() { return detail::written(name, {U}); }

    constexpr value apply(value x, value context) const {
        const value none{x.owner, -1};
        if (!expects(x, x.rank() == 1 || x.rank() == 2, "queries (places, features), or one (features)")) return none;
        if (!expects(context, rank == 2, "a context (places, features)")) return none;
        const int d = x.extent(-1), e = context.extent(-1), queries = x.size() / d;
        const value q =
            einsum("td,du->tu", reshape(x, {queries, d}), parameter("query", {d, U}, initial::xavier(d, U)));
        value k = einsum("se,eu->su", context, parameter("key", {e, U}, initial::xavier(e, U)));
        const value v = parameter("v", {U}, initial::xavier(U, 1)).with(x);
        if constexpr (sizeof...(Options) > 0) k = k + parameter("bias", {U}).no_weight_decay();
        const value scores = sum(tanh(reshape(q, {queries, 1, U}) + k) * v, last);  // (T, S)
        const value y = einsum("ts,se->te", softmax(scores), context);
        return x.rank() == 1 ? reshape(y, {e}) : y;
    }
};

template <int U, class... Options> inline constexpr additive_attention_layer<U, Options...> additive_attention{};

}  // namespace tessera
