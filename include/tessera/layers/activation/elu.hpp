// elu<Alpha>: the identity above 0, an exponential that levels off at -Alpha below.
//
//   in      x, any shape         out     y like x
//
//   y = x where x > 0, else Alpha (exp(x) - 1)
//
// The exponential sees min(x, 0) and cannot overflow. Near 0 the difference is exact to one rounding of Alpha.
// Parameters  none. Alpha is 1 unless given.
// Gradient    1 where x > 0, else Alpha exp(x).
// Cost        one exp and five operations an element.
// Errors      compile time: a negative Alpha.
// Source      Clevert, Unterthiner, Hochreiter 2016, "Fast and Accurate Deep Network Learning by Exponential
//             Linear Units".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

template <double Alpha = 1.0> struct elu_layer : layer_base<elu_layer<Alpha>> {
    static_assert(Alpha >= 0, "elu<Alpha>: Alpha must not be negative");
    static constexpr std::string_view name = "elu";
    constexpr value apply(value x) const {
        return tessera::apply(detail::scalar_function::relu, x) + Alpha * (exp(minimum(x, 0)) - 1);
    }
};
template <double Alpha = 1.0> inline constexpr elu_layer<Alpha> elu{};

}  // namespace tessera
