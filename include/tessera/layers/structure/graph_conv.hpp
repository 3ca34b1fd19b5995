// graph_conv<F>: each node of a graph takes the weighted sum of its neighbours' features, mapped.
//
//   in      x (N, C), adjacency (N, N)                     y = adjacency x weight
//           x (N, C), source (M), target (M)               int32, edges of a graph of N nodes
//           x (N, C), source (M), target (M), strength (M)
//   out     y (N, F)
//
// The matrix is taken as it is: normalised_adjacency(a) makes that of Kipf and Welling, D^-1/2 (A + I) D^-1/2. With
// edges it is the layer that adds the loops and normalises: target t sees source s with strength / sqrt(d_s d_t), d the
// strengths that arrive at a node and 1 for itself; without `strength` all are 1. An edge is directed, so a graph
// without directions has each edge both ways. An edge of strength 0 is none, which fills a list up to M.
//
//     struct net : network<(graph_conv<16>), in<"x", shape<34, 8>>, in<"a", shape<34, 34>>> {};
//
// Options     with_bias.
// Parameters  weight (C, F), Xavier; with_bias: bias (F), zero.
// Gradient    exact, to x, the adjacency and the strengths too.
// Cost        the cheaper order: N^2 C + N C F or N C F + N^2 F multiply-adds; of edges N C F and a pass over M rows of C
//             or F numbers, whichever is less, gathered and added up.
// Errors      compile time: F < 1; an x that is not (nodes, features); an adjacency that is not (nodes, nodes); sources,
//             targets and strengths of other shapes or elements; one value alone. A node that is not there is refused by
//             the call.
// Source      Kipf, Welling 2017, "Semi-Supervised Classification with Graph Convolutional Networks".
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int F, class... Options> struct graph_conv_layer : layer_base<graph_conv_layer<F, Options...>> {
    static_assert(F >= 1, "graph_conv<F>: F must be at least 1");
    static_assert((std::is_same_v<Options, with_bias> && ...), "graph_conv<F, ...>: the option is with_bias");
    static constexpr std::string_view name = "graph_conv";
    static constexpr text describe() { return text("graph_conv<") + F + std::string_view(">"); }

    constexpr value apply(value x, value adjacency) const {
        if (!expects_nodes(x)) return x;
        const int n = x.extent(0);
        if (!expects(adjacency, adjacency.shape() == extents{n, n}, "an adjacency (nodes, nodes)")) return x;
        return biased(einsum("nm,mc,cf->nf", adjacency, x, weight(x)));
    }
    constexpr value apply(value x, value source, value target) const {
        if (!expects_nodes(x) || !expects_edges(source, target)) return x;
        const value ones = broadcast_to(constant(*x.owner, 1), source.shape(), source.batched() || target.batched());
        return over_edges(x, source, target, ones);
    }
    constexpr value apply(value x, value source, value target, value strength) const {
        if (!expects_nodes(x) || !expects_edges(source, target)) return x;
        if (!expects(strength, strength.shape() == source.shape(), "a strength for each edge")) return x;
        return over_edges(x, source, target, strength);
    }

  private:
    static constexpr bool expects_nodes(value x) { return expects(x, rank == 2, "nodes (nodes, features)"); }
    static constexpr bool expects_edges(value source, value target) {
        return expects(source, rank == 1, "the sources of edges (edges)") &&
               expects(target, target.shape() == source.shape(), "a target for each source");
    }
    static constexpr variable_request weight(value x) {
        return parameter("weight", {x.extent(1), F}, initial::xavier(x.extent(1), F));
    }
    static constexpr value biased(value y) {
        if constexpr (detail::has_option<with_bias, Options...>)
            return y + parameter("bias", {F}).no_weight_decay();
        else
            return y;
    }
    static constexpr value over_edges(value x, value source, value target, value strength) {
        const int n = x.extent(0), m = source.extent(0);
        const value scale = rsqrt(segment_sum(strength, target, n) + 1);  // (N)
        const value column = reshape(scale, {n, 1});
        const value of_edge = reshape(strength, {m, 1}) * gather(column, source);  // (M, 1)
        const auto spread = [&](value v) {
            return (segment_sum(of_edge * gather(v, source), target, n) + v * column) * column;
        };
        const auto mapped = [&](value v) { return einsum("nc,cf->nf", v, weight(x)); };
        return biased(x.extent(1) < F ? mapped(spread(x)) : spread(mapped(x)));
    }
};

template <int F, class... Options> inline constexpr graph_conv_layer<F, Options...> graph_conv{};

}  // namespace tessera
