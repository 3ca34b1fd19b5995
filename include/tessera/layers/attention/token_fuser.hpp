// token_fuser<Hidden>: tokens, mixed with one another and brought back to the places that they were made of.
//
//   in      z (S, C) tokens; x (places..., C) what they were made of
//   out     y like x
//
//   t = layer_norm_1(mixed), mixed_s = sum over r of mix_rs layer_norm(z)_r + mix_bias_s              (S, C)
//   b = sigmoid(gelu(layer_norm_2(x) hidden + hidden_bias) maps + maps_bias)                       (places, S)
//   y = b t
//
// mix starts from zero, so y is 0 at first, and x + y the identity: who applies it adds x.
//
// Options     Dropout: the probability of dropout of y, 0 unless given.
// Epsilon is 1e-6, and gelu the one with tanh, as in the authors' code.
// Parameters  layer_norm, layer_norm_1, layer_norm_2: weight, bias (C); mix (S, S), mix_bias (S), zero; hidden (C,
//             Hidden), maps (Hidden, S), Xavier; hidden_bias (Hidden), maps_bias (S), zero.
//             layer_norm is that of the tokens, layer_norm_1 that of the mixed ones.
// Gradient    exact.
// Cost        C S^2 + P (C Hidden + Hidden S + C S) multiply-adds, of P places.
// Errors      compile time: Hidden < 1; Dropout outside 0 to 1; tokens not of rank 2; places of another number of
//             features.
// Source      Ryoo et al. 2021, "TokenLearner", section 2.2, and the authors' code.
//
//     inline constexpr auto few_tokens = [](value x) {
//         return x + token_fuser<>(encoder(token_learner<8>(x)), x);
//     };
#pragma once
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

namespace tessera {

template <int Hidden = 64, double Dropout = 0.0>
struct token_fuser_layer : layer_base<token_fuser_layer<Hidden, Dropout>> {
    static_assert(Hidden >= 1, "token_fuser<Hidden>: Hidden must be at least 1");
    static_assert(Dropout >= 0 && Dropout < 1, "token_fuser<Hidden, Dropout>: Dropout must be at least 0, below 1");
    static constexpr std::string_view name = "token_fuser";
    static constexpr text describe() { return text("token_fuser<") + Hidden + std::string_view(">"); }

    constexpr value apply(value z, value x) const {
        if (!expects(z, rank == 2, "tokens (tokens, features)")) return {x.owner, -1};
        const int s = z.extent(0), c = z.extent(1);
        if (!expects(x, x.rank() >= 2 && x.extent(-1) == c,
                     (text("places (places..., ") + c + std::string_view(")")).view()))
            return {x.owner, -1};
        const int places = x.size() / c;
        const value mixed =
            detail::gates::mapped(layer_norm_over<1, 1e-6>(z), "rc,rs->sc", "mix", {s, s}, {}, true, {s, 1});
        const value t = layer_norm_over<1, 1e-6>(mixed);  // (S, C)
        const value h =
            gelu_tanh(detail::gates::mapped(layer_norm_over<1, 1e-6>(reshape(x, {places, c})), "pc,ch->ph", "hidden",
                                            {c, Hidden}, initial::xavier(c, Hidden), true, {Hidden}));
        const value b =
            sigmoid(detail::gates::mapped(h, "ph,hs->ps", "maps", {Hidden, s}, initial::xavier(Hidden, s), true, {s}));
        return dropout<Dropout>(reshape(einsum("ps,sc->pc", b, t), x.shape()));
    }
};

template <int Hidden = 64, double Dropout = 0.0> inline constexpr token_fuser_layer<Hidden, Dropout> token_fuser{};

}  // namespace tessera
