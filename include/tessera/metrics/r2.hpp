// r2: the coefficient of determination, the share of the targets' variance that predictions (N) of targets (N) explain.
//
//   1 - sum (prediction - target)^2 / sum (target - mean target)^2
//
// 1 is perfect, 0 is no better than the mean, below 0 is worse. Constant targets: 1 when every prediction is right,
// otherwise 0. NaN where a prediction or a target is NaN.
// Errors  tessera::error: sizes that differ, no values.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <tessera/metrics/paired_values.hpp>

namespace tessera {

inline double r2(std::span<const float> predictions, std::span<const float> targets) {
    const paired_values pairs("r2", predictions, targets);
    // Relative to the first target, so that the mean of constant targets is exact.
    double offset = 0, residual = 0, variation = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) offset += pairs.target(i) - pairs.target(0);
    const double mean = pairs.target(0) + offset / static_cast<double>(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const double deviation = pairs.target(i) - mean;
        residual += pairs.residual(i) * pairs.residual(i);
        variation += deviation * deviation;
    }
    if (variation == 0 && !std::isnan(residual)) return residual == 0 ? 1 : 0;
    return 1 - residual / variation;
}

}  // namespace tessera
