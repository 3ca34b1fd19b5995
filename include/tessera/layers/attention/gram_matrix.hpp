// gram_matrix: how much each two channels of an image go together.
//
//   in      x (positions..., D)
//   out     g (D, D), symmetric, no eigenvalue below 0
//
//   g_de = the mean of x_d x_e over all positions
//
//   upper_triangle      (D, D) to (D (D + 1) / 2): row by row from the diagonal on
//
// Parameters  none.
// Gradient    exact.
// Cost        P D^2 multiply-adds, of P positions; upper_triangle: a copy, and a table of D (D + 1) / 2 indices.
// Errors      compile time: an input of rank 0 or 1; upper_triangle: one that is not square.
// Source      Ryu, Han, Lim 2023, "Gramian Attention Heads are Strong yet Efficient Vision Learners".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/gather_axis.hpp>

namespace tessera {

struct gram_matrix_layer : layer_base<gram_matrix_layer> {
    static constexpr std::string_view name = "gram_matrix";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        const int d = x.extent(-1), positions = x.size() / d;
        x = reshape(x, {positions, d});
        return einsum("pd,pe->de", x, x) * (1.0 / positions);
    }
};
inline constexpr gram_matrix_layer gram_matrix{};

struct upper_triangle_layer : layer_base<upper_triangle_layer> {
    static constexpr std::string_view name = "upper_triangle";

    constexpr value apply(value g) const {
        if (!expects(g, g.rank() == 2 && g.extent(0) == g.extent(1), "a square matrix")) return g;
        const int d = g.extent(0);
        detail::list<double> places;
        for (int i = 0; i < d; ++i)
            for (int j = i; j < d; ++j) places.push_back(i * d + j);
        const extents shape{places.count()};
        return gather(reshape(g, {d * d}), index_table(places, shape).with(g), 0);
    }
};
inline constexpr upper_triangle_layer upper_triangle{};

}  // namespace tessera
