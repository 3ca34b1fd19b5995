// token_learner<S>: an image becomes S tokens, each a mean of its pixels under a map of its own that the image gives.
//
//   in      x (H, W, C)
//   out     z (S, C)
//
//   a   = sigmoid(conv(gelu(conv(gelu(conv(gelu(conv(layer_norm(x)))))))))      maps (H, W, S); 3 x 3, S channels, no bias
//   z_s = the mean over all pixels of a_s x
//
// Options     summed: the sum over all pixels, as the authors' code has unless told otherwise; the paper writes a mean.
// Of the normalisation and of gelu the paper says no more; as in the authors' code epsilon is 1e-6, and gelu the one with
// tanh.
// Parameters  layer_norm.weight, layer_norm.bias (C); conv.weight (3, 3, C, S), conv_1.weight, conv_2.weight,
//             conv_3.weight (3, 3, S, S).
// Gradient    exact.
// Cost        H W S (9 C + 27 S + C) multiply-adds.
// Errors      compile time: S < 1; an input that is not an image.
// Source      Ryoo, Piergiovanni, Arnab, Dehghani, Angelova 2021, "TokenLearner: What Can 8 Learned Tokens Do for Images
//             and Videos?".
//
//     token_learner<8> >> encoder             // 8 tokens, whatever the size of the image
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

struct summed {};

template <int S, class... Options> struct token_learner_layer : layer_base<token_learner_layer<S, Options...>> {
    static_assert(S >= 1, "token_learner<S>: S must be at least 1");
    static_assert((detail::is_option_of<Options, summed> && ...), "token_learner<S, ...>: the option is summed");
    static constexpr std::string_view name = "token_learner";
    static constexpr text describe() { return text("token_learner<") + S + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (rows, columns, channels)")) return x;
        const int pixels = x.extent(0) * x.extent(1);
        value a = layer_norm_over<1, 1e-6>(x);
        for (int k = 0; k < 3; ++k) a = gelu_tanh(conv<S, 3, same, no_bias>(a));
        a = sigmoid(conv<S, 3, same, no_bias>(a));  // (H, W, S)
        const value z = einsum("ps,pc->sc", reshape(a, {pixels, S}), reshape(x, {pixels, x.extent(-1)}));
        if constexpr (detail::has_option<summed, Options...>)
            return z;
        else
            return z * (1.0 / pixels);
    }
};

template <int S, class... Options> inline constexpr token_learner_layer<S, Options...> token_learner{};

}  // namespace tessera
