// channel_attention<Ratio>: each channel is weighed by what means and maxima of all channels say of it; the first half of
// cbam.
//
//   in      x (positions..., C)
//   out     y like x
//
//   a, m = the mean and the maximum of x over all positions (C)
//   y    = x sigmoid(f(a) + f(m)),   f(s) = relu(s reduce) expand
//
// Options     with_bias adds a bias to both maps.
// Parameters  reduce (C, R), Kaiming; expand (R, C), Xavier; R = C / Ratio, rounded down; with_bias: reduce_bias (R),
//             expand_bias (C), zero.
// Gradient    exact; of a maximum to every element that attains it, in equal parts.
// Cost        three passes over x, 3 C R multiply-adds: what f ends with is linear, so it is applied to the sum.
// Errors      compile time: Ratio < 1; an input of rank 0 or 1; fewer than Ratio channels.
// Source      Woo, Park, Lee, Kweon 2018, "CBAM: Convolutional Block Attention Module", section 3.
#pragma once
#include <tessera/layers/attention/squeeze_excite.hpp>

namespace tessera {

template <int Ratio = 16, class... Options>
struct channel_attention_layer : layer_base<channel_attention_layer<Ratio, Options...>> {
    static_assert(Ratio >= 1, "channel_attention<Ratio>: Ratio must be at least 1");
    static_assert((detail::is_option_of<Options, with_bias> && ...),
                  "channel_attention<Ratio, ...>: the option is with_bias");
    static constexpr std::string_view name = "channel_attention";
    static constexpr text describe() { return text("channel_attention<") + Ratio + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!detail::gates::expects_channels(x, Ratio)) return x;
        const int c = x.extent(-1), r = c / Ratio;
        const value reduce = parameter("reduce", {c, r}, initial::kaiming(c)).with(x);
        const value expand = parameter("expand", {r, c}, initial::xavier(r, c)).with(x);
        value a = einsum("c,cr->r", mean(x, leading), reduce), m = einsum("c,cr->r", max(x, leading), reduce);
        if constexpr (detail::has_option<with_bias, Options...>) {
            const value bias = parameter("reduce_bias", {r}).no_weight_decay().with(x);
            a = a + bias;
            m = m + bias;
        }
        value gate = einsum("r,rc->c", relu(a) + relu(m), expand);  // (C)
        if constexpr (detail::has_option<with_bias, Options...>)
            gate = gate + 2 * parameter("expand_bias", {c}).no_weight_decay().with(x);
        return x * sigmoid(gate);
    }
};

template <int Ratio = 16, class... Options>
inline constexpr channel_attention_layer<Ratio, Options...> channel_attention{};

}  // namespace tessera
