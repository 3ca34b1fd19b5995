// top_k_accuracy: the share of samples whose label is among the k classes of highest score.
//
//   scores (N, C), labels (N)   ->   0 ... 1; k = 1 is plain accuracy, k = C gives 1
//
// Samples of the label `ignored`, if one is given, are left out. Among equal scores the lower class index ranks first;
// NaN ranks last.
// Cost    N C comparisons.
// Errors  tessera::error: see score_rows; k outside 1 ... C; no sample that counts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/metrics/score_rows.hpp>

namespace tessera {

inline double top_k_accuracy(std::span<const float> scores, std::span<const std::int32_t> labels, std::size_t classes,
                             std::size_t k, ignored_label ignored = {}) {
    const score_rows rows("top_k_accuracy", scores, labels, classes, ignored);
    if (k < 1 || k > classes) {
        throw error("top_k_accuracy", "k from 1 to " + std::to_string(classes), std::to_string(k));
    }
    if (rows.size() == 0) throw error("top_k_accuracy", "at least one label that counts", "none");
    std::size_t hits = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::size_t ahead = 0;
        for (std::size_t c = 0; c < classes; ++c) ahead += rows.is_before(i, c, rows.label(i)) ? 1 : 0;
        hits += ahead < k ? 1 : 0;
    }
    return static_cast<double>(hits) / static_cast<double>(rows.size());
}

}  // namespace tessera
