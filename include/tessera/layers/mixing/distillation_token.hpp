// distillation_token: a place of learnt features put before a sequence, whose result is trained on what a teacher says.
//
//   in      x (T, D)
//   out     y (1 + T, D), y_0 = weight, y_(t + 1) = x_t
//
// It differs from class_token in its name alone. In a chain it stands before class_token, so that the class is place 0
// and the teacher place 1, as in the authors' code. A head reads each place, and in use their results are averaged.
// Parameters  weight (1, D), truncated normal with deviation 0.02.
// Gradient    exact.
// Cost        none, or a copy.
// Errors      compile time: an input of rank other than 2. A stream has no place before its first.
// Source      Touvron et al. 2021, "Training data-efficient image transformers & distillation through attention".
//
//     inline constexpr auto tokens = patch_embedding<192, 16> >> distillation_token >> class_token;   // (198, 192)
#pragma once
#include <tessera/layers/mixing/class_token.hpp>

namespace tessera {

struct distillation_token_layer : layer_base<distillation_token_layer> {
    static constexpr std::string_view name = "distillation_token";
    constexpr value apply(value x) const { return detail::blocks::behind_a_place(x); }
};
inline constexpr distillation_token_layer distillation_token{};

}  // namespace tessera
