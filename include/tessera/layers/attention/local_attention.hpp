// local_attention<W>: each query looks at the places of a context that are at most W from where it is, or from a place
// that it predicts.
//
//   in      x (T, D), a context (S, E)
//   out     y (T, E)
//
//   score_ts = x_t score . c_s
//   y_t = sum over |s - p_t| <= W of softmax_s(score_ts) c_s, where p_t = t                             (local-m)
//   with `predictive` p_t = S sigmoid(v . tanh(x_t place)), and the weights are multiplied by
//   exp(-(s - p_t)^2 / (2 sigma^2)), sigma = W / 2, after the softmax                                   (local-p)
//
// A query that is more than W behind the end of the context has the result 0.
// Options     predictive     places are predicted; else the query at place t looks around place t
//             dot_score      score_ts = x_t . c_s, with no parameter; D is E then
// Parameters  score (D, E), Xavier; predictive: place (D, D), v (D), Xavier.
// Gradient    exact; to a predicted place through the Gaussian alone, not through what the window cuts off.
// Cost        T D E + 2 T S E multiply-adds: what lies outside is computed and hidden. No array of pairs; predictive: a few
//             (T, S).
// Errors      compile time: W < 1; operands that are not of rank 2; dot_score with D other than E.
// Source      Luong, Pham, Manning 2015, "Effective Approaches to Attention-based Neural Machine Translation". What they
//             do with y next, tanh(W [y; x]), is a layer after it.
#pragma once
#include <limits>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct predictive {};
struct dot_score {};

template <int W, class... Options> struct local_attention_layer : layer_base<local_attention_layer<W, Options...>> {
    static_assert(W >= 1, "local_attention<W>: W must be at least 1");
    static_assert((detail::is_option_of<Options, predictive, dot_score> && ...),
                  "local_attention<W, ...>: the options are predictive and dot_score");
    static constexpr std::string_view name = "local_attention";
    static constexpr text describe() { return detail::written(name, {W}); }

    constexpr value apply(value x, value context) const {
        const value none{x.owner, -1};
        if (!expects(x, rank == 2, "queries (places, features)")) return none;
        if (!expects(context, rank == 2, "a context (places, features)")) return none;
        const int queries = x.extent(0), d = x.extent(1), keys = context.extent(0), e = context.extent(1);
        value q = x;
        if constexpr (detail::has_option<dot_score, Options...>) {
            if (!expects(context, e == d, (text("") + d + std::string_view(" features, as the queries have")).view()))
                return none;
        } else {
            q = einsum("td,de->te", x, parameter("score", {d, e}, initial::xavier(d, e)));
        }
        constexpr double hidden = -std::numeric_limits<double>::infinity();
        if constexpr (detail::has_option<predictive, Options...>) {
            const value toward = tanh(einsum("td,du->tu", x, parameter("place", {d, d}, initial::xavier(d, d))));
            const value v = parameter("v", {d}, initial::xavier(d, 1)).with(x);
            const value place = sigmoid_of(einsum("tu,u->t", toward, v)) * keys;   // (T)
            const value away = iota(keys).with(x) - reshape(place, {queries, 1});  // (T, S)
            const value scores = einsum("te,se->ts", q, context) + select(less(W, abs(away)), hidden, 0);
            const value weights = softmax(scores) * exp(square(away) * (-2.0 / (W * W)));
            return einsum("ts,se->te", weights, context);
        } else {
            const value offset = iota(queries + keys - 1).with(x) - (queries - 1);  // s - t
            const value band = select(less(W, abs(offset)), hidden, 0);
            const auto one_head = [](value rows) { return reshape(rows, {rows.extent(0), 1, rows.extent(1)}); };
            const value y = attend(one_head(q), one_head(context), one_head(context), {.by_offset = true}, band);
            return reshape(y, {queries, e});
        }
    }

  private:
    static constexpr value sigmoid_of(value x) { return tessera::apply(detail::scalar_function::sigmoid, x); }
};

template <int W, class... Options> inline constexpr local_attention_layer<W, Options...> local_attention{};

}  // namespace tessera
