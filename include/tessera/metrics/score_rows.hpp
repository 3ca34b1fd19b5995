// score_rows: scores (N, C) row-major with a label in 0 ... C-1 each, checked once. The metrics of classifiers read
// their input through it.
//
//   size()          the samples that count: all but those of the label to ignore, if one is given
//   row(i)          the C scores of sample i
//   best(i)         the class of the highest score, the lowest index among equals
//   position(i)     which row of those given sample i is
//   is_before(i, a, b)  whether class a ranks above class b: higher score, or equal and a < b. NaN ranks below all.
//
// Errors  tessera::error naming `place`: no rows, no classes, N * C scores that are not N * C, a label outside the
//         classes (with its row) that is not ignored.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

// a label, a class or not, whose samples a metric leaves out
using ignored_label = std::optional<std::int32_t>;

class score_rows {
  public:
    score_rows(const std::string& place, std::span<const float> scores, std::span<const std::int32_t> labels,
               std::size_t classes, ignored_label ignored = {})
        : scores_(scores), labels_(labels), classes_(classes), is_shorter_(ignored.has_value()) {
        if (classes == 0) throw error(place, "at least one class", "none");
        if (labels.empty()) throw error(place, "at least one row", "none");
        if (scores.size() % classes != 0 || scores.size() / classes != labels.size()) {
            throw error(place, detail::sentence(labels.size(), " rows of ", classes, " scores"),
                        detail::sentence(scores.size(), " scores"));
        }
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] == ignored) continue;
            if (ignored) counted_.push_back(i);
            if (labels[i] >= 0 && static_cast<std::size_t>(labels[i]) < classes) continue;
            throw error(detail::sentence(place, ": row ", i), detail::sentence("a label from 0 to ", classes - 1),
                        detail::sentence(labels[i]));
        }
    }

    std::size_t size() const noexcept { return is_shorter_ ? counted_.size() : labels_.size(); }
    std::size_t classes() const noexcept { return classes_; }
    std::size_t position(std::size_t i) const noexcept { return is_shorter_ ? counted_[i] : i; }
    std::size_t label(std::size_t i) const noexcept { return static_cast<std::size_t>(labels_[position(i)]); }
    std::span<const float> row(std::size_t i) const noexcept {
        return {scores_.data() + position(i) * classes_, classes_};
    }

    bool is_before(std::size_t i, std::size_t a, std::size_t b) const noexcept {
        const float x = row(i)[a], y = row(i)[b];
        if (std::isnan(x) || std::isnan(y)) return std::isnan(x) == std::isnan(y) ? a < b : std::isnan(y);
        return x > y || (x == y && a < b);
    }

    std::size_t best(std::size_t i) const noexcept {
        std::size_t best = 0;
        for (std::size_t c = 1; c < classes_; ++c) {
            if (is_before(i, c, best)) best = c;
        }
        return best;
    }

  private:
    std::span<const float> scores_;
    std::span<const std::int32_t> labels_;
    std::size_t classes_;
    bool is_shorter_;
    std::vector<std::size_t> counted_;  // their positions, where some label is ignored
};

}  // namespace tessera
