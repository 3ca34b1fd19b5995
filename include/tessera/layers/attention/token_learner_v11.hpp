// token_learner_v11<S, Hidden>: places become S tokens, each a weighted mean of them; the later form of token_learner,
// with a small perceptron for the convolutions and a softmax over the places for the sigmoid.
//
//   in      x (places..., C)
//   out     z (S, C)
//
//   l = gelu(layer_norm(x) hidden + hidden_bias) maps + maps_bias         (places, S)
//   z = softmax over the places (l) x
//
// Options     Dropout: the probability of dropout after both maps, 0 unless given.
// Epsilon is 1e-6, and gelu the one with tanh. The softmax takes no notice of maps_bias, so its gradient is 0; the authors
// have it all the same.
// Parameters  layer_norm.weight, layer_norm.bias (C); hidden (C, Hidden), hidden_bias (Hidden); maps (Hidden, S),
//             maps_bias (S); Xavier, biases zero.
// Gradient    exact.
// Cost        P (C Hidden + Hidden S + C S) multiply-adds, P S exponentials, of P places.
// Errors      compile time: S or Hidden < 1; Dropout outside 0 to 1; an input of rank 0 or 1.
// Source      the authors' code to Ryoo et al. 2021, "TokenLearner".
#pragma once
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

namespace tessera {

template <int S, int Hidden = 64, double Dropout = 0.0>
struct token_learner_v11_layer : layer_base<token_learner_v11_layer<S, Hidden, Dropout>> {
    static_assert(S >= 1 && Hidden >= 1, "token_learner_v11<S, Hidden>: both must be at least 1");
    static_assert(Dropout >= 0 && Dropout < 1,
                  "token_learner_v11<S, Hidden, Dropout>: Dropout must be at least 0, below 1");
    static constexpr std::string_view name = "token_learner_v11";
    static constexpr text describe() { return detail::written("token_learner_v11", {S, Hidden}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(places..., features), rank 2 at least")) return x;
        const int c = x.extent(-1), places = x.size() / c;
        x = reshape(x, {places, c});
        const value h =
            dropout<Dropout>(gelu_tanh(detail::gates::mapped(layer_norm_over<1, 1e-6>(x), "pc,ch->ph", "hidden",
                                                             {c, Hidden}, initial::xavier(c, Hidden), true, {Hidden})));
        const value l = dropout<Dropout>(
            detail::gates::mapped(h, "ph,hs->sp", "maps", {Hidden, S}, initial::xavier(Hidden, S), true, {S, 1}));
        return einsum("sp,pc->sc", softmax(l), x);
    }
};

template <int S, int Hidden = 64, double Dropout = 0.0>
inline constexpr token_learner_v11_layer<S, Hidden, Dropout> token_learner_v11{};

}  // namespace tessera
