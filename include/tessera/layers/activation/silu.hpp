// silu, also called swish: x times its sigmoid.
//
//   in      x, any shape         out     y like x
//
//   y = x / (1 + exp(-x))
//
// Parameters  none.    Gradient  exact.    Cost  one sigmoid and one product an element.    Errors  none.
// Source      Elfwing, Uchibe, Doya 2018, "Sigmoid-Weighted Linear Units"; Ramachandran, Zoph, Le 2017.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct silu_layer : layer_base<silu_layer> {
    static constexpr std::string_view name = "silu";
    constexpr value apply(value x) const { return x * tessera::apply(detail::scalar_function::sigmoid, x); }
};
inline constexpr silu_layer silu{};

}  // namespace tessera
