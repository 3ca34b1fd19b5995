// auc: the area under the ROC curve of a two-class score: the chance that a positive sample scores above a negative
// one, ties counting one half.
//
//   scores (N), labels (N) of 0 and 1   ->   0 ... 1
//
// Samples of the label `ignored`, if one is given, are left out. Counted by ranks (Mann and Whitney's U), which equals
// the trapezoid rule on the curve.
// Cost    N log N.
// Errors  tessera::error: sizes that differ, a label other than 0 and 1, NaN (with its row), a class without samples.
// Source  Hanley, McNeil 1982, "The Meaning and Use of the Area under a Receiver Operating Characteristic Curve".
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/metrics/score_rows.hpp>
#include <utility>
#include <vector>

namespace tessera {

namespace detail {

// (score, is positive), at least one of each kind and no NaN. Sorts them.
inline double area_of_ranked(std::vector<std::pair<float, bool>>& samples) {
    std::ranges::sort(samples, {}, &std::pair<float, bool>::first);
    // Twice the number of pairs won: halves stay whole numbers.
    double twice_won = 0, negatives_below = 0, all_positives = 0;
    for (std::size_t begin = 0; begin < samples.size();) {
        double positives = 0, negatives = 0;
        std::size_t end = begin;
        for (; end < samples.size() && samples[end].first == samples[begin].first; ++end) {
            (samples[end].second ? positives : negatives) += 1;
        }
        twice_won += positives * (2 * negatives_below + negatives);
        negatives_below += negatives;
        all_positives += positives;
        begin = end;
    }
    return twice_won / (2 * all_positives * negatives_below);
}

}  // namespace detail

inline double auc(std::span<const float> scores, std::span<const std::int32_t> labels, ignored_label ignored = {}) {
    if (scores.size() != labels.size()) {
        throw error("auc", std::to_string(labels.size()) + " scores", std::to_string(scores.size()));
    }
    std::vector<std::pair<float, bool>> samples;
    samples.reserve(scores.size());
    std::size_t positives = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (labels[i] == ignored) continue;
        if (labels[i] != 0 && labels[i] != 1) {
            throw error("auc: row " + std::to_string(i), "label 0 or 1", std::to_string(labels[i]));
        }
        if (std::isnan(scores[i])) throw error("auc: row " + std::to_string(i), "a number", "NaN");
        samples.emplace_back(scores[i], labels[i] == 1);
        positives += labels[i] == 1 ? 1 : 0;
    }
    if (positives == 0 || positives == samples.size()) {
        throw error("auc", "samples of both classes",
                    std::to_string(positives) + " positive of " + std::to_string(samples.size()));
    }
    return detail::area_of_ranked(samples);
}

}  // namespace tessera
