// Steps of random networks that compute in float64, whatever the program's own type is, and lead back.
#pragma once
#include <tessera/ir/operations/cast.hpp>

#include "moving_steps.hpp"
#include "pointwise_steps.hpp"
#include "product_steps.hpp"
#include "summing_steps.hpp"

namespace tessera::random_networks {

using namespace detail;

constexpr value step_of_one_width(writer& w) {
    switch (w.pick(10)) {
        case 0: return any_function(w, w.operand());
        case 1: return pair_step(w);
        case 2: return parameter_step(w);
        case 3: return select_step(w);
        case 4: return einsum_step(w);
        case 5: return single_einsum_step(w);
        case 6: return reduction_step(w);
        case 7: return softmax_step(w);
        case 8: return concatenate_step(w);
        default: {
            const value x = w.operand(), scale = w.weight({});
            if (x.rank() == 0) return x * scale;
            return scan([&](value h, value now) { return tanh(h * 0.5 + now * scale); },
                        reshape(slice(x, 0, 0, 1), without(x.shape(), 1u)), x);
        }
    }
}

// one or two steps in float64, on the last values made so far
constexpr value width_step(writer& w) {
    writer inner = w;
    inner.width = element::float64;
    inner.pool.clear();
    for (int k = 2; k >= 0; --k) inner.pool.push_back(cast<float64>(w.recent(k)));
    const int steps = 1 + w.pick(2);
    inner.at = w.at;
    for (int k = 0; k < steps && !w.g.failed; ++k) {
        const value y = step_of_one_width(inner);
        if (y.valid()) inner.pool.push_back(y);
    }
    w.at = inner.at;
    w.names = inner.names;
    return cast<real>(inner.recent(0));
}

}  // namespace tessera::random_networks
