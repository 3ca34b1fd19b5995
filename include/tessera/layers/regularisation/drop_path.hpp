// drop_path<P>: in training a whole sample is 0 with probability P, else scaled so that its mean stays. On the
// branch of a residual block, identity + (f >> drop_path<P>), it skips the block.
//
//   in      x, any shape
//   out     y like x
//
//   training   y = 0 where u < P, else x / (1 - P); u uniform, one number a sample
//   otherwise  y = x
//
// Parameters  none.
// Gradient    exact: that of the samples kept.
// Cost        training: one random number a sample, two operations an element; otherwise nothing.
// Errors      compile time: P outside 0 <= P < 1.
// Source      Huang et al. 2016, "Deep Networks with Stochastic Depth".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/random.hpp>

namespace tessera {

template <double P> struct drop_path_layer : layer_base<drop_path_layer<P>> {
    static_assert(P >= 0 && P < 1, "drop_path<P>: P must be at least 0 and below 1");
    static constexpr std::string_view name = "drop_path";

    constexpr value apply(value x) const {
        if (P == 0 || !x.valid() || !x.training()) return x;
        const value one_number = constant(*x.owner, 0);  // ()
        return select(less(random_like(one_number), P), 0, x * (1 / (1 - P)));
    }
};

template <double P> inline constexpr drop_path_layer<P> drop_path{};

}  // namespace tessera
