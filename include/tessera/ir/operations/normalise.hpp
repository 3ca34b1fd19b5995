// normalise: x brought to mean 0 and variance 1 over some axes, and over the batch where asked.
//
//   in      x, any shape
//   out     y like x, and the mean and the (biased) variance with extent 1 on the axes normalised over
//
//   y = (x - mean) / sqrt(variance + epsilon)
//
// Where x is large and varies little, what rounding takes from the mean is much of the deviation, and makes something
// of a row of equal elements. So the mean of x - mean is taken too, and the mean is used as a sum of two numbers: the
// float nearest to it, and what that lacks. Equal elements give 0.
// Gradient    exact, from y and the reciprocal root alone:
//             dx = r (dy - mean(dy) - y mean(dy y)), r = 1 / sqrt(variance + epsilon).
// Cost        three passes over x for the statistics, one for y.
#pragma once
#include <tessera/ir/operations/reduce.hpp>

namespace tessera::detail {

// of a pointwise node whose function is normalise: what its gradient takes means over
struct normalise_attributes {
    unsigned axes;
    int over_batch;
};

struct normalised {
    value y, mean, variance;
};

constexpr normalised normalise(value x, unsigned mask, bool over_batch, double epsilon) {
    const reduction_options average{over_batch, over_batch, 1.0 / reduced_size(x.shape(), mask)};
    const value first = reduce(op::sum, x, mask, average), second = reduce(op::sum, x - first, mask, average);
    const value mean = first + second, rest = second - (mean - first);
    const value variance = reduce(op::sum, square((x - mean) - rest), mask, average);
    const value root = rsqrt(variance + epsilon);
    // a sum, for a difference would be that above: what two steps read is stored, what one reads is computed in it
    const value y = pointwise(scalar_function::normalise, {x + stop_gradient(-mean), rest, root});
    set_attributes(y, normalise_attributes{mask, over_batch});
    return {y, mean, variance};
}

}  // namespace tessera::detail
