// hard_attention<K>: as soft_attention, but one annotation is looked at: in training one that is drawn by the weights,
// otherwise the one of the largest.
//
//   in      a (L, D) annotations, h (H) a state; or a, keys (L, K) and h, see soft_attention; or a, keys, h and a number u
//           (), uniform from 0 to 1, by which it draws, in training or not
//   out     z (D), w (L), the weights, and s (L), 1 where it looks and 0 elsewhere
//
//   w as in soft_attention;  s drawn by w;  z = sum_i s_i a_i
//
// In the body of a loop all iterations would draw by one number: there the numbers are a sequence, random_like(...) of
// the loop's length, and each iteration is given its own.
//
// Options     with_gate: see soft_attention. reinforced: no gradient passes through s, and the weights learn by a loss
//             that reinforce(w, s, advantage) gives. Otherwise the gradient of s is that of w, straight through: it is
//             biased, and needs no loss of its own.
// Parameters  those of soft_attention.
// Gradient    exact but for s.
// Cost        that of soft_attention, and two passes over L.
// Errors      compile time: those of soft_attention; a number to draw by that is not of rank 0.
// Source      Xu et al. 2015, "Show, Attend and Tell", section 4.1; Bengio, Leonard, Courville 2013 for straight through.
#pragma once
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/layers/attention/soft_attention.hpp>

namespace tessera {

struct reinforced {};

template <int K, class... Options> struct hard_attention_layer : layer_base<hard_attention_layer<K, Options...>> {
    static_assert(K >= 1, "hard_attention<K>: K must be at least 1");
    static_assert((detail::is_option_of<Options, with_gate, reinforced> && ...),
                  "hard_attention<K, ...>: the options are with_gate and reinforced");
    static constexpr std::string_view name = "hard_attention";
    static constexpr text describe() { return text("hard_attention<") + K + std::string_view(">"); }

    constexpr values apply(value a, value h) const {
        if (!detail::captions::expects_annotations(a, h)) return {value{a.owner, -1}};
        return look(a, detail::captions::keys_of(a, K), h, number_for(a));
    }
    constexpr values apply(value a, value keys, value h) const {
        if (!detail::captions::expects_annotations(a, h) || !detail::captions::expects_keys(a, keys, K))
            return {value{a.owner, -1}};
        return look(a, keys, h, number_for(a));
    }
    constexpr values apply(value a, value keys, value h, value u) const {
        if (!detail::captions::expects_annotations(a, h) || !detail::captions::expects_keys(a, keys, K) ||
            !expects(u, rank == 0, "a number to draw by"))
            return {value{a.owner, -1}};
        return look(a, keys, h, u);
    }

  private:
    static constexpr value number_for(value a) { return a.training() ? random_like(constant(*a.owner, 0)) : value{}; }
    static constexpr values look(value a, value keys, value h, value u) {
        const value w = detail::captions::weights_of(keys, h, K);
        if (!w.valid()) return {w};
        value at = w;
        if (u.owner != nullptr) {
            const value reached = cumulative_sum(w, 0);  // the first that is above u times the last
            at = less(u * slice(reached, 0, a.extent(0) - 1, 1), reached);
        }
        const value chosen = one_hot(arg_max(at), a.extent(0));  // (L)
        const value s = detail::has_option<reinforced, Options...> ? chosen : straight_through(chosen, w);
        return {detail::captions::gated<Options...>(einsum("l,ld->d", s, a), h), w, chosen};
    }
};

template <int K, class... Options> inline constexpr hard_attention_layer<K, Options...> hard_attention{};

// The loss of weights w (..., L) of which s (..., L) was drawn: its gradient is that of the expected cost by the score
// function, REINFORCE.
//
//   advantage (log w_s) + entropy (sum_i w_i log w_i), summed over what was drawn
//
// The advantage, a number a sample, is the cost less a baseline, and gets no gradient. Xu et al. divide it by 10, have the
// entropy weigh 0.002, and 0.9 b + 0.1 cost as the next baseline b.
constexpr value reinforce(value w, value s, value advantage, double entropy = 0.002) {
    if (!expects(advantage, rank == 0, "an advantage, one number")) return advantage;
    const value chosen = log(sum(stop_gradient(s) * w, last));  // (...)
    const value spread = sum(w * log(maximum(w, 1e-30)));
    return stop_gradient(advantage) * sum(chosen) + entropy * spread;
}

}  // namespace tessera
