// box_embedding<V, D>: a box for each of V symbols.
//
//   in      index (...), element int32, from 0 to V - 1
//   out     low, high (..., D), two values; high = low + softplus(side), so no box is empty
//
// What is asked of boxes stands in box.hpp: box_containment(a, b) is log P(a | b).
// Parameters  low, side (V, D), uniform up to 1.
// Gradient    exact: rows added up where they came from. To the index: none.
// Cost        two rows copied an index, and D softplus.
// Errors      compile time: V < 1, D < 1; an input that is not of element int32, or of rank 6.
// Source      Vilnis, Li, Murty, McCallum 2018, "Probabilistic Embedding of Knowledge Graphs with Box Lattice Measures".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/layers/structure/box.hpp>

namespace tessera {

template <int V, int D> struct box_embedding_layer : layer_base<box_embedding_layer<V, D>> {
    static_assert(V >= 1 && D >= 1, "box_embedding<V, D>: both must be at least 1");
    static constexpr std::string_view name = "box_embedding";
    static constexpr text describe() {
        return text("box_embedding<") + V + std::string_view(", ") + D + std::string_view(">");
    }

    constexpr values apply(value index) const {
        if (!expects(index, index.rank() < max_rank, "an index of rank 5 at most")) return {index, index};
        const value low = gather(parameter("low", {V, D}, initial::uniform(1)).with(index), index);
        const value side = gather(parameter("side", {V, D}, initial::uniform(1)).with(index), index);
        return {low, low + softplus_layer{}.apply(side)};
    }
};

template <int V, int D> inline constexpr box_embedding_layer<V, D> box_embedding{};

}  // namespace tessera
