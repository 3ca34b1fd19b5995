// softmax of a row of bounded numbers, and its logarithm; attention's weights are such rows.
#pragma once
#include "operands.hpp"

namespace tessera::random_networks {

using namespace detail;

// log sum exp. The largest is subtracted first, as whoever computes this must.
struct log_sum {
    bounded value;
    double largest = 0;
};
inline log_sum log_sum_of(const numbers& row, precision p) {
    log_sum result;
    double largest = -infinite, off = 0, weighted = 0, total = 0;
    for (const bounded& x : row) {
        if (!x.known() || x.value == infinite) return {unknown(), 0};
        largest = std::max(largest, x.value);
    }
    for (const bounded& x : row)
        if (std::isnan(x.value)) return {exactly(NAN), 0};
    if (largest == -infinite) return {unknown(), 0};
    for (const bounded& x : row) {
        if (x.value == -infinite) continue;
        const double weight = std::exp(x.value - largest);
        total += weight;
        weighted += weight * (x.error + 2 * p.unit * (std::abs(x.value - largest) + std::abs(largest)));
        off = std::max(off, x.error);
    }
    const double count = static_cast<double>(row.size());
    // to first order, or what no row exceeds
    const double carried = off < 0.01 ? 1.1 * weighted / total : off + 2 * weighted / total;
    const double value = largest + std::log(total);
    result.value = {value, carried + p.unit * (2 * count + 16 + 4 * std::abs(value) + 4 * std::abs(largest))};
    result.largest = largest;
    return result;
}

// x_i - log sum exp: the sum need not be rounded beside the largest
inline bounded log_softmax_at(const numbers& row, const log_sum& sum, std::size_t i, precision p) {
    if (!sum.value.known() || std::isnan(sum.value.value)) return sum.value;
    const bounded x = row[i];
    if (x.value == -infinite) return x;
    const double y = x.value - sum.value.value;
    const double own = p.unit * 4 * (std::abs(x.value - sum.largest) + std::abs(y));
    const double shared = sum.value.error - p.unit * 4 * (std::abs(sum.value.value) + std::abs(sum.largest));
    return {y, x.error + own + shared};
}

inline bounded exponential_of(const bounded& y, const bounded_arithmetic& with) {
    return function_of(with, scalar_function::exponential, y, {}, {});
}

}  // namespace tessera::random_networks
