// normalised_adjacency(a): what a graph convolution multiplies by, of a graph as it is.
//
//   in      a (N, N)     weights of edges, not negative; a_ij is how strongly node j is seen by node i
//   out     D^-1/2 (a + I) D^-1/2, D the sums of the rows of a + I
//
// Of a constant of up to 1024 elements it is computed while compiling. Two nodes that are joined have 1/2 in all places.
// Gradient    exact.
// Cost        four operations an edge.
// Errors      compile time: a that is not square.
// Source      Kipf, Welling 2017, "Semi-Supervised Classification with Graph Convolutional Networks".
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

constexpr value normalised_adjacency(value a) {
    if (!expects(a, a.rank() == 2 && a.extent(0) == a.extent(1), "an adjacency (nodes, nodes)")) return a;
    const int n = a.extent(0);
    detail::list<double> one(static_cast<std::size_t>(n * n));
    for (int i = 0; i < n; ++i) one[static_cast<std::size_t>(i * n + i)] = 1;
    const value with_itself = a + constant(one, {n, n}).with(a);
    const value scale = rsqrt(sum(with_itself, last, keep_axes));  // (N, 1)
    return with_itself * scale * reshape(scale, {1, n});
}

}  // namespace tessera
