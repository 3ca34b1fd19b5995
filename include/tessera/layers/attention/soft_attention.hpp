// soft_attention<K>: what a state looks for in a set of annotations: their mean, weighed by a small perceptron of each
// and the state.
//
//   in      a (L, D) annotations, h (H) a state; or a, keys (L, K) and h: then keys = a annotation + bias is made outside
//           of the loop that the state runs in
//   out     z (D) and w (L), the weights
//
//   w = softmax over the annotations (tanh(keys_i + h state) score + score_bias)
//   z = sum_i w_i a_i
//
// Options     with_gate: z is multiplied by sigmoid(h gate + gate_bias), a number.
// The softmax takes no notice of score_bias, so its gradient is 0.
// Parameters  annotation (D, K), bias (K), where there are no keys; state (H, K); score (K); score_bias (); with_gate: gate
//             (H), gate_bias (). Xavier, biases zero.
// Gradient    exact.
// Cost        L D K, without keys; H K + L K + L D multiply-adds, L K tanh.
// Errors      compile time: K < 1; annotations not of rank 2; a state not of rank 1; keys of other extents.
// Source      Xu et al. 2015, "Show, Attend and Tell", section 4.2; the perceptron is that of Bahdanau, Cho, Bengio 2015.
//
//     const value keys = dense<K>(a);
//     scan([&](value h, value word) {
//         const values seen = soft_attention<K, with_gate>(a, keys, h);
//         return tanh(dense<H>(concatenate({h, word, seen[0]})));
//     }, start, words);
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct with_gate {};

namespace detail::captions {

constexpr bool expects_annotations(value a, value h) {
    return expects(a, rank == 2, "annotations (places, features)") && expects(h, rank == 1, "a state (features)");
}

constexpr value keys_of(value a, int k) {
    const int d = a.extent(1);
    return einsum("ld,dk->lk", a, parameter("annotation", {d, k}, initial::xavier(d, k))) +
           parameter("bias", {k}).no_weight_decay();
}

constexpr value weights_of(value keys, value h, int k) {  // (L)
    const int wide = h.extent(0);
    const value looked_for = einsum("h,hk->k", h, parameter("state", {wide, k}, initial::xavier(wide, k)));
    const value score = einsum("lk,k->l", tanh(keys + looked_for), parameter("score", {k}, initial::xavier(k, 1)));
    return softmax(score + parameter("score_bias", {}).no_weight_decay());
}

template <class... Options> constexpr value gated(value z, value h) {
    if constexpr (has_option<with_gate, Options...>) {
        const int wide = h.extent(0);
        const value open = einsum("h,h->", h, parameter("gate", {wide}, initial::xavier(wide, 1)));
        return z * sigmoid(open + parameter("gate_bias", {}).no_weight_decay());
    } else {
        return z;
    }
}

constexpr bool expects_keys(value a, value keys, int k) {
    const extents wanted{a.extent(0), k};
    return expects(keys, keys.shape() == wanted, (text("keys ") + wanted.describe().view()).view());
}

}  // namespace detail::captions

template <int K, class... Options> struct soft_attention_layer : layer_base<soft_attention_layer<K, Options...>> {
    static_assert(K >= 1, "soft_attention<K>: K must be at least 1");
    static_assert((detail::is_option_of<Options, with_gate> && ...), "soft_attention<K, ...>: the option is with_gate");
    static constexpr std::string_view name = "soft_attention";
    static constexpr text describe() { return text("soft_attention<") + K + std::string_view(">"); }

    constexpr values apply(value a, value h) const {
        if (!detail::captions::expects_annotations(a, h)) return {value{a.owner, -1}};
        return read(a, detail::captions::keys_of(a, K), h);
    }
    constexpr values apply(value a, value keys, value h) const {
        if (!detail::captions::expects_annotations(a, h) || !detail::captions::expects_keys(a, keys, K))
            return {value{a.owner, -1}};
        return read(a, keys, h);
    }

  private:
    static constexpr values read(value a, value keys, value h) {
        const value w = detail::captions::weights_of(keys, h, K);
        return {detail::captions::gated<Options...>(einsum("l,ld->d", w, a), h), w};
    }
};

template <int K, class... Options> inline constexpr soft_attention_layer<K, Options...> soft_attention{};

}  // namespace tessera
