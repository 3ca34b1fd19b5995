// calibration_error: how far a classifier's confidence is from its accuracy (expected calibration error).
//
//   calibration_error(confidences (N), hits (N) of 0 and 1)      ->   0 ... 1
//   calibration_error_of(probabilities (N, C), labels (N), C)    the highest probability is the confidence; samples of
//                                                                the label `ignored`, if one is given, are left out
//
//   sum over bins of (samples in bin / N) |accuracy in bin - mean confidence in bin|
//
// The bins divide 0 ... 1 evenly and are closed on the right: (lo, hi]; a confidence of 0 falls into the first.
// Errors  tessera::error: sizes that differ, no samples, no bins, a hit other than 0 and 1, a confidence outside
//         0 ... 1 or NaN (with its row). Logits are no confidences: apply softmax first.
// Source  Guo, Pleiss, Sun, Weinberger 2017, "On Calibration of Modern Neural Networks", equation 3.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/metrics/score_rows.hpp>
#include <vector>

namespace tessera {

namespace detail {

struct calibration_bin {
    double confidence = 0, hits = 0;
};

// The first bin whose upper edge is not below the confidence. Edges are floats, as confidences are: 0.6f lies on the
// edge 9 / 15 and not a rounding error above it.
inline std::size_t calibration_bin_of(float confidence, std::size_t bins) {
    std::size_t low = 0, high = bins - 1;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        const auto edge = static_cast<float>(static_cast<double>(middle + 1) / static_cast<double>(bins));
        if (edge < confidence)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

inline void require_calibration_input(std::span<const float> confidences, std::span<const std::int32_t> hits,
                                      std::size_t bins) {
    const std::string place = "calibration_error";
    constexpr std::size_t most_bins = 1'000'000;
    if (bins == 0 || bins > most_bins) throw error(place, "1 to 1000000 bins", std::to_string(bins));
    if (confidences.size() != hits.size()) {
        throw error(place, std::to_string(confidences.size()) + " hits", std::to_string(hits.size()));
    }
    if (hits.empty()) throw error(place, "at least one sample", "none");
    for (std::size_t i = 0; i < hits.size(); ++i) {
        const bool is_hit = hits[i] == 0 || hits[i] == 1;
        if (is_hit && confidences[i] >= 0 && confidences[i] <= 1) continue;
        const std::string row = place + ": row " + std::to_string(i);
        if (!is_hit) throw error(row, "hit 0 or 1", std::to_string(hits[i]));
        throw error(row, "a confidence from 0 to 1", std::to_string(confidences[i]));
    }
}

}  // namespace detail

inline double calibration_error(std::span<const float> confidences, std::span<const std::int32_t> hits,
                                std::size_t bins = 15) {
    detail::require_calibration_input(confidences, hits, bins);
    std::vector<detail::calibration_bin> sums(bins);
    for (std::size_t i = 0; i < hits.size(); ++i) {
        detail::calibration_bin& bin = sums[detail::calibration_bin_of(confidences[i], bins)];
        bin.confidence += static_cast<double>(confidences[i]);
        bin.hits += hits[i];
    }
    double gap = 0;
    for (const detail::calibration_bin& bin : sums) gap += std::abs(bin.hits - bin.confidence);
    return gap / static_cast<double>(hits.size());
}

inline double calibration_error_of(std::span<const float> probabilities, std::span<const std::int32_t> labels,
                                   std::size_t classes, std::size_t bins = 15, ignored_label ignored = {}) {
    const score_rows rows("calibration_error", probabilities, labels, classes, ignored);
    std::vector<float> confidences(rows.size());
    std::vector<std::int32_t> hits(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t best = rows.best(i);
        confidences[i] = rows.row(i)[best];
        hits[i] = best == rows.label(i) ? 1 : 0;
    }
    return calibration_error(confidences, hits, bins);
}

}  // namespace tessera
