// normalise: x brought to mean 0 and variance 1 over some axes, and over the batch where asked.
//
//   in      x, any shape
//   out     y like x, and the mean and the (biased) variance with extent 1 on the axes normalised over
//
//   y = (x - mean) / sqrt(variance + epsilon)
//
// Gradient    exact, from y and the reciprocal root alone:
//             dx = r (dy - mean(dy) - y mean(dy y)), r = 1 / sqrt(variance + epsilon).
// Cost        two passes over x for the statistics, one for y.
#pragma once
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

struct normalised {
    value y, mean, variance;
};

constexpr normalised normalise(value x, unsigned mask, bool over_batch, double epsilon) {
    const reduction_options average{over_batch, over_batch, 1.0 / reduced_size(x.shape(), mask)};
    const value mean = reduce(op::sum, x, mask, average);
    const value variance = reduce(op::sum, square(x - mean), mask, average);
    const value root = rsqrt(variance + epsilon);
    const value y = pointwise(scalar_function::normalise, {x, mean, root});
    if (y.valid()) {
        node& n = y.owner->nodes[static_cast<std::size_t>(y.id)];
        n.list[0] = static_cast<int>(mask);
        n.list[1] = over_batch;
    }
    return {y, mean, variance};
}

}  // namespace tessera
