// wavelet_conv<C, K, Wavelet>: a convolution of wavelets, moved and stretched for each pair of channels, mixed by a second
// one of a single element, beside a linear branch; normalised.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   z_o[p] = sum over taps t and channels i of weight_ito psi((x_i[p stride + t dilation - before] - translation_oi) / scale_oi)
//   y = batch norm(z mix + conv(silu(x), base))
//
// Options     those of conv but groups and no_bias; base_branch<F>, no_base, normalised_by<F>, activated_by<F>. It has
//             base_branch<silu> and normalised_by<batch_norm>. A border adds nothing, in either branch.
// Parameters  weight (kernel..., I, C) and base (kernel..., I, C), uniform to sqrt(3 / fan); scale, translation (C, I), one
//             and zero; mix (C, C); those of the norm.
// Gradient    exact.
// Cost        |spatial'| |kernel| I C multiply-adds for each of the two branches, and I C wavelets of each place of x: a
//             wavelet belongs to a pair. They are the one large thing that is stored, I C for each place.
// Errors      compile time: those of conv; a type that is no wavelet.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies" (WavKAN); Bozorgasl,
//             Chen 2024, "Wav-KAN".
#pragma once
#include <tessera/layers/kan/wavelet_dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

template <int C, int K, class Wavelet, class... Options>
struct wavelet_conv_layer : layer_base<wavelet_conv_layer<C, K, Wavelet, Options...>> {
    static_assert(
        wavelet<Wavelet>,
        "wavelet_conv<C, K, Wavelet>: Wavelet is a type without members, with name and a call from value to value");
    static_assert(C >= 1, "wavelet_conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "wavelet_conv<C, K>: K must be at least 1");
    static_assert(
        ((detail::kan::is_around<Options> || detail::window_options_only<Options>) && ...),
        "wavelet_conv<C, K, Wavelet, ...>: options are stride<>, same, pad<>, ..., base_branch<>, normalised_by<>");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::grouping, Options...> &&
                      detail::has_none<detail::layer_options::role::bias, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "wavelet_conv<C, K, ...>: one kind of padding, no groups, no output_pad, no no_bias");
    static constexpr std::string_view name = "wavelet_conv";
    static constexpr text describe() {
        return detail::written(name, {C, K}) + std::string_view(" of ") + std::string_view(Wavelet::name);
    }

    constexpr value apply(value x) const {
        return branches<Options..., base_branch<silu>, normalised_by<batch_norm>>(x);
    }

  private:
    template <class... All> static constexpr value branches(value x) {
        const int spatial = x.rank() - 1, inputs = x.extent(-1);
        if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
        const detail::window_options o = detail::window_options_of<K, Options...>();
        if (!expects_axes(x, o, spatial)) return x;
        const detail::window w = o.on(x.shape(), spatial);
        if (!expects_fit(x, w, spatial)) return {x.owner, -1};
        extents edge, image = x.shape();
        for (int a = 0; a < spatial; ++a) edge.push(o.kernel[a]);
        edge.push(inputs);
        edge.push(C);
        image[-1] = inputs * C;
        const initialiser start = initial::uniform(initial::root_per_fan(3, w.taps() * inputs));
        // a group for each output, of its wavelets of all inputs
        const value wavelets = detail::kan::wavelets_of<Wavelet>(x, C);  // (spatial..., C, I)
        if (!wavelets.valid()) return wavelets;
        value y = convolution(reshape(wavelets, image), parameter("weight", edge, start), w, C);
        y = einsum("...i,io->...o", y, parameter("mix", {C, C}, initial::uniform(initial::root_per_fan(3, C))));
        if constexpr (detail::kan::has_base<All...>)
            y = y + convolution(detail::kan::apply_option<detail::kan::role::base, All...>(x),
                                parameter("base", edge, start), w);
        return detail::kan::finished<All...>(y);
    }
};

template <int C, int K, class Wavelet = mexican_hat, class... Options>
inline constexpr wavelet_conv_layer<C, K, Wavelet, Options...> wavelet_conv{};

}  // namespace tessera
