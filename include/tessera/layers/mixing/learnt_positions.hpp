// learnt_positions: a learnt row of features added to each place of a sequence.
//
//   in      x (places..., D)
//   out     y (places..., D)
//
//   y = x + weight
//
// Parameters  weight (places..., D), truncated normal with deviation 0.02.
// Gradient    exact.
// Cost        one addition an element.
// Errors      compile time: an input of rank below 2. A stream has no number of places.
// Source      Devlin et al. 2019, "BERT"; Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words".
//
//     inline constexpr auto tokens = embedding<30522, 384> >> learnt_positions;   // of as many words as the input has
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct learnt_positions_layer : layer_base<learnt_positions_layer> {
    static constexpr std::string_view name = "learnt_positions";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "a sequence (places..., features)")) return x;
        return x + parameter("weight", x.shape(), initial::truncated_normal(0.02));
    }
};
inline constexpr learnt_positions_layer learnt_positions{};

}  // namespace tessera
