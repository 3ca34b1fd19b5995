// delf_score<Hidden>: how much each position of an image is worth for telling it from others.
//
//   in      x (positions..., C)
//   out     s (positions...), > 0
//
//   s = softplus(relu(x hidden + hidden_bias) score + score_bias)
//
// Options     with_batch_norm normalises before relu, as the authors' code does; no_bias leaves out hidden_bias, which
//             that normalisation makes idle.
// Parameters  hidden (C, Hidden), Kaiming, hidden_bias (Hidden), zero; score (Hidden), Kaiming, score_bias (), zero;
//             with_batch_norm: those and the states of batch_norm.
// Gradient    exact.
// Cost        P (C Hidden + Hidden) multiply-adds, of P positions.
// Errors      compile time: Hidden < 1; an input of rank 0 or 1.
// Source      Noh, Araujo, Sim, Weyand, Han 2017, "Large-Scale Image Retrieval with Attentive Deep Local Features".
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/softplus.hpp>
#include <tessera/layers/attention/spatial_attention.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

template <int Hidden = 512, class... Options>
struct delf_score_layer : layer_base<delf_score_layer<Hidden, Options...>> {
    static_assert(Hidden >= 1, "delf_score<Hidden>: Hidden must be at least 1");
    static_assert((detail::is_option_of<Options, with_batch_norm, no_bias> && ...),
                  "delf_score<Hidden, ...>: the options are with_batch_norm and no_bias");
    static constexpr std::string_view name = "delf_score";
    static constexpr text describe() { return text("delf_score<") + Hidden + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        const int c = x.extent(-1);
        value h = einsum("...c,ch->...h", x, parameter("hidden", {c, Hidden}, initial::kaiming(c)));
        if constexpr (!detail::has_option<no_bias, Options...>)
            h = h + parameter("hidden_bias", {Hidden}).no_weight_decay();
        if constexpr (detail::has_option<with_batch_norm, Options...>) h = batch_norm(h);
        const value s = einsum("...h,h->...", relu(h), parameter("score", {Hidden}, initial::kaiming(Hidden)));
        return softplus(s + parameter("score_bias", {}).no_weight_decay());
    }
};

template <int Hidden = 512, class... Options> inline constexpr delf_score_layer<Hidden, Options...> delf_score{};

}  // namespace tessera
