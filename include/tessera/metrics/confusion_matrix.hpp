// confusion_matrix: how often each class was taken for each other one; grows batch by batch.
//
//   confusion_matrix confusion(10);                // (10, 255) leaves out samples of the label 255
//   confusion.add(truths, predictions);            // (N), (N)
//   confusion.add_scores(scores, truths);          // (N, C), (N): the best score is the prediction
//   confusion.accuracy(); confusion.of(3).recall; confusion.macro().f1;
//
// of(c)    precision = right / predicted as c, recall = right / truly c, f1 = 2 right / (predicted + true);
//          a quotient without samples is 0
// macro()  the mean of each over the classes that occur, as truth or as prediction; 0 without samples
// micro()  precision, recall and f1 of all decisions pooled: each is the accuracy when every sample has one label
// A template of the type that counts, so that a program compiles those of its functions that it calls.
//
// Errors   tessera::error: a class out of range, lists of different lengths; nothing is then added.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/metrics/score_rows.hpp>
#include <vector>

namespace tessera {

template <class Count> class basic_confusion_matrix {
  public:
    struct quality {
        double precision = 0, recall = 0, f1 = 0;
    };

    explicit basic_confusion_matrix(std::size_t classes, ignored_label ignored = {})
        : classes_(classes), ignored_(ignored) {
        constexpr std::size_t most = 1 << 15;  // 8 GiB of counts
        if (classes == 0 || classes > most) {
            throw error("confusion_matrix", detail::sentence("1 to ", most, " classes"), detail::sentence(classes));
        }
        counts_.resize(classes * classes);
    }

    void add(std::span<const std::int32_t> truths, std::span<const std::int32_t> predictions) {
        if (truths.size() != predictions.size()) {
            throw error("confusion_matrix", detail::sentence(truths.size(), " predictions"),
                        detail::sentence(predictions.size()));
        }
        for (std::size_t i = 0; i < truths.size(); ++i) {
            if (truths[i] == ignored_) continue;
            require_class(truths[i], i);
            require_class(predictions[i], i);
        }
        for (std::size_t i = 0; i < truths.size(); ++i) {
            if (truths[i] == ignored_) continue;
            ++counts_[static_cast<std::size_t>(truths[i]) * classes_ + static_cast<std::size_t>(predictions[i])];
        }
    }

    void add_scores(std::span<const float> scores, std::span<const std::int32_t> truths) {
        const score_rows rows("confusion_matrix", scores, truths, classes_, ignored_);
        for (std::size_t i = 0; i < rows.size(); ++i) ++counts_[rows.label(i) * classes_ + rows.best(i)];
    }

    // The counts of another part of the data, of another thread for instance.
    basic_confusion_matrix& operator+=(const basic_confusion_matrix& other) {
        if (other.classes_ != classes_) {
            throw error("confusion_matrix", detail::sentence(classes_, " classes"), detail::sentence(other.classes_));
        }
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        return *this;
    }

    std::size_t classes() const noexcept { return classes_; }
    Count count(std::size_t truth, std::size_t prediction) const {
        require_class(truth);
        require_class(prediction);
        return counts_[truth * classes_ + prediction];
    }

    Count total() const noexcept {
        Count sum = 0;
        for (const Count count : counts_) sum += count;
        return sum;
    }

    double accuracy() const noexcept {
        Count right = 0;
        for (std::size_t c = 0; c < classes_; ++c) right += counts_[c * classes_ + c];
        return quotient(right, total());
    }

    quality of(std::size_t c) const {
        require_class(c);
        const Count right = counts_[c * classes_ + c], truly = true_count(c), predicted = predicted_count(c);
        return {quotient(right, predicted), quotient(right, truly), quotient(2 * right, truly + predicted)};
    }

    quality macro() const {
        quality sum;
        Count occurring = 0;
        for (std::size_t c = 0; c < classes_; ++c) {
            if (true_count(c) + predicted_count(c) == 0) continue;
            const quality one = of(c);
            sum = {sum.precision + one.precision, sum.recall + one.recall, sum.f1 + one.f1};
            ++occurring;
        }
        if (occurring == 0) return {};
        const auto n = static_cast<double>(occurring);
        return {sum.precision / n, sum.recall / n, sum.f1 / n};
    }

    quality micro() const noexcept { return {accuracy(), accuracy(), accuracy()}; }

  private:
    static double quotient(Count part, Count whole) noexcept {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    }

    Count true_count(std::size_t c) const noexcept {
        Count sum = 0;
        for (std::size_t other = 0; other < classes_; ++other) sum += counts_[c * classes_ + other];
        return sum;
    }
    Count predicted_count(std::size_t c) const noexcept {
        Count sum = 0;
        for (std::size_t other = 0; other < classes_; ++other) sum += counts_[other * classes_ + c];
        return sum;
    }

    std::string wanted_class() const { return detail::sentence("a class from 0 to ", classes_ - 1); }
    void require_class(std::size_t c) const {
        if (c >= classes_) throw error("confusion_matrix", wanted_class(), detail::sentence(c));
    }
    void require_class(std::int32_t c, std::size_t row) const {
        if (c >= 0 && static_cast<std::size_t>(c) < classes_) return;
        throw error(detail::sentence("confusion_matrix: row ", row), wanted_class(), detail::sentence(c));
    }

    std::size_t classes_;
    ignored_label ignored_;
    std::vector<Count> counts_;  // (truth, prediction)
};

using confusion_matrix = basic_confusion_matrix<std::int64_t>;

}  // namespace tessera
