// class_token: a place of learnt features put before a sequence; what the network makes of it stands for the whole.
//
//   in      x (T, D)
//   out     y (1 + T, D), y_0 = weight, y_(t + 1) = x_t
//
// Parameters  weight (1, D), truncated normal with deviation 0.02.
// Gradient    exact.
// Cost        none, or a copy.
// Errors      compile time: an input of rank other than 2. A stream has no place before its first.
// Source      Devlin et al. 2019, "BERT"; Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words".
//
//     inline constexpr auto tokens = patch_embedding<192, 16> >> class_token;   // (197, 192) of 224 by 224 pixels
//     inline constexpr auto of_class = slice_axis<0, 0, 1> >> flatten >> dense<1000>;
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/concatenate.hpp>

namespace tessera {

namespace detail {

namespace blocks {

constexpr value behind_a_place(value x) {
    if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
    const value place = parameter("weight", {1, x.extent(1)}, initial::truncated_normal(0.02)).with(x);
    return concatenate({place, x}, 0);  // (1 + T, D)
}

}  // namespace blocks

}  // namespace detail

struct class_token_layer : layer_base<class_token_layer> {
    static constexpr std::string_view name = "class_token";
    constexpr value apply(value x) const { return detail::blocks::behind_a_place(x); }
};
inline constexpr class_token_layer class_token{};

}  // namespace tessera
