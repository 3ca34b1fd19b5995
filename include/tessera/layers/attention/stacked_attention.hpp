// stacked_attention<K, Hops>: a question looks at the regions of an image several times, each time with what it has found.
//
//   in      v (regions..., D); u (D), the question
//   out     u (D), the question and what it found
//
//   Hops times
//     h_i = tanh(v_i image + (u question + bias))       (K)
//     p   = softmax over the regions (h score + score_bias)
//     u   = sum_i p_i v_i + u
//
// Options     tanh_scores: p = softmax(tanh(h score + score_bias)), as the authors' code has it; the paper does not.
// Otherwise the softmax takes no notice of score_bias, and its gradient is 0.
// Parameters  of each hop, below hop0, hop1, ...: image, question (D, K), Xavier; bias (K), zero; score (K), Xavier;
//             score_bias (), zero.
// Gradient    exact.
// Cost        Hops (N D K + D K + N K + N D) multiply-adds, N K tanh, of N regions.
// Errors      compile time: K or Hops < 1; regions of rank 1; a question of another width than theirs.
// Source      Yang, He, Gao, Deng, Smola 2016, "Stacked Attention Networks for Image Question Answering", section 3.3.
//
//     inline constexpr auto answer = [](value image, value words) {          // (14, 14, 512), (T, E)
//         return dense<1000>(stacked_attention<512>(layer<tanh>(dense<1280>(image)), lstm<1280, last_output>(words)));
//     };
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct tanh_scores {};

template <int K, int Hops = 2, class... Options>
struct stacked_attention_layer : layer_base<stacked_attention_layer<K, Hops, Options...>> {
    static_assert(K >= 1 && Hops >= 1, "stacked_attention<K, Hops>: both must be at least 1");
    static_assert((detail::is_option_of<Options, tanh_scores> && ...),
                  "stacked_attention<K, Hops, ...>: the option is tanh_scores");
    static constexpr std::string_view name = "stacked_attention";
    static constexpr text describe() { return detail::written("stacked_attention", {K, Hops}); }

    constexpr value apply(value v, value u) const {
        if (!expects(v, v.rank() >= 2, "regions (regions..., features), rank 2 at least")) return {v.owner, -1};
        const int d = v.extent(-1);
        if (!expects(u, u.shape() == extents{d}, (text("a question (") + d + std::string_view(")")).view()))
            return {v.owner, -1};
        v = reshape(v, {v.size() / d, d});
        for (int hop = 0; hop < Hops; ++hop) u = look(v, u, d, hop);
        return u;
    }

  private:
    static constexpr value look(value v, value u, int d, int hop) {
        const detail::scope_guard inside(*v.owner, (text("hop") + hop).view(), text("hop"), false);
        const value seen = einsum("nd,dk->nk", v, parameter("image", {d, K}, initial::xavier(d, K)));
        const value asked = einsum("d,dk->k", u, parameter("question", {d, K}, initial::xavier(d, K)));
        const value h = tanh(seen + (asked + parameter("bias", {K}).no_weight_decay()));  // (N, K)
        value scores = einsum("nk,k->n", h, parameter("score", {K}, initial::xavier(K, 1)));
        scores = scores + parameter("score_bias", {}).no_weight_decay();
        if constexpr (detail::has_option<tanh_scores, Options...>) scores = tanh(scores);
        return einsum("n,nd->d", softmax(scores), v) + u;
    }
};

template <int K, int Hops = 2, class... Options>
inline constexpr stacked_attention_layer<K, Hops, Options...> stacked_attention{};

}  // namespace tessera
