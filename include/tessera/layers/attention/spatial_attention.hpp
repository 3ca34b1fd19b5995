// spatial_attention<K>: each position is weighed by what means and maxima over the channels say around it; the second
// half of cbam.
//
//   in      x (positions..., C), one to three axes of positions
//   out     y like x
//
//   m = the mean and the maximum of x over the channels (positions..., 2)
//   y = x sigmoid(m convolved with weight)
//
// Options     with_bias adds a bias to the convolution; with_batch_norm normalises what it gives, as the authors' code
//             does, where the paper says nothing of it.
// Parameters  weight (K..., 2, 1), Kaiming; with_bias: bias (1), zero; with_batch_norm: those and the states of
//             batch_norm.
// Gradient    exact; of a maximum to every element that attains it, in equal parts.
// Cost        three passes over x, 2 K^n multiply-adds a position of n axes.
// Errors      compile time: K even or < 1; an input of a rank other than 2 to 4.
// Source      Woo, Park, Lee, Kweon 2018, "CBAM: Convolutional Block Attention Module", section 3.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

struct with_batch_norm {};

template <int K = 7, class... Options>
struct spatial_attention_layer : layer_base<spatial_attention_layer<K, Options...>> {
    static_assert(K >= 1 && K % 2 == 1, "spatial_attention<K>: K must be odd, and at least 1");
    static_assert((detail::is_option_of<Options, with_bias, with_batch_norm> && ...),
                  "spatial_attention<K, ...>: the options are with_bias and with_batch_norm");
    static constexpr std::string_view name = "spatial_attention";
    static constexpr text describe() { return text("spatial_attention<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(positions..., channels), rank 2 to 4")) return x;
        const value maps = concatenate({mean(x, last, keep_axes), max(x, last, keep_axes)});  // (positions..., 2)
        constexpr auto view = detail::window_options_of<K, same>();
        value gate;  // (positions..., 1)
        if constexpr (detail::has_option<with_bias, Options...>)
            gate = detail::convolve_with_parameters<>(maps, 1, view);
        else
            gate = detail::convolve_with_parameters<no_bias>(maps, 1, view);
        if constexpr (detail::has_option<with_batch_norm, Options...>) gate = batch_norm(gate);
        return x * sigmoid(gate);
    }
};

template <int K = 7, class... Options> inline constexpr spatial_attention_layer<K, Options...> spatial_attention{};

}  // namespace tessera
