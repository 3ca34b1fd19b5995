// class_query_decoder<Classes, Layers, Heads, Hidden>: a learnt query for each class looks for its class in a memory, and
// one map that all classes share makes a logit of what it finds.
//
//   in      memory (S, D)       features of an image's places
//   out     logits (Classes)
//
//   y = 0, then Layers times y = class_query_layer<Heads, Hidden>(y, memory, queries)
//   logit_c = norm(y)_c . weight + bias
//
// Classes differ in their queries alone: queries in another order give logits in that order.
// Options     a fifth number is the dropout of the layers in training: see class_query_layer.hpp.
// Parameters  queries (Classes, D), normal with deviation 1; those of each layer, below its number; norm., those of
//             layer_norm; weight (D), Xavier; bias ().
// Gradient    exact.
// Cost        Layers times that of a layer; Classes D multiply-adds.
// Errors      compile time: a number of Classes or Layers < 1; an input that is not of rank 2; those of the layers.
// Source      Paul et al. 2024, "A Simple Interpretable Transformer for Fine-Grained Image Classification and Analysis".
//
//     struct of_birds : network<(conv<256, 1> >> reshape_to<49, 256> >> class_query_decoder<200, 6, 8, 2048>),
//                               shape<7, 7, 2048>> {};
#pragma once
#include <tessera/layers/attention/class_query_layer.hpp>

namespace tessera {

template <int Classes, int Layers, int Heads, int Hidden, double Drop = 0.0>
struct class_query_decoder_layer : layer_base<class_query_decoder_layer<Classes, Layers, Heads, Hidden, Drop>> {
    static_assert(Classes >= 1, "class_query_decoder<Classes, ...>: Classes must be at least 1");
    static_assert(Layers >= 1, "class_query_decoder<Classes, Layers, ...>: Layers must be at least 1");
    static constexpr std::string_view name = "class_query_decoder";
    static constexpr text describe() { return detail::written(name, {Classes, Layers, Heads, Hidden}); }

    constexpr value apply(value memory) const {
        if (!expects(memory, rank == 2, "a memory (places, features)")) return memory;
        const int d = memory.extent(-1);
        const value queries = parameter("queries", {Classes, d}, initial::normal(1)).with(memory);
        value y = broadcast_to(constant(*memory.owner, 0), {Classes, d}, false);
        for (int i = 0; i < Layers; ++i)
            y = detail::call_in(i, class_query_layer<Heads, Hidden, Drop>, values{y, memory, queries});
        y = detail::call_in("norm", layer_norm, y);
        return einsum("cd,d->c", y, parameter("weight", {d}, initial::xavier(d, 1))) +
               parameter("bias", {}).no_weight_decay();
    }
};

template <int Classes, int Layers, int Heads, int Hidden, double Drop = 0.0>
inline constexpr class_query_decoder_layer<Classes, Layers, Heads, Hidden, Drop> class_query_decoder{};

}  // namespace tessera
