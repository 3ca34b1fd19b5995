// deformable_gate<K>: an image is weighed, element by element, by what a deformable convolution of fewer channels sees.
//
//   in      x (H, W, C)
//   out     y like x, |y| <= |x|
//
//   h = gelu(instance_norm(depthwise_conv(x) reduce))                  (H, W, R), R = max(1, C Compression, rounded down)
//   y = x sigmoid(layer_norm(deformable_conv(h)))
//
// Options     Compression: of the channels, 0.2 unless given.
// The paper's code is not public; where instance_norm, gelu and layer_norm stand is as others describe it. No map but the
// deformable convolution has a bias, since what follows takes the mean away; its own has, which layer_norm keeps.
// Parameters  depthwise_conv.weight (K, K, 1, C), reduce (C, R), Kaiming; instance_norm.weight, instance_norm.bias (R);
//             those of deformable_conv<C, K>; layer_norm.weight, layer_norm.bias (C).
// Gradient    exact.
// Cost        H W (K^2 C + C R + 2 K^4 R + K^2 R C) multiply-adds, and K^2 R times four pixels a position.
// Errors      compile time: K even or < 1; Compression outside 0 to 1; an input that is not an image.
// Source      Salajegheh et al. 2023, "DAS: A Deformable Attention to Capture Salient Information in CNNs".
//
//     residual(conv<64, 3, same> >> batch_norm) >> relu >> deformable_gate<>
#pragma once
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/attention/deformable_conv.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

template <int K = 3, double Compression = 0.2>
struct deformable_gate_layer : layer_base<deformable_gate_layer<K, Compression>> {
    static_assert(K >= 1 && K % 2 == 1, "deformable_gate<K>: K must be odd, and at least 1");
    static_assert(Compression > 0 && Compression <= 1,
                  "deformable_gate<K, Compression>: Compression is above 0, at most 1");
    static constexpr std::string_view name = "deformable_gate";
    static constexpr text describe() { return text("deformable_gate<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (rows, columns, channels)")) return x;
        const int c = x.extent(2), kept = static_cast<int>(c * Compression), r = kept < 1 ? 1 : kept;
        const value apart = depthwise_conv<K, 1, same, no_bias>(x);
        const value h = gelu(instance_norm(
            einsum("hwc,cr->hwr", apart, parameter("reduce", {c, r}, initial::kaiming(c)))));  // (H, W, R)
        value seen;                                                                            // (H, W, C)
        {
            const detail::scope_guard inside(*x.owner, "deformable_conv", text("deformable_conv"), false);
            detail::window w;
            if (!detail::deformable::expects_image(h, detail::window_options_of<K, same>(), w)) return {x.owner, -1};
            const value offsets = detail::deformable::offsets_of(h, w, false);
            seen = detail::deformable::convolve(h, w, offsets, {}, c) + parameter("bias", {c}).no_weight_decay();
        }
        return x * sigmoid(layer_norm(seen));
    }
};

template <int K = 3, double Compression = 0.2> inline constexpr deformable_gate_layer<K, Compression> deformable_gate{};

}  // namespace tessera
