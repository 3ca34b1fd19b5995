// loss_targets<Loss>: what a loss is given beside the images of a batch. A template of the type of targets too, float, so
// that a program compiles those of its functions that it calls.
//
//   Loss::takes_labels       true: the labels (count); false: targets (count, classes), those of a mixed batch, else 1
//                            for the label and 0 for the others. A loss without this mark takes labels.
//   Loss::targets_are_signs  true: targets t become 2 t - 1, which is 1 for the label and -1 for the others.
//   Loss::ignores(label)     whether a sample of that label, which need not be a class, counts for nothing
//
//   loss_targets<Loss> targets(classes);         classes: the features of the network's output
//   targets.with(batch, call)                    call(span of labels or of targets), and its result
//   loss_targets<Loss>::counted(labels)          how many of them count
//
// Errors  tessera::error: a label outside the classes that is not ignored; a mixed batch for a loss that takes labels,
//         since their mixture would be lost; targets of another number of classes.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/sample_batch.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera {

template <class Loss, class Target = float> class loss_targets {
  public:
    explicit loss_targets(std::size_t classes) : classes_(classes) {}

    template <class Call> auto with(const sample_batch& batch, Call call) {
        const bool mixed = !batch.targets.empty();
        for (std::size_t i = 0; i < batch.labels.size(); ++i) require_class(batch.labels[i], i);
        if constexpr (takes_labels()) {
            if (mixed) throw error("batch", "labels, as the loss takes them", "mixed targets");
            return call(batch.labels);
        } else {
            const std::span<const Target> targets = mixed ? of_mixed(batch.targets) : of_labels(batch.labels);
            if (targets.size() != batch.count * classes_)
                throw error("batch", detail::sentence(batch.count, " targets of ", classes_, " classes"),
                            detail::sentence(targets.size(), " numbers"));
            return call(targets);
        }
    }

    static constexpr bool ignores(std::int32_t label) {
        if constexpr (requires { Loss::ignores(label); })
            return Loss::ignores(label);
        else
            return false;
    }
    static std::size_t counted(std::span<const std::int32_t> labels) {
        return static_cast<std::size_t>(std::ranges::count_if(labels, [](std::int32_t l) { return !ignores(l); }));
    }

    static constexpr bool takes_labels() {
        if constexpr (requires { Loss::takes_labels; })
            return Loss::takes_labels;
        else
            return true;
    }

    static constexpr bool takes_signs() {
        if constexpr (requires { Loss::targets_are_signs; })
            return Loss::targets_are_signs;
        else
            return false;
    }

  private:
    void require_class(std::int32_t label, std::size_t sample) const {
        if (ignores(label) || (label >= 0 && static_cast<std::size_t>(label) < classes_)) return;
        throw error(detail::sentence("batch, sample ", sample), detail::sentence("a label below ", classes_),
                    detail::sentence(label));
    }
    std::span<const Target> of_labels(std::span<const std::int32_t> labels) {
        own_.assign(labels.size() * classes_, takes_signs() ? Target(-1) : Target(0));
        for (std::size_t i = 0; i < labels.size(); ++i)
            own_[i * classes_ + static_cast<std::size_t>(labels[i])] = Target(1);
        return own_;
    }
    std::span<const Target> of_mixed(std::span<const Target> targets) {
        if constexpr (!takes_signs()) return targets;
        own_.resize(targets.size());
        std::ranges::transform(targets, own_.begin(), [](Target t) { return 2 * t - 1; });
        return own_;
    }

    std::size_t classes_;
    std::vector<Target> own_;  // targets that no batch brought
};

}  // namespace tessera
