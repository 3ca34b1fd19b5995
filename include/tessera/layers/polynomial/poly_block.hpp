// poly_block<Expansion>: two mu layers around which the image goes on: one that looks at its neighbours, one that
// looks at each place by itself.
//
//   in      x (H, W, D)
//   out     y (H, W, D)
//
//   z = x + mu_layer<D, spatially_shifted>(norm(x))
//   y = z + mu_layer<Expansion D>(norm(z))
//
// norm is a layer norm with epsilon 1e-6, one for both.
// Options     of the mu layers: shrink<S>, without_norms; the latter takes the norm of the block away too.
// Parameters  norm_weight, norm_bias (D), one and zero; those of mu_layer and mu_layer_1.
// Gradient    exact.
// Cost        that of the mu layers.
// Errors      compile time: Expansion < 1; an input not of rank 3; D below S.
// Source      Cheng, Chrysos, Georgopoulos, Cevher 2024, "Multilinear Operator Networks".
//
//     inline constexpr auto stage = conv<64, 2, stride<2>> >> repeat<4>(poly_block<3>);
#pragma once
#include <tessera/layers/polynomial/mu_layer.hpp>

namespace tessera {

template <int Expansion = 3, class... Options>
struct poly_block_layer : layer_base<poly_block_layer<Expansion, Options...>> {
    static_assert(Expansion >= 1, "poly_block<Expansion>: Expansion must be at least 1");
    static_assert(((std::is_same_v<Options, without_norms> || detail::shrinks_by<Options> > 0) && ...),
                  "poly_block<Expansion, ...>: the options are shrink<S> and without_norms");
    static constexpr std::string_view name = "poly_block";
    static constexpr text describe() { return detail::written(name, {Expansion}); }

    constexpr value apply(value x) const {
        constexpr int shrinking = detail::shrinking_of<Options...>();
        if (!expects(x, rank == 3, "an image (H, W, D)")) return x;
        if (!expects(x, x.extent(-1) >= shrinking, (text("channels, at least ") + shrinking).view())) return x;
        const int d = x.extent(-1);
        value weight, bias;  // (D) each
        if constexpr (norms) {
            weight = parameter("norm_weight", {d}, initial::constant(1)).no_weight_decay().with(x);
            bias = parameter("norm_bias", {d}).no_weight_decay().with(x);
        }
        const auto norm = [&](value z) {
            return norms ? detail::normalise(z, last.of(3), false, detail::mu_epsilon).y * weight + bias : z;
        };
        const value z = x + mu(norm(x), d, true);
        return z + mu(norm(z), Expansion * d, false);
    }

  private:
    static constexpr bool norms = !detail::has_option<without_norms, Options...>;

    static constexpr value mu(value x, int hidden, bool shifts) {
        const detail::scope_guard inside(*x.owner, "mu_layer", detail::written("mu_layer", {hidden}), true,
                                         detail::scope_guard::naming::numbered);
        return detail::mu(x, hidden, detail::shrinking_of<Options...>(), shifts, norms);
    }
};

template <int Expansion = 3, class... Options> inline constexpr poly_block_layer<Expansion, Options...> poly_block{};

}  // namespace tessera
