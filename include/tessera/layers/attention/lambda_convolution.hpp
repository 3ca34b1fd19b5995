// lambda_convolution<D, R, Heads, K, U>: lambda_attention in which a position looks no further than R / 2 on each side for
// what depends on the way there; the content is still that of all positions.
//
//   in      x (positions..., C), one or two axes of N positions
//   out     y (positions..., D), V = D / Heads features a head
//
//   q, v and the content as in lambda_attention
//   positions    l_n   = sum over m near n, u of positions_(m - n) v_m    (V, K): a convolution of each feature of v
//   y_n = (content + l_n) q_n, head by head; heads side by side
//
// From R = 2 N - 1 on it sees everything, and is lambda_attention with the same parameters.
//
// Parameters  as those of lambda_attention, but positions (R, R, U, K), or of a sequence (R, U, K).
// Gradient    exact.
// Cost        N C (Heads K + K U + V U) + N R^2 U K V + N (Heads + U) K V multiply-adds; linear in N.
// Errors      compile time: a number < 1; R even; Heads that do not divide D; an input of a rank other than 2 or 3.
// Source      Bello 2021, "LambdaNetworks: Modeling Long-Range Interactions Without Attention", section 3.2.
//
//     conv<64, 1> >> batch_norm >> relu >> lambda_convolution<64, 23> >> batch_norm >> relu
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/layers/attention/lambda_attention.hpp>

namespace tessera {

template <int D, int R, int Heads = 4, int K = 16, int U = 1>
struct lambda_convolution_layer : layer_base<lambda_convolution_layer<D, R, Heads, K, U>> {
    static_assert(D >= 1 && Heads >= 1 && K >= 1 && U >= 1,
                  "lambda_convolution<D, R, Heads, K, U>: all must be at least 1");
    static_assert(R >= 1 && R % 2 == 1, "lambda_convolution<D, R>: R must be odd, and at least 1");
    static constexpr std::string_view name = "lambda_convolution";
    static constexpr text describe() { return detail::written("lambda_convolution", {D, R, Heads, K, U}); }

    constexpr value apply(value x) const {
        if (!detail::lambdas::expects_input(x, D, Heads)) return x;
        const bool image = x.rank() == 3;
        const int h = image ? x.extent(0) : 1, w = x.extent(-2), n = h * w, wide = D / Heads;
        extents shape{R, U, K};
        if (image) shape = {R, R, U, K};
        const detail::lambdas::projections p = detail::lambdas::projections_of(x, D, Heads, K, U);
        const value table = parameter("positions", shape, initial::normal(1)).with(x);
        if (!p.content.valid() || !table.valid()) return {x.owner, -1};
        detail::window view;
        for (int a = image ? 1 : 2; a < 3; ++a) {
            view.kernel[a] = R;
            view.before[a] = view.after[a] = R / 2;
        }
        // a feature of v is an image of its own: the depth of one
        const value v = permute(reshape(p.v, {h, w, wide, U}), {2, 0, 1, 3});                  // (V, H, W, U)
        const value near = convolution(v, reshape(table, {1, image ? R : 1, R, U, K}), view);  // (V, H, W, K)
        const value l = reshape(near, {wide, n, K}) + reshape(p.content, {wide, 1, K});
        extents result = x.shape();
        result[-1] = D;
        return reshape(einsum("nhk,vnk->nhv", p.q, l), result);
    }
};

template <int D, int R, int Heads = 4, int K = 16, int U = 1>
inline constexpr lambda_convolution_layer<D, R, Heads, K, U> lambda_convolution{};

}  // namespace tessera
