// mixture_of_experts<E, H>: E networks of two layers, of which each token takes the K that a gate gives the most weight.
//
//   in      x (T, D)     tokens
//   out     y (T, D)
//
//   p    = softmax_e(x gate)                                    (T, E)
//   y_t  = sum over the K largest of p_te expert_e(x_t)
//   expert_e(x) = relu(x up_e + up_bias_e) down_e + down_bias_e
//
// What is computed: shapes are known when compiling, so each expert has places for C tokens, C = K T / E times a
// factor, rounded up, T at most, and computes all C; what it makes of places that no token has is not read. Tokens come
// in their order, first choices of all tokens before second ones; one that finds its expert full is left out of it, as
// if its weight were 0, so `residual(mixture_of_experts<...>)` hands it on as it is. The tokens of an expert are copied together and multiplied
// in one product of C rows, (E, C, D) (E, D, H); nothing is computed for the E - K others of a token. Groups are
// samples: the tokens of one never take the places of another's.
//
//     struct net : network<residual(mixture_of_experts<8, 64, balanced<0.01>>), shape<49, 32>> {};
//
// Options     experts_each<K>: 1 unless told otherwise. capacity_factor<F>: 1.25; a large one leaves out nothing.
//             over_chosen: p of the chosen ones are divided by their sum, which is the softmax over them alone; with
//             K = 1 the weight is then 1, and the gate learns from `balanced` alone.
//             noisy: in training normal numbers times softplus(x noise) are added to the logits (Shazeer).
//             balanced<S>: adds S times load_balance to the loss in training; important<S>: S times importance.
// Parameters  gate (D, E), zero-mean normal of deviation 0.02; up (E, D, H), down (E, H, D), Kaiming; up_bias (E, H),
//             down_bias (E, D), zero. noisy: noise (D, E), zero.
// Gradient    exact, to what was chosen; none through the choice itself.
// Cost        T D E + 2 E C D H multiply-adds: with C = K T / E about K experts a token. E C D and K T D
//             numbers are copied.
// Errors      compile time: E < 1, H < 1; K < 1 or above E; an input that is not (tokens, features); a factor of 0 or
//             less.
// Source      Shazeer et al. 2017, "Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer";
//             Fedus, Zoph, Shazeer 2022, "Switch Transformers": K = 1, capacity and loss.
#pragma once
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/integer.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/ir/operations/softmax.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/layers/activation/softplus.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/structure/load_balance.hpp>

namespace tessera {

template <int K> struct experts_each {};
template <auto F> struct capacity_factor {
    static_assert(F > 0, "capacity_factor<F>: F must be above 0");
};
struct over_chosen {};
struct noisy {};
template <auto S> struct balanced {
    static_assert(S >= 0, "balanced<S>: S must not be negative");
};
template <auto S> struct important {
    static_assert(S >= 0, "important<S>: S must not be negative");
};

namespace detail {

struct expert_choices {
    int each = 1;
    double capacity = 1.25, balance = 0, importance = 0;
    bool over_chosen = false, noisy = false, known = true;
};
template <class Option> constexpr void read(expert_choices& c, Option) { c.known = false; }
template <int K> constexpr void read(expert_choices& c, experts_each<K>) { c.each = K; }
template <auto F> constexpr void read(expert_choices& c, capacity_factor<F>) { c.capacity = F; }
template <auto S> constexpr void read(expert_choices& c, balanced<S>) { c.balance = S; }
template <auto S> constexpr void read(expert_choices& c, important<S>) { c.importance = S; }
constexpr void read(expert_choices& c, over_chosen) { c.over_chosen = true; }
constexpr void read(expert_choices& c, noisy) { c.noisy = true; }

template <class... Options>
inline constexpr expert_choices expert_choices_of = [] {
    expert_choices c;
    (read(c, Options{}), ...);
    return c;
}();

}  // namespace detail

template <int E, int H, class... Options>
struct mixture_of_experts_layer : layer_base<mixture_of_experts_layer<E, H, Options...>> {
    static constexpr detail::expert_choices choices = detail::expert_choices_of<Options...>;
    static_assert(E >= 1 && H >= 1, "mixture_of_experts<E, H>: both must be at least 1");
    static_assert(choices.known,
                  "mixture_of_experts<E, H, ...>: the options are experts_each<K>, capacity_factor<F>, "
                  "over_chosen, noisy, balanced<S> and important<S>");
    static_assert(choices.each >= 1 && choices.each <= E, "experts_each<K>: K must be from 1 to the number of experts");
    static constexpr std::string_view name = "mixture_of_experts";
    static constexpr text describe() {
        return text("mixture_of_experts<") + E + std::string_view(", ") + H + std::string_view(">");
    }

