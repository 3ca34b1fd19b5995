// group_norm<G>: each of G groups of neighbouring channels brought to mean 0 and variance 1 over its channels and
// all positions of a sample.
//
//   in      x (positions..., C)
//   out     y (positions..., C)
//
//   y = (x - mean) / sqrt(variance + epsilon) weight + bias
//
// Options     group_norm<G, Epsilon>; 1e-5.
// Parameters  weight (C), 1; bias (C), 0; both spared by weight decay.
// Gradient    exact, through the statistics.
// Cost        four passes over x.
// Errors      compile time: G < 1; G that does not divide C; an input of rank 0 or 6; Epsilon <= 0.
// Source      Wu, He 2018, "Group Normalization".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/normalise.hpp>

namespace tessera {

template <int G, double Epsilon = 1e-5> struct group_norm_layer : layer_base<group_norm_layer<G, Epsilon>> {
    static_assert(G >= 1, "group_norm<G>: G must be at least 1");
    static_assert(Epsilon > 0, "group_norm: Epsilon must be positive");
    static constexpr std::string_view name = "group_norm";
    static constexpr text describe() { return text("group_norm<") + G + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() < max_rank, "(positions..., channels), rank 1 to 5")) return x;
        const int channels = x.extent(-1);
        if (G < 1 || channels % G != 0)
            return reject(*x.owner, text("channels divisible by ") + G + std::string_view(" groups"),
                          text("") + channels + std::string_view(" channels"));
        extents split = x.shape();
        split[-1] = G;
        split.push(channels / G);
        const unsigned mask = axes(split.rank - 1).mask | leading.of(x.rank());
        const value y = reshape(detail::normalise(reshape(x, split), mask, false, Epsilon).y, x.shape());
        return y * parameter("weight", {channels}, initial::constant(1)).no_weight_decay() +
               parameter("bias", {channels}).no_weight_decay();
    }
};

template <int G, double Epsilon = 1e-5> inline constexpr group_norm_layer<G, Epsilon> group_norm{};

}  // namespace tessera
