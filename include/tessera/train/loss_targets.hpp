// loss_targets<Loss>: what a loss is given beside the images of a batch.
//
//   Loss::takes_labels   true: the labels (count); false: targets (count, classes), those of a mixed batch, else 1 for
//                        the label and 0 for the others. A loss without this mark takes labels.
//
//   loss_targets<Loss> targets(classes);         classes: the features of the network's output
//   targets.with(batch, call)                    call(span of labels or of targets), and its result
//
// Errors  tessera::error: a label outside the classes; a mixed batch for a loss that takes labels, since their mixture
//         would be lost; targets of another number of classes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/sample_batch.hpp>
#include <tessera/error.hpp>
#include <utility>
#include <vector>

namespace tessera {

template <class Loss> class loss_targets {
  public:
    explicit loss_targets(std::size_t classes) : classes_(classes) {}

    template <class Call> auto with(const sample_batch& batch, Call call) {
        const bool mixed = !batch.targets.empty();
        for (std::size_t i = 0; i < batch.labels.size(); ++i) require_class(batch.labels[i], i);
        if constexpr (takes_labels()) {
            if (mixed) throw error("batch", "labels, as the loss takes them", "mixed targets");
            return call(batch.labels);
        } else {
            if (!mixed) fill(batch.labels);
            const auto targets = mixed ? batch.targets : std::span<const float>(one_hot_);
            if (targets.size() != batch.count * classes_)
                throw error("batch",
                            std::to_string(batch.count) + " targets of " + std::to_string(classes_) + " classes",
                            std::to_string(targets.size()) + " numbers");
            return call(targets);
        }
    }

    static constexpr bool takes_labels() {
        if constexpr (requires { Loss::takes_labels; })
            return Loss::takes_labels;
        else
            return true;
    }

  private:
    void require_class(std::int32_t label, std::size_t sample) const {
        if (label >= 0 && static_cast<std::size_t>(label) < classes_) return;
        throw error("batch, sample " + std::to_string(sample), "a label below " + std::to_string(classes_),
                    std::to_string(label));
    }
    void fill(std::span<const std::int32_t> labels) {
        one_hot_.assign(labels.size() * classes_, 0.0F);
        for (std::size_t i = 0; i < labels.size(); ++i)
            one_hot_[i * classes_ + static_cast<std::size_t>(labels[i])] = 1.0F;
    }

    std::size_t classes_;
    std::vector<float> one_hot_;
};

}  // namespace tessera
