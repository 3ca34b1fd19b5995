// dropout<P>: in training each element is 0 with probability P, else scaled so that its mean stays.
//
//   in      x, any shape
//   out     y like x
//
//   training   y = 0 where u < P, else x / (1 - P); u uniform, new for each element of each sample
//   otherwise  y = x
//
// Parameters  none.
// Gradient    exact: that of the elements kept.
// Cost        training: one random number and three operations an element; otherwise nothing.
// Errors      compile time: P outside 0 <= P < 1.
// Source      Srivastava et al. 2014, "Dropout".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/random.hpp>

namespace tessera {

template <double P = 0.5> struct dropout_layer : layer_base<dropout_layer<P>> {
    static_assert(P >= 0 && P < 1, "dropout<P>: P must be at least 0 and below 1");
    static constexpr std::string_view name = "dropout";

    constexpr value apply(value x) const {
        if (P == 0 || !x.valid() || !x.training()) return x;
        return select(less(random_like(x), P), 0, x * (1 / (1 - P)));
    }
};

template <double P = 0.5> inline constexpr dropout_layer<P> dropout{};

}  // namespace tessera
