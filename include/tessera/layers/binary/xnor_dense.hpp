// xnor_dense<N>: a dense layer of signs: of its input and of its weights. What it sums are products of bits.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = (sign(x) sign(weight)) alpha + bias,   alpha = mean |weight| of the output
//
// The product is bit_product, n - 2 popcount of the exclusive or, forward in training too; in a folded model the bits of
// the weights are packed once.
// Options     input_scale: the product is multiplied by K = mean |x| of the features, as in the paper; no_bias.
// Parameters  weight (C, N), real, Kaiming; bias (N), zero.
// Gradient    to x that of binarise, straight through; to the weights see weights.hpp; through K exact.
// Cost        C N multiply-adds of bits a position; in training two such products of real numbers for the gradients.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes.
// Source      Rastegari, Ordonez, Redmon, Farhadi 2016, "XNOR-Net", section 3.2.
//
//     inline constexpr auto block = batch_norm >> xnor_dense<256, no_bias>;
#pragma once
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

struct input_scale {};

template <int N, class... Options> struct xnor_dense_layer : layer_base<xnor_dense_layer<N, Options...>> {
    static_assert(N >= 1, "xnor_dense<N>: N must be at least 1");
    static_assert((detail::is_option_of<Options, no_bias, input_scale> && ...),
                  "xnor_dense<N, ...>: the options are input_scale and no_bias");
    static constexpr std::string_view name = "xnor_dense";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int c = x.extent(-1);
        const value weight = parameter("weight", {c, N}, initial::kaiming(c)).with(x);
        const stepped_weights w = signed_weights(weight);
        // the first is computed, the second differentiated
        const value dots = straight_through(bit_product(sign_bits(x), sign_bits(permute(weight, {1, 0}))),
                                            einsum("...i,io->...o", binarise_layer{}.apply(x), w.steps));  // (..., N)
        value y = dots * w.scale;
        if constexpr (detail::has_option<input_scale, Options...>) y = y * mean(abs(x), last, keep_axes);
        return detail::with_bias_of<Options...>(y, N);
    }
};

template <int N, class... Options> inline constexpr xnor_dense_layer<N, Options...> xnor_dense{};

}  // namespace tessera
