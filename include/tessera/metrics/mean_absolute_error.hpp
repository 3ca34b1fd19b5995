// mean_absolute_error: the mean of |prediction - target| over predictions (N) and targets (N), summed in double.
//
// Errors  tessera::error: sizes that differ, no values.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <tessera/metrics/paired_values.hpp>

namespace tessera {

inline double mean_absolute_error(std::span<const float> predictions, std::span<const float> targets) {
    const paired_values pairs("mean_absolute_error", predictions, targets);
    double sum = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) sum += std::abs(pairs.residual(i));
    return sum / static_cast<double>(pairs.size());
}

}  // namespace tessera
