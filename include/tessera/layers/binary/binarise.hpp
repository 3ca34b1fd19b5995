// binarise: 1 where x >= 0, else -1; its gradient is that of the identity where |x| < 1, else 0.
//
//   in      x, any shape
//   out     y like x
//
// sign(0) is 1, as sign_bits has it; so is that of NaN.
// Parameters  none.
// Gradient    straight through, and 0 where |x| >= 1.
// Cost        two operations an element.
// Errors      none.
// Source      Courbariaux, Hubara, Soudry, El-Yaniv, Bengio 2016, "Binarized Neural Networks".
//
//     inline constexpr auto block = batch_norm >> binarise >> binary_conv<64, 3, same> >> max_pool<2>;
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/with_gradient.hpp>

namespace tessera {

struct binarise_layer : layer_base<binarise_layer> {
    static constexpr std::string_view name = "binarise";

    constexpr value apply(value x) const {
        return with_gradient(select(less(x, 0), -1, 1), x, [&](value dy) { return masked(less(abs(x), 1), dy); });
    }
};
inline constexpr binarise_layer binarise{};

}  // namespace tessera
