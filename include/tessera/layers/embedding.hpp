// embedding<V, D>: a row of features for each of V symbols.
//
//   in      index (...), element int32, from 0 to V - 1
//   out     y (..., D)
//
//   y = weight[index]
//
// Parameters  weight (V, D), normal with deviation 1.
// Gradient    to the weight: rows added up where they came from. To the index: none.
// Cost        one row copied an index.
// Errors      compile time: V < 1, D < 1; an input that is not of element int32, or of rank 6.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/gather.hpp>

namespace tessera {

template <int V, int D> struct embedding_layer : layer_base<embedding_layer<V, D>> {
    static_assert(V >= 1 && D >= 1, "embedding<V, D>: both must be at least 1");
    static constexpr std::string_view name = "embedding";
    static constexpr text describe() {
        return text("embedding<") + V + std::string_view(", ") + D + std::string_view(">");
    }

    constexpr value apply(value index) const {
        if (!expects(index, index.rank() < max_rank, "an index of rank 5 at most")) return index;
        return gather(parameter("weight", {V, D}, initial::normal(1)).with(index), index);
    }
};

template <int V, int D> inline constexpr embedding_layer<V, D> embedding{};

}  // namespace tessera
