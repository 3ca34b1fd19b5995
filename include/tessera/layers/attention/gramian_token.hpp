// gramian_token<C, Groups>: a class token that is made of how the channels of an image go together.
//
//   in      x (positions..., D)
//   out     z (C)
//
//   t = upper_triangle(gram_matrix(x))            D (D + 1) / 2 numbers
//   z = batch_norm(t / |t| weight + bias)         in Groups parts: the first numbers make the first features
//
// What the matrix is divided by does not matter, for t is brought to length 1, unless it is shorter than 1e-12.
//
// Parameters  weight (Groups, D (D + 1) / 2 Groups, C / Groups), Xavier; bias (C), zero; batch_norm's.
// Gradient    exact.
// Cost        P D^2 + D (D + 1) / 2 C / Groups multiply-adds, of P positions.
// Errors      compile time: C or Groups < 1; Groups that do not divide C, or the numbers; an input of rank 0 or 1.
// Source      Ryu, Han, Lim 2023, "Gramian Attention Heads are Strong yet Efficient Vision Learners", and the authors'
//             code.
#pragma once
#include <tessera/layers/attention/gram_matrix.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

namespace detail::gramian {

constexpr value token_of(value x, int features, int groups) {
    if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
    const int d = x.extent(-1), numbers = d * (d + 1) / 2, each = numbers / groups, made = features / groups;
    if (!expects(x, numbers % groups == 0,
                 (text("channels D, of which ") + groups + std::string_view(" divides D (D + 1) / 2")).view()))
        return {x.owner, -1};
    const value t = upper_triangle(gram_matrix(x));
    const value unit = t * rsqrt(maximum(sum(square(t)), 1e-24));
    const value z = einsum("gi,gio->go", reshape(unit, {groups, each}),
                           parameter("weight", {groups, each, made}, initial::xavier(each, made)));
    return batch_norm(reshape(z, {features}) + parameter("bias", {features}).no_weight_decay());
}

}  // namespace detail::gramian

template <int C, int Groups = 8> struct gramian_token_layer : layer_base<gramian_token_layer<C, Groups>> {
    static_assert(C >= 1 && Groups >= 1, "gramian_token<C, Groups>: both must be at least 1");
    static_assert(C % Groups == 0, "gramian_token<C, Groups>: C must be a multiple of Groups");
    static constexpr std::string_view name = "gramian_token";
    static constexpr text describe() { return detail::written("gramian_token", {C, Groups}); }

    constexpr value apply(value x) const { return detail::gramian::token_of(x, C, Groups); }
};

template <int C, int Groups = 8> inline constexpr gramian_token_layer<C, Groups> gramian_token{};

}  // namespace tessera
