// kan_attention<Projection, Inner>: self-attention of all places of an image whose queries, keys and values are layers of
// Kolmogorov and Arnold, such as gram_conv<C, 3, 3, same>: self-KAGN attention.
//
//   in      x (spatial..., C)
//   out     y (spatial..., C)
//
//   u = x inner + inner_bias, Inner channels; x itself where Inner is 0
//   q, k, v = Projection(u), three layers;  a_s = sum_t softmax_t(q_s . k_t) v_t, not scaled
//   y = norm(gain x + a), a taken back by outer and outer_bias where Inner is not 0
//
// gain stands on the input, not on the attention, as published; it is 0 at first.
//
// Options     normalised_by<F>; batch_norm unless told otherwise.
// Parameters  gain (1), zero; inner (C, Inner), inner_bias (Inner), outer (Inner, C), outer_bias (C) where Inner is not
//             0, Xavier and zero; those of three projections, at query, key and value, and of the norm.
// Gradient    exact.
// Cost        the projections, and 2 P^2 C multiply-adds for P places; no array of all pairs of places is in memory.
// Errors      compile time: Inner < 0; a rank outside 2 to 4; a projection whose result has another shape.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies".
//
//     inline constexpr auto seeing = kan_attention<gram_conv<8, 3, 3, same>>;     // on 8 channels
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/kan/edges.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

template <auto Projection, int Inner, class... Options>
struct kan_attention_layer : layer_base<kan_attention_layer<Projection, Inner, Options...>> {
    static_assert(Inner >= 0, "kan_attention<Projection, Inner>: Inner must be 0, for none, or more");
    static_assert(((detail::kan::role_of<Options> == detail::kan::role::norm) && ...),
                  "kan_attention<Projection, Inner, ...>: the option is normalised_by<F>");
    static constexpr std::string_view name = "kan_attention";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(spatial..., channels), rank 2 to 4")) return x;
        const int channels = x.extent(-1), width = Inner > 0 ? Inner : channels;
        value u = x;
        if constexpr (Inner > 0)
            u = einsum("...i,io->...o", x, parameter("inner", {channels, Inner}, initial::xavier(channels, Inner))) +
                parameter("inner_bias", {Inner}).no_weight_decay();
        const int places = x.shape().size() / channels;
        const auto projected = [&](std::string_view place) {
            const value y = detail::only(detail::call_in(place, Projection, u), 0);
            if (!expects(u, y.valid() && y.shape() == u.shape(), "a projection that keeps the shape", "same, or pad<>"))
                return value{x.owner, -1};
            return reshape(y, {places, 1, width});
        };
        const value q = projected("query"), k = projected("key"), v = projected("value");  // (P, 1, width)
        if (!q.valid() || !k.valid() || !v.valid()) return {x.owner, -1};
        value a = reshape(attend(q, k, v, {.scale = 1}), u.shape());
        if constexpr (Inner > 0)
            a = einsum("...i,io->...o", a, parameter("outer", {Inner, channels}, initial::xavier(Inner, channels))) +
                parameter("outer_bias", {channels}).no_weight_decay();
        return detail::kan::apply_option<detail::kan::role::norm, Options..., normalised_by<batch_norm>>(
            x * parameter("gain", {1}).no_weight_decay() + a);
    }
};

template <auto Projection, int Inner = 0, class... Options>
inline constexpr kan_attention_layer<Projection, Inner, Options...> kan_attention{};

}  // namespace tessera
