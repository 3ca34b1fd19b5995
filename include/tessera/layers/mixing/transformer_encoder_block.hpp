// transformer_encoder_block<Heads, Hidden, options...>: attention of a sequence on itself and an MLP, each a branch
// beside the identity: what BERT, ViT and DeiT are stacks of.
//
//   in      x (T, D); with_lengths: and an int32 value (), how many places of the sample count
//   out     y (T, D)
//
//   u = x + attention(attention_norm x)                         post_norm:  u = attention_norm(x + attention x)
//   y = u + mlp_out(gelu(mlp_in(mlp_norm u)))                   y = mlp_norm(u + mlp_out(gelu(mlp_in u)))
//
// The norm before a branch is that of ViT; post_norm is that of the first transformer and of BERT. Attention streams:
// there is no array of T by T.
// Options     post_norm; activated_by<f>: gelu; norm_epsilon<E>: 1e-6, which BERT has 1e-12; paths_dropped<P>; causal;
//             attention_dropout<P>: weights of attention are dropped in training, which then has all pairs in memory, see
//             multi_head_attention.hpp; with_lengths: no place looks at those from the length on. What stands at them
//             changes nothing before it; their own results are for nobody to read.
// Parameters  attention_norm.weight, .bias (D); attention: those of multi_head_attention with its biases;
//             mlp_norm.weight, .bias (D); mlp_in.weight (D, Hidden), .bias; mlp_out.weight (Hidden, D), .bias.
//             Together 4 D^2 + 2 D Hidden + 9 D + Hidden: with Hidden = 4 D it is 12 D^2 + 13 D.
// Gradient    exact.
// Cost        4 T D^2 + 2 T^2 D + 2 T D Hidden multiply-adds.
// Errors      compile time: Hidden < 1; those of multi_head_attention; other options; lengths that are not one int32
//             number a sample. A causal block streams, without lengths.
// Source      Vaswani et al. 2017, "Attention Is All You Need"; Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words".
//
//     inline constexpr auto encoder = repeat<6>(transformer_encoder_block<12, 1536, post_norm, norm_epsilon<1e-12>>);
//     inline constexpr auto of_sentences = [](value x, value length) {
//         for (int i = 0; i < 2; ++i) x = transformer_encoder_block<4, 128, with_lengths>(x, length);
//         return x;
//     };
//     struct net : network<of_sentences, in<"words", shape<50, 32>>, in<"length", shape<>, int32>> {};
#pragma once
#include <tessera/ir/lengths.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/mixing/block_options.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

template <int Heads, int Hidden, class... Options>
struct transformer_encoder_block_layer : layer_base<transformer_encoder_block_layer<Heads, Hidden, Options...>> {
    static_assert(Hidden >= 1, "transformer_encoder_block<Heads, Hidden>: Hidden must be at least 1");
    static_assert(((detail::blocks::is_activation<Options> || detail::blocks::is_epsilon<Options> ||
                    detail::blocks::is_drop<Options> || detail::heads::is_dropout<Options> ||
                    detail::is_option_of<Options, post_norm, causal, with_lengths>) &&
                   ...),
                  "transformer_encoder_block<...>: options are post_norm, activated_by<>, norm_epsilon<>, "
                  "paths_dropped<>, attention_dropout<>, causal and with_lengths");
    static constexpr std::string_view name = "transformer_encoder_block";
    static constexpr text describe() { return detail::written(name, {Heads, Hidden}); }

    constexpr value apply(value x) const
        requires(!detail::has_option<with_lengths, Options...>)
    {
        return encoded(x, {});
    }
    constexpr value apply(value x, value lengths) const
        requires(detail::has_option<with_lengths, Options...>)
    {
        return encoded(x, lengths);
    }

  private:
    static constexpr value encoded(value x, value lengths) {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        value counts;  // (T): whether a place does
        if (lengths.owner != nullptr) {
            if (!detail::expects_lengths({}, lengths)) return {x.owner, -1};
            counts = less(iota(x.extent(0)).with(x), to_real(lengths));
        }
        constexpr bool norm_after = detail::has_option<post_norm, Options...>;
        values seen{norm_after ? x : detail::call_in("attention_norm", norm, x)};
        if (lengths.owner != nullptr) seen.push(counts);
        x = detail::blocks::joined<Options...>(x, detail::call_in("attention", looks, seen));
        if (norm_after) x = detail::call_in("attention_norm", norm, x);
        value y = norm_after ? x : detail::call_in("mlp_norm", norm, x);
        y = detail::blocks::mapped("mlp_in", y, Hidden);  // (T, Hidden)
        y = detail::blocks::activated<gelu, Options...>(y);
        x = detail::blocks::joined<Options...>(x, detail::blocks::mapped("mlp_out", y, x.extent(-1)));
        return norm_after ? detail::call_in("mlp_norm", norm, x) : x;
    }

    static constexpr layer_norm_layer<1, detail::blocks::epsilon<Options...>> norm{};

    // the attention, with those of the options that are its own
    template <class... Own> static constexpr auto with(multi_head_attention_layer<Heads, Own...> layer) {
        return layer;
    }
    template <class... Own, class Option, class... Rest>
    static constexpr auto with(multi_head_attention_layer<Heads, Own...> layer, Option, Rest... rest) {
        if constexpr (std::is_same_v<Option, with_lengths>)
            return with(multi_head_attention_layer<Heads, Own..., with_mask>{}, rest...);
        else if constexpr (std::is_same_v<Option, causal> || detail::heads::is_dropout<Option>)
            return with(multi_head_attention_layer<Heads, Own..., Option>{}, rest...);
        else
            return with(layer, rest...);
    }
    static constexpr auto looks = with(multi_head_attention<Heads, with_bias>, Options{}...);
};

template <int Heads, int Hidden, class... Options>
inline constexpr transformer_encoder_block_layer<Heads, Hidden, Options...> transformer_encoder_block{};

}  // namespace tessera
