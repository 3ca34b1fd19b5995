// fit: the training loop.
//
//     batches loader(train, {.size = 128, .augment = augment(random_flip{})});
//     fit(trainer, loader, validation, cosine_decay{0.1, 20 * long(loader.size())}, {.epochs = 20}, progress_bar{});
//
//   loader       batches, or anything with size() and epoch(number) -> a range of sample_batch
//   validation   a data set, evaluated after each epoch with the trainer's loss; no_validation{} for none
//   schedule     rate(step) for each step, counted by the trainer, so that a resumed run goes on; one with
//                observe(loss) is told the loss of each epoch, one with momentum(step) sets the optimiser's
//   callbacks    called with batch_report after a batch and with epoch_report after an epoch, whichever they take.
//                One that returns false ends the run behind this epoch.
//
// The loss of an epoch is that of the validation set, without one that of the training set. With `patience`, the run
// ends when that many epochs were no better than the best one, and parameters and states are put back to that one,
// also where all epochs were run.
//
// The order of samples and all random numbers follow from the loader's seed, the trainer's seed and the epoch; a run
// from first_epoch on with a loaded checkpoint repeats an uninterrupted one, but that its patience begins anew. A
// schedule that watches, such as plateau, is in no checkpoint: it must be given what it had seen.
//
// Errors  tessera::error: batches larger than the model's capacity, images, labels or targets that do not fit, a loss
//         that is not finite; what the loader throws. The model then holds what the last step left.
#pragma once
#include <chrono>
#include <cmath>
#include <string>
#include <tessera/error.hpp>
#include <tessera/train/early_stopping.hpp>
#include <tessera/train/epoch_report.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/trainer.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct fit_options {
    int epochs = 10;        // the last one's number, plus 1
    int first_epoch = 0;    // of a resumed run
    int patience = 0;       // epochs without gain before the run ends; 0: all epochs are run, the last one stays
    double least_gain = 0;  // a loss must be below the best one by more than this to count as better
};

struct fit_result {
    std::vector<epoch_report> epochs{};
    int best_epoch = -1;
    bool stopped = false;  // before the last epoch
};

struct no_validation {};

namespace fitting {

// false where the callback asks to stop
template <class Callback, class Report> bool tell(Callback& callback, const Report& report) {
    if constexpr (std::is_invocable_r_v<bool, Callback&, const Report&>)
        return callback(report);
    else if constexpr (std::is_invocable_v<Callback&, const Report&>)
        callback(report);
    return true;
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline void require_fit(const sample_batch& batch, std::size_t capacity, std::size_t values, const std::string& place) {
    if (batch.count < 1 || batch.count > capacity)
        throw error(place, "1 to " + std::to_string(capacity) + " samples, the capacity of the model",
                    std::to_string(batch.count));
    if (batch.images.size() != batch.count * values || batch.labels.size() != batch.count)
        throw error(
            place, std::to_string(batch.count) + " images of " + std::to_string(values) + " values, and labels",
            std::to_string(batch.images.size()) + " values, " + std::to_string(batch.labels.size()) + " labels");
}

// runs through one epoch
template <class Loss, class Trainer, class Loader, class Schedule, class Tell>
epoch_report run_epoch(Trainer& trainer, const Loader& loader, Schedule& schedule, batch_report report, bool& going_on,
                       const Tell& tell_all) {
    using net = typename Trainer::network_type;
    const auto start = std::chrono::steady_clock::now();
    const std::string place = "fit: epoch " + std::to_string(report.epoch) + ", batch ";
    loss_targets<Loss> targets(evaluating::classes<net>());
    double loss = 0;
    long right = 0, samples = 0;
    report.batches = static_cast<long>(loader.size());
    auto&& stream = loader.epoch(static_cast<std::uint32_t>(report.epoch));
    for (const sample_batch& batch : stream) {
        require_fit(batch, std::remove_cvref_t<decltype(trainer.trained())>::capacity,
                    evaluating::values_of_image<net>(), place + std::to_string(report.batch));
        report.rate = schedule.rate(trainer.steps());
        if constexpr (requires { trainer.optimiser().momentum = schedule.momentum(0); })
            trainer.optimiser().momentum = schedule.momentum(trainer.steps());
        const double batch_loss = targets.with(batch, [&](const auto& target) {
            return static_cast<double>(trainer.step(report.rate, batch.images, target));
        });
        if (!std::isfinite(batch_loss))
            throw error(place + std::to_string(report.batch), "a finite loss", std::to_string(batch_loss));
        loss += batch_loss * static_cast<double>(batch.count);
        samples += static_cast<long>(batch.count);
        const auto y = trainer.output();
        for (int k = 0; k < y.count; ++k) right += y.largest(k) == batch.labels[static_cast<std::size_t>(k)];
        ++report.batch;
        report.loss = loss / static_cast<double>(samples);
        report.accuracy = static_cast<double>(right) / static_cast<double>(samples);
        report.seconds = seconds_since(start);
        going_on = tell_all(report) && going_on;
    }
    if (samples == 0) throw error(place + "0", "at least one sample", "none");
    epoch_report epoch;
    epoch.epoch = report.epoch;
    epoch.epochs = report.epochs;
    epoch.loss = report.loss;
    epoch.accuracy = report.accuracy;
    epoch.rate = report.rate;
    return epoch;
}

}  // namespace fitting

template <class Model, class Loss, class Optimiser, class... Frozen, class Loader, class Validation, class Schedule,
          class... Callback>
fit_result fit(trainer<Model, Loss, Optimiser, Frozen...>& trainer, const Loader& loader, const Validation& validation,
               Schedule&& schedule, fit_options options = {}, Callback&&... callback) {
    using net = typename Model::network_type;
    static_assert(evaluating::is_classifier<net>(), "tessera: fit: the network needs one input, one output (classes)");
    constexpr bool validates = !std::is_same_v<Validation, no_validation>;
    if constexpr (validates)
        evaluating::require_fit(validation, evaluating::values_of_image<net>(), evaluating::classes<net>(),
                                "fit: validation");

    fit_result result;
    bool going_on = true;
    const auto tell_all = [&](const auto& report) {
        bool wanted = true;
        ((wanted = fitting::tell(callback, report) && wanted), ...);
        return wanted;
    };
    early_stopping<Model> stopping(options.patience, options.least_gain);
    for (int e = options.first_epoch; e < options.epochs && going_on; ++e) {
        const auto start = std::chrono::steady_clock::now();
        batch_report batch;
        batch.epoch = e;
        batch.epochs = options.epochs;
        epoch_report report = fitting::run_epoch<Loss>(trainer, loader, schedule, batch, going_on, tell_all);
        if constexpr (validates) {
            const evaluation v = evaluate<Loss>(trainer.trained(), validation);
            report.validation_loss = v.loss;
            report.validation_accuracy = v.accuracy;
        }
        const double loss = validates ? report.validation_loss : report.loss;
        if constexpr (requires { schedule.observe(loss); }) schedule.observe(loss);
        report.best = stopping.observe(trainer.trained(), loss);
        if (report.best) result.best_epoch = e;
        report.seconds = fitting::seconds_since(start);
        result.epochs.push_back(report);
        going_on = tell_all(report) && going_on && !stopping.exhausted();
        result.stopped = !going_on && e + 1 < options.epochs;
    }
    stopping.restore(trainer.trained());
    return result;
}

}  // namespace tessera
