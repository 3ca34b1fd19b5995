// cosine_embedding<Margin>: turns pairs that belong together towards each other, and others apart.
//
//   in      the network's two outputs x, y (..., C); targets t (...), 1: alike, -1: not
//   out     a scalar a sample: the mean over leading axes
//
//   c = x . y / (|x| |y|),   loss = 1 - c where t = 1, else max(0, c - double{Margin})
//
// Squared lengths are increased by 1e-12, so that a vector of zeros has a gradient.
// Gradient    exact.
// Cost        6 C operations a pair.
// Errors      compile time: Margin outside -1 ... 1; other than two outputs, or outputs of different shapes or of
//             rank 0.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

template <auto Margin = 0> struct cosine_embedding {
    static_assert(Margin >= -1 && Margin <= 1, "cosine_embedding<Margin>: Margin must be in [-1, 1]");
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& pair) {
        const value x = pair[0], y = pair[1];
        if (!expects(x, pair.count == 2 && x.rank() >= 1 && x.shape() == y.shape(), "two outputs (..., features)"))
            return {&g, -1};
        const value t =
            losses::target(g, "targets", detail::without(x.shape(), last.of(x.rank())), losses::width_of(x));
        // a root each: the product of two squared lengths is too large for a float where they are not
        const value inverse_x = rsqrt(sum(square(x), last) + 1e-12), inverse_y = rsqrt(sum(square(y), last) + 1e-12);
        const value c = sum(x * y, last) * inverse_x * inverse_y;                                     // (...)
        const value alike = tessera::apply(detail::scalar_function::below, 0, t), other = 1 - alike;  // NaN stays NaN
        return mean(masked(alike, 1 - c) +
                    masked(other, tessera::apply(detail::scalar_function::relu, c - double{Margin})));
    }
};

}  // namespace tessera
