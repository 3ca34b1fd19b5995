// one_vs_rest_auc: for each class the area under the ROC curve of "this class or another", and their mean.
//
//   scores (N, C), labels (N)   ->   0 ... 1
//
// Every class counts alike (macro average); a class that has no sample, or has all of them, is left out, as are samples
// of the label `ignored`, if one is given.
// Cost    C N log N.
// Errors  tessera::error: see score_rows; NaN (with its row); fewer than two classes with samples.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/metrics/auc.hpp>
#include <tessera/metrics/score_rows.hpp>
#include <utility>
#include <vector>

namespace tessera {

inline double one_vs_rest_auc(std::span<const float> scores, std::span<const std::int32_t> labels, std::size_t classes,
                              ignored_label ignored = {}) {
    const score_rows rows("one_vs_rest_auc", scores, labels, classes, ignored);
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (const float score : rows.row(i))
            if (std::isnan(score))
                throw error("one_vs_rest_auc: row " + std::to_string(rows.position(i)), "a number", "NaN");
    double sum = 0;
    std::size_t counted = 0;
    std::vector<std::pair<float, bool>> samples(rows.size());
    for (std::size_t c = 0; c < classes; ++c) {
        std::size_t positives = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            samples[i] = {rows.row(i)[c], rows.label(i) == c};
            positives += samples[i].second ? 1 : 0;
        }
        if (positives == 0 || positives == rows.size()) continue;
        sum += detail::area_of_ranked(samples);
        ++counted;
    }
    if (counted == 0) throw error("one_vs_rest_auc", "samples of at least two classes", "one class");
    return sum / static_cast<double>(counted);
}

}  // namespace tessera
