// mu_layer<Hidden>: a linear map and the product of two of them, brought together by a third: degree 2 without any
// activation function.
//
//   in      x (..., D); with spatially_shifted (H, W, D)
//   out     y (..., D)
//
//   a = norm(x u1 + u1_bias)
//   b = norm((x u2 + u2_bias) u3 + u3_bias)
//   y = (a + alpha a b) c + c_bias
//
// norm is a layer norm with epsilon 1e-6.
// Options     spatially_shifted: x u1 and x u2, with their biases, go through spatial_shift; shrink<S>: u2 has
//             Hidden / S columns, 8 unless given; without_norms: each layer is then a polynomial of degree 2 in x.
// Parameters  u1 (D, Hidden), u2 (D, Hidden / S), u3 (Hidden / S, Hidden), Kaiming, their biases 1; c (Hidden, D),
//             Xavier, c_bias (D), zero; alpha (1), one; of the norms a_weight, a_bias, b_weight, b_bias (Hidden).
// Gradient    exact.
// Cost        D Hidden (2 + 1 / S) + Hidden^2 / S multiply-adds a position.
// Errors      compile time: Hidden < S; an input of rank 0 or above 4; a shift of what is not (H, W, D).
// Source      Cheng, Chrysos, Georgopoulos, Cevher 2024, "Multilinear Operator Networks". How c starts is not said there.
//
//     struct net : network<(conv<32, 2, stride<2>> >> residual(layer_norm >> mu_layer<32, spatially_shifted>)), ...> {};
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/normalise.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/polynomial/spatial_shift.hpp>

namespace tessera {

struct spatially_shifted {};
struct without_norms {};
template <int S> struct shrink {
    static_assert(S >= 1, "shrink<S>: S must be at least 1");
};

namespace detail {

inline constexpr double mu_epsilon = 1e-6;  // of its layer norms

template <class> inline constexpr int shrinks_by = 0;  // 0: another option
template <int S> inline constexpr int shrinks_by<shrink<S>> = S;

// x (..., D) by a matrix that comes into being here, and a bias
constexpr value affine_map(std::string_view name, value x, int features, const initialiser& start, double bias) {
    const value y = einsum("...i,io->...o", x, parameter(name, {x.extent(-1), features}, start));
    const text own = text(name) + std::string_view("_bias");
    return y + parameter(own.view(), {features}, initial::constant(bias)).no_weight_decay();
}
// a layer norm whose parameters have a name in front
constexpr value normalised_features(std::string_view name, value x, double epsilon) {
    const extents features{x.extent(-1)};
    const text weight = text(name) + std::string_view("_weight"), bias = text(name) + std::string_view("_bias");
    return normalise(x, last.of(x.rank()), false, epsilon).y *
               parameter(weight.view(), features, initial::constant(1)).no_weight_decay() +
           parameter(bias.view(), features).no_weight_decay();
}

// the layer; its parameters live where it is called
constexpr value mu(value x, int hidden, int shrinking, bool shifts, bool norms) {
    const int d = x.extent(-1), narrow = hidden / shrinking;
    value a = affine_map("u1", x, hidden, initial::kaiming(d), 1);  // (..., Hidden)
    value b = affine_map("u2", x, narrow, initial::kaiming(d), 1);  // (..., Hidden / S)
    if (shifts) {
        a = spatial_shift_layer{}.apply(a);
        b = spatial_shift_layer{}.apply(b);
    }
    b = affine_map("u3", b, hidden, initial::kaiming(narrow), 1);  // (..., Hidden)
    if (norms) {
        a = normalised_features("a", a, mu_epsilon);
        b = normalised_features("b", b, mu_epsilon);
    }
    const value both = a + parameter("alpha", {1}, initial::constant(1)).no_weight_decay() * (a * b);
    return affine_map("c", both, d, initial::xavier(hidden, d), 0);
}

// what shrink<S> says, or 8
template <class... Options> constexpr int shrinking_of() {
    int s = 0;
    ((s = shrinks_by<Options> > 0 ? shrinks_by<Options> : s), ...);
    return s > 0 ? s : 8;
}

}  // namespace detail

template <int Hidden, class... Options> struct mu_layer_layer : layer_base<mu_layer_layer<Hidden, Options...>> {
    static_assert(((std::is_same_v<Options, spatially_shifted> || std::is_same_v<Options, without_norms> ||
                    detail::shrinks_by<Options> > 0) &&
                   ...),
                  "mu_layer<Hidden, ...>: the options are spatially_shifted, shrink<S> and without_norms");
    static constexpr int shrinking = detail::shrinking_of<Options...>();
    static_assert(Hidden >= shrinking, "mu_layer<Hidden>: Hidden must be at least what shrink<S> divides it by, or 8");
    static constexpr std::string_view name = "mu_layer";
    static constexpr text describe() { return detail::written(name, {Hidden}); }

    constexpr value apply(value x) const {
        constexpr bool shifts = detail::has_option<spatially_shifted, Options...>;
        if (!expects(x, shifts ? x.rank() == 3 : x.rank() >= 1 && x.rank() <= 4,
                     shifts ? "an image (H, W, D)" : "features on the last axis", "rank 1 to 4"))
            return x;
        return detail::mu(x, Hidden, shrinking, shifts, !detail::has_option<without_norms, Options...>);
    }
};

template <int Hidden, class... Options> inline constexpr mu_layer_layer<Hidden, Options...> mu_layer{};

}  // namespace tessera
