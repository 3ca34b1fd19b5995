// mab<D, Heads>: attention block of two sets: each element of the first looks at all of the second, whose order is
// nothing to it.
//
//   in      x (T, C) and a set (S, E); or x alone, which is then both
//   out     y (T, D)
//
//   q = x query + query_bias, k and v likewise of the set, K = D / Heads features a head
//   h = q + attention(q, k, v, 1 / sqrt(D))         each head its own features; D is that of all heads together
//   y = h + relu(h out + out_bias)
//
// The skip connection takes the projected queries, so T elements of C features may become D, and no further map mixes
// the heads before the last step: as in the authors' code. In the paper's formula the skip takes x itself.
//
// Options     with_layer_norm   layer norms of h and of y, which the authors' code leaves out unless asked
// Parameters  query (C, Heads, K), key, value (E, Heads, K), Xavier; out (D, D), Kaiming; query_bias, key_bias,
//             value_bias (Heads, K), out_bias (D), zero. with_layer_norm: layer_norm and layer_norm_1, weight and bias.
// Gradient    exact.
// Cost        T C D + 2 S E D + 2 T S D + T D^2 multiply-adds, or, where that is less, as for few queries,
//             T C D + 2 T E D + 2 Heads T S E + T D^2: see attend_to_tokens.hpp; no array of T x S.
// Errors      compile time: D < 1; Heads that do not divide D; an input that is not of rank 2; a list of values that are
//             not one or two.
// Source      Lee et al. 2019, "Set Transformer", section 3.1, MAB.
//
//     struct seen : network<mab<16, 4>, in<"queries", shape<5, 3>>, in<"set", shape<100, 2>>> {};     // (5, 16)
#pragma once
#include <tessera/layers/attention/attend_to_tokens.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

struct with_layer_norm {};

template <int D, int Heads, class... Options> struct mab_layer : layer_base<mab_layer<D, Heads, Options...>> {
    static_assert(D >= 1 && Heads >= 1 && D % Heads == 0, "mab<D, Heads>: Heads must divide D");
    static_assert((std::is_same_v<Options, with_layer_norm> && ...),
                  "mab<D, Heads, ...>: the option is with_layer_norm");
    static constexpr std::string_view name = "mab";
    static constexpr text describe() { return detail::written(name, {D, Heads}); }

    constexpr value apply(value x) const { return apply(x, x); }

    constexpr value apply(value x, value set) const {
        const value none{x.owner, -1};
        if (!expects(x, rank == 2, "a set (elements, features)")) return none;
        if (!expects(set, rank == 2, "a set (elements, features)")) return none;
        const value q = to_heads("query", "query_bias", x)();  // (T, Heads, K)
        const detail::token_map key = to_heads("key", "key_bias", set), kept = to_heads("value", "value_bias", set);
        const value seen = q + detail::attend_to_tokens(q, key, kept, rsqrt(D));
        const value h = normed(reshape(seen, {x.extent(0), D}));
        const value mapped = einsum("ti,io->to", h, parameter("out", {D, D}, initial::kaiming(D))) +
                             parameter("out_bias", {D}).no_weight_decay();
        return normed(h + relu(mapped));
    }

    constexpr value apply(const values& x) const {
        if (x.count == 1) return apply(x[0]);
        if (x.count == 2) return apply(x[0], x[1]);
        return reject(detail::graph_of(x), text("one set, or two"), text("") + x.count + std::string_view(" values"));
    }

  private:
    static constexpr detail::token_map to_heads(std::string_view weight, std::string_view bias, value x) {
        const int c = x.extent(-1);
        return {x, parameter(weight, {c, Heads, D / Heads}, initial::xavier(c, D)).with(x),
                parameter(bias, {Heads, D / Heads}).no_weight_decay().with(x)};
    }
    static constexpr value normed(value x) {
        if constexpr (sizeof...(Options) > 0)
            return layer_norm(x);
        else
            return x;
    }
};

template <int D, int Heads, class... Options> inline constexpr mab_layer<D, Heads, Options...> mab{};

}  // namespace tessera
