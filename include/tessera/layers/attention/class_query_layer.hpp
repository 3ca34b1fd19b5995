// class_query_layer<Heads, Hidden>: a layer of a decoder whose queries look at one another and then at a memory.
//
//   in      y (C, D)          what the queries have found so far; zeros before the first layer
//           memory (S, E)     what they look at
//           queries (C, D)    learnt; added to what asks, never to what is found
//   out     y (C, D)
//
//   y = norm(y + self_attention(y + queries, y + queries, y))        queries, keys, values
//   y = norm(y + cross_attention(y + queries, memory, memory))
//   y = norm(y + relu(y hidden) back)
//
// Keys of the memory have no places added: add them to the memory before if they are wanted.
// Options     a third number, class_query_layer<Heads, Hidden, Drop>, is the dropout of each of the three sums and of the
//             hidden features in training; none unless given. Weights of attention are not dropped.
// Parameters  self_attention., cross_attention.: those of multi_head_attention<Heads, with_bias>; hidden. and back.: those
//             of dense<Hidden> and dense<D>; norm_0., norm_1., norm_2.: those of layer_norm.
// Gradient    exact.
// Cost        6 C D^2 + 2 S E D + 2 C (C + S) D + 2 C D Hidden multiply-adds; no array of C x C or C x S.
// Errors      compile time: Heads < 1; Hidden < 1; Heads that do not divide D; operands that are not of rank 2; y and
//             queries of different shapes.
// Source      Carion et al. 2020, "End-to-End Object Detection with Transformers"; Paul et al. 2024, "A Simple
//             Interpretable Transformer for Fine-Grained Image Classification and Analysis".
#pragma once
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

template <int Heads, int Hidden, double Drop = 0.0>
struct class_query_layer_layer : layer_base<class_query_layer_layer<Heads, Hidden, Drop>> {
    static_assert(Hidden >= 1, "class_query_layer<Heads, Hidden>: Hidden must be at least 1");
    static constexpr std::string_view name = "class_query_layer";
    static constexpr text describe() { return detail::written(name, {Heads, Hidden}); }

    constexpr value apply(value y, value memory, value queries) const {
        for (value x : {y, memory, queries})
            if (!expects(x, rank == 2, "queries and memory (places, features)")) return {y.owner, -1};
        if (!expects(queries, queries.shape() == y.shape(), (text("queries of ") + y.shape().describe()).view()))
            return {y.owner, -1};
        const int d = y.extent(-1);
        constexpr auto attention_of = multi_head_attention<Heads, with_bias>;
        const value asking = y + queries;
        y = normed("norm_0", y, detail::call_in("self_attention", attention_of, values{asking, asking, y}));
        y = normed("norm_1", y, detail::call_in("cross_attention", attention_of, values{y + queries, memory}));
        const value hidden = dropped(relu(mapped("hidden", y, d, Hidden)));  // (C, Hidden)
        return normed("norm_2", y, mapped("back", hidden, Hidden, d));
    }

  private:
    static constexpr value dropped(value x) {
        if constexpr (Drop > 0)
            return dropout<Drop>(x);
        else
            return x;
    }
    static constexpr value normed(std::string_view where, value y, value added) {
        return detail::call_in(where, layer_norm, y + dropped(added));
    }
    static constexpr value mapped(std::string_view where, value x, int from, int to) {
        const detail::scope_guard inside(*x.owner, where, text(where), false);
        return einsum("ci,io->co", x, parameter("weight", {from, to}, initial::kaiming(from))) +
               parameter("bias", {to}).no_weight_decay();
    }
};

template <int Heads, int Hidden, double Drop = 0.0>
inline constexpr class_query_layer_layer<Heads, Hidden, Drop> class_query_layer{};

}  // namespace tessera
