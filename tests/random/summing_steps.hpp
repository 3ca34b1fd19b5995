// Steps of random networks that sum, average, take the largest or normalise.
#pragma once
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/normalise.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/normalisation/rms_norm.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

constexpr value reduction_step(writer& w) {
    const value x = w.operand();
    const auto mask = static_cast<unsigned>(w.raw()) & ((1u << x.rank()) - 1);
    const axis_set over{axis_set::form::listed, mask};
    switch (w.pick(9)) {
        case 0:
        case 1: return sum(x, over);
        case 2:
        case 3: return mean(x, over);
        case 4:
        case 5: return max(x, over);
        case 6: return batch_sum(x, over);
        case 7: return batch_mean(x, over);
        default: {  // as a layer does: what was reduced is applied again
            const value m = reduce(op::sum, x, mask, {.factor = 0.5});
            return w.chance(2) ? x - m : x * m;
        }
    }
}
constexpr value softmax_step(writer& w) {
    const value x = w.operand();
    switch (w.pick(4)) {
        case 0: return softmax_over_last(op::log_softmax, x);
        case 1: return log(softmax_over_last(op::softmax, x));
        case 2: {
            const int which = w.raw();
            if (x.rank() == 0) return x;
            return cumulative_sum(x, which % x.rank(), {(which & 64) != 0, (which & 128) != 0}) * 0.5;
        }
        default: return softmax_over_last(op::softmax, x);
    }
}
constexpr value normalise_step(writer& w) {
    const value x = w.operand();
    const auto mask = static_cast<unsigned>(w.raw()) & ((1u << x.rank()) - 1);
    switch (w.pick(8)) {
        case 0: return batch_norm(w.ranked(x, x.rank() < 1 ? 1 : x.rank()));
        case 1: return layer_norm(w.ranked(x, x.rank() < 1 ? 1 : x.rank()));
        case 2: return rms_norm(w.ranked(x, x.rank() < 1 ? 1 : x.rank()));
        case 3: return group_norm<1>(w.ranked(x, x.rank() < 2 ? 2 : x.rank()));
        case 4: return instance_norm(w.ranked(x, x.rank() < 2 ? 2 : x.rank()));
        case 5: return normalise(x, mask, x.training() && w.chance(2), 1e-2).y;
        default: {  // spelled out
            const reduction_options average{.factor = 1.0 / reduced_size(x.shape(), mask)};
            const value m = reduce(op::sum, x, mask, average), apart = x - m;
            const value variance = reduce(op::sum, square(apart), mask, average);
            return w.chance(2) ? apart * rsqrt(variance + 0.01) : apart / sqrt(variance + 0.01);
        }
    }
}

}  // namespace tessera::random_networks