    // places of an expert, of so many tokens
    static constexpr int capacity(int tokens) {
        const double wanted = choices.capacity * choices.each * tokens / E;
        const double least = detail::mathematics::floor(wanted);
        const double places = least < wanted ? least + 1 : least;
        return places > tokens ? tokens : places < 1 ? 1 : static_cast<int>(places);
    }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "tokens (tokens, features)")) return x;
        const int tokens = x.extent(0), d = x.extent(1), k = choices.each, c = capacity(tokens);
        value logits = einsum("td,de->te", x, parameter("gate", {d, E}, initial::normal(0.02)));
        if constexpr (choices.noisy) {
            const value noise = parameter("noise", {d, E}).with(x);
            if (x.training())
                logits = logits + random_like(logits, random_kind::normal) *
                                      softplus_layer{}.apply(einsum("td,de->te", x, noise));
        }
        const value p = softmax_over_last(detail::op::softmax, logits);  // (T, E)
        const sorted_values best = top_k(p, k);                          // (T, K)
        value weight = best.values;
        if constexpr (choices.over_chosen) weight = weight / sum(weight, last, keep_axes);
        const value expert = permute(best.indices, {1, 0});  // (K, T): first choices of all tokens come first
        if (!expert.valid()) return x;

        // the place of a choice among those of its expert, and its row among those of all experts; row E c is for those
        // that find no place
        const value order = reshape(expert, {k * tokens});
        const value chosen = one_hot(order, E);                                                  // (K T, E)
        const value place = sum(cumulative_sum(chosen, 0, {.exclusive = true}) * chosen, last);  // (K T)
        const value fits = less(place, c);
        const value row = to_index(select(fits, to_real(order) * c + place, E * c), E * c + 1);  // (K T)

        // which token has a place; of places that none has, any, which nobody reads again
        detail::list<double> numbers;
        for (int i = 0; i < k * tokens; ++i) numbers.push_back(i % tokens);
        const value number = constant(numbers, {k * tokens}).with(x);
        const value token = to_index(slice(segment_sum(number, row, E * c + 1), 0, 0, E * c), tokens);  // (E C)
        const value given = reshape(gather(x, token), {E, c, d});                                       // (E, C, D)
        const value hidden =
            relu_layer{}.apply(einsum("ecd,edh->ech", given, parameter("up", {E, d, H}, initial::kaiming(d))) +
                               reshape(parameter("up_bias", {E, H}).no_weight_decay().with(x), {E, 1, H}));
        const value made = einsum("ech,ehd->ecd", hidden, parameter("down", {E, H, d}, initial::kaiming(H))) +
                           reshape(parameter("down_bias", {E, d}).no_weight_decay().with(x), {E, 1, d});
        const value taken = gather(reshape(made, {E * c, d}), minimum(row, E * c - 1));  // (K T, D)
        const value kept = reshape(fits, {k, tokens}) * permute(weight, {1, 0});         // (K, T)
        if constexpr (choices.balance > 0)
            add_loss(load_balance(p, reshape(slice(expert, 0, 0, 1), {tokens})) * choices.balance);
        if constexpr (choices.importance > 0)
            add_loss(importance(sum(reshape(chosen, {k, tokens, E}) * reshape(permute(weight, {1, 0}), {k, tokens, 1}),
                                    axes(0))) *
                     choices.importance);
        return einsum("kt,ktd->td", kept, reshape(taken, {k, tokens, d}));
    }
};

template <int E, int H, class... Options>
inline constexpr mixture_of_experts_layer<E, H, Options...> mixture_of_experts{};

}  // namespace tessera
