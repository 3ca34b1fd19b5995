// fit: the training loop.
//
//     data_loader loader(train, {.size = 128, .augment = augment(random_flip{})});
//     fit(trainer, loader, validation, cosine_decay{0.1, 20 * long(loader.size())}, {.epochs = 20}, progress_bar{});
//
//   loader       a data_loader, of images and labels, for a network of one input and one output (classes).
//                A tensor_loader for any network and loss: arrays for the inputs of the network, then of the loss.
//                Or anything with size() and epoch(number) -> a range of sample_batch or of tensor_batch, or of a type
//                of your own with data, a std::tuple of contiguous ranges, and count.
//   validation   a dataset, a tensor_dataset or another loader, evaluated after each epoch with the trainer's loss;
//                no_validation{} for none
//   schedule     rate(step) for each step, counted by the trainer, so that a resumed run goes on; one with
//                observe(loss) is told the loss of each epoch, one with momentum(step) sets the optimiser's. One of
//                your own may go uphill, by rates below 0.
//   callbacks    called with batch_report after a batch and with epoch_report after an epoch, whichever they take.
//                One that returns false ends the run after this epoch.
//
// Losses are means over samples, and the accuracy is that of labels, NaN where there are none, both as evaluate has
// them.
//
// The loss of an epoch is that of the validation set, without one that of the training set. With `patience`, the run
// ends when that many epochs were no better than the best one, and is put back to that one, also where all epochs were
// run.
//
// A step whose loss or gradients are not finite, as a picture with a NaN in it gives, is left out and counted. The run
// has diverged when more than `most_left_out` steps in a row were, or when parameters are no longer finite after an
// epoch: then it is put back to the best epoch, or to where it began when there is none, and an error is thrown.
//
// Put back are parameters, states and the moving average. The optimiser then begins anew, so that it does not go on
// with what it has seen since; steps go on counting.
//
// The order of samples and all random numbers follow from the loader's seed, the trainer's seed and the epoch; a run
// from first_epoch on with a loaded checkpoint repeats an uninterrupted one, but that its patience begins anew. A
// schedule that watches, such as plateau, is in no checkpoint: it must be given what it had seen.
//
// Errors  tessera::error, before the first step: a schedule with wrong numbers, such as a rate below 0; a run that ends
//         within its warm-up and so would never reach the rate that was asked for; epochs, a first epoch, a patience or
//         most_left_out below 0; a least gain that is not finite.
//         Later: batches larger than the model's capacity, ranges that do not fit, an index outside its table, a rate
//         that is not finite; what the loader throws. The model then holds what the last step left. A run that diverged.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/train/batch_feed.hpp>
#include <tessera/train/best_loss.hpp>
#include <tessera/train/epoch_report.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/kept_variables.hpp>
#include <tessera/train/optimiser/all_finite.hpp>
#include <tessera/train/stopwatch.hpp>
#include <tessera/train/trainer.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct fit_options {
    int epochs = 10;             // the last one's number, plus 1
    int first_epoch = 0;         // of a resumed run
    int patience = 0;            // epochs without gain before the run ends; 0: all epochs are run, the last one stays
    double least_gain = 0;       // a loss must be below the best one by more than this to count as better
    int most_left_out = 10;      // steps in a row; one more ends the run
    bool goes_on_later = false;  // one call of several: it may end within the warm-up
};

struct fit_result {
    std::vector<epoch_report> epochs{};
    int best_epoch = -1;
    bool stopped = false;  // before the last epoch
    long left_out = 0;     // steps whose loss or gradients were not finite
};

struct no_validation {};

namespace detail {

namespace fitting {

// false where the callback asks to stop
template <class Callback, class Report> bool tell(Callback& callback, const Report& report) {
    if constexpr (std::is_invocable_r_v<bool, Callback&, const Report&>)
        return callback(report);
    else if constexpr (std::is_invocable_v<Callback&, const Report&>)
        callback(report);
    return true;
}

// a number of a message: with as many digits as it takes to see what is wrong, and NaN without a sign
inline std::string shown(double number) {
    if (std::isnan(number)) return "NaN";
    char digits[32];
    std::snprintf(digits, sizeof digits, "%g", number);
    return digits;
}

template <class Trainer, class Loader, class Schedule>
void require_sense(const Trainer& trainer, const Loader& loader, const Schedule& schedule, const fit_options& options) {
    const auto at_least_0 = [](const char* name, int value) {
        if (value < 0) throw error(sentence("fit: ", name), "0 or more", sentence(value));
    };
    at_least_0("epochs", options.epochs);
    at_least_0("first_epoch", options.first_epoch);
    at_least_0("patience", options.patience);
    at_least_0("most_left_out", options.most_left_out);
    if (!std::isfinite(options.least_gain))
        throw error("fit: least_gain", "a finite number", shown(options.least_gain));
    if constexpr (requires { schedule.fault().place; }) {
        const auto fault = schedule.fault();
        if (fault) throw error(sentence("fit: ", fault.place), fault.wanted, shown(fault.found));
    }
    if constexpr (requires { schedule.steps_before(); }) {
        const long epochs = options.epochs - options.first_epoch, before = schedule.steps_before();
        const long end = trainer.steps() + epochs * static_cast<long>(loader.size()) / trainer.accumulates();
        if (epochs > 0 && end <= before && !options.goes_on_later)
            throw error("fit: warm-up", sentence("fewer steps than the run's ", end, ", or goes_on_later"),
                        sentence(before));
    }
}

// what can be seen of a validation set before the first epoch
template <class Model, class Loss, class Validation> void require_validation(const Validation& data) {
    using net = typename Model::network_type;
    const std::string place = "fit: validation";
    if constexpr (std::is_convertible_v<const Validation&, const dataset&>) {
        evaluating::require_fit(data, evaluating::values_of_image<net>(), evaluating::classes<net>(), place);
    } else if constexpr (a_tensor_dataset<Validation>) {
        if (data.size() == 0) throw error(place, "at least one sample", "none");
        const auto all = data.batch(0, data.size());
        batch_feed<evaluating::program_of<Model, Loss>, Loss, std::remove_cvref_t<decltype(all)>>::require_fit(
            all, data.size(), place);
    }
}

// Where a run can be put back to.
template <class Trainer> class way_back {
  public:
    explicit way_back(Trainer& trainer) : trainer_(trainer) { keep(); }

    void keep() {
        variables_.keep(trainer_.trained());
        average_.assign(trainer_.average().begin(), trainer_.average().end());
    }
    void go() {
        variables_.put_back(trainer_.trained());
        std::ranges::copy(average_, trainer_.average().begin());
        trainer_.reset_optimiser();
    }

  private:
    Trainer& trainer_;
    kept_variables<std::remove_cvref_t<decltype(std::declval<Trainer&>().trained())>> variables_;
    std::vector<typename Trainer::real_type> average_;
};

// runs through one epoch; give_up(place, found) throws
template <class Loss, class Trainer, class Loader, class Schedule, class Tell, class GiveUp>
epoch_report run_epoch(Trainer& trainer, const Loader& loader, Schedule& schedule, batch_report report, int& in_a_row,
                       int most_in_a_row, bool& going_on, const Tell& tell_all, const GiveUp& give_up) {
    using batch_type = batch_in<decltype(loader.epoch(0))>;
    using feed_type = batch_feed<typename Trainer::program_type, Loss, batch_type>;
    const stopwatch since_start;
    const std::string place = sentence("fit: epoch ", report.epoch, ", batch ");
    feed_type feed;
    evaluating::hits hits;
    double loss = 0, counted = 0;
    report.batches = static_cast<long>(loader.size());
    auto&& stream = loader.epoch(static_cast<std::uint32_t>(report.epoch));
    for (const batch_type& batch : stream) {
        const std::string here = sentence(place, report.batch);
        feed_type::require_fit(batch, std::remove_cvref_t<decltype(trainer.trained())>::capacity, here);
        report.rate = schedule.rate(trainer.steps());
        if (!std::isfinite(report.rate)) throw error(here, "a finite rate", shown(report.rate));
        if constexpr (requires { trainer.optimiser().momentum = schedule.momentum(0); })
            trainer.optimiser().momentum = schedule.momentum(trainer.steps());
        const long left_out = trainer.left_out();
        const double batch_loss = feed.with(
            batch, [&](const auto&... range) { return static_cast<double>(trainer.step(report.rate, range...)); });
        if (trainer.left_out() == left_out) {
            in_a_row = 0;
            const auto weight = static_cast<double>(feed_type::counted(batch));
            loss += batch_loss * weight;
            counted += weight;
            feed_type::tally(batch, trainer.output(), hits);
        } else {
            ++report.left_out;
            if (++in_a_row > most_in_a_row)
                give_up(here, sentence(in_a_row, in_a_row == 1 ? " step" : " steps in a row",
                                       " without, the last of loss ", shown(batch_loss)));
        }
        ++report.batch;
        report.loss = loss / counted;
        report.accuracy = hits.accuracy();
        report.seconds = since_start.seconds();
        going_on = tell_all(report) && going_on;
    }
    if (report.batch == 0) throw error(sentence(place, 0), "at least one sample", "none");
    if (!all_finite(std::span<const typename Trainer::real_type>(trainer.trained().parameters())))
        give_up(sentence("fit: epoch ", report.epoch), "parameters that are not finite");
    epoch_report epoch;
    epoch.epoch = report.epoch;
    epoch.epochs = report.epochs;
    epoch.loss = report.loss;
    epoch.accuracy = report.accuracy;
    epoch.rate = report.rate;
    epoch.left_out = report.left_out;
    return epoch;
}

}  // namespace fitting

}  // namespace detail

template <class Model, class Loss, class Optimiser, class... Frozen, class Loader, class Validation, class Schedule,
          class... Callback>
fit_result fit(trainer<Model, Loss, Optimiser, Frozen...>& trainer, const Loader& loader, const Validation& validation,
               Schedule&& schedule, fit_options options = {}, Callback&&... callback) {
    using net = typename Model::network_type;
    static_assert(a_loader<Loader>,
                  "tessera: fit: a loader has size() and epoch(number), a range of sample_batch or of tensor_batch");
    static_assert(detail::takes_batch<net, detail::batch_in<decltype(loader.epoch(0))>>,
                  "tessera: fit: images and labels are for a network of one input, one output (classes); a "
                  "tensor_loader is for any");
    constexpr bool validates = !std::is_same_v<Validation, no_validation>;
    detail::fitting::require_validation<Model, Loss>(validation);
    detail::fitting::require_sense(trainer, loader, schedule, options);

    fit_result result;
    bool going_on = true;
    const auto tell_all = [&](const auto& report) {
        bool wanted = true;
        ((wanted = detail::fitting::tell(callback, report) && wanted), ...);
        return wanted;
    };
    best_loss best(options.patience, options.least_gain);
    detail::fitting::way_back back(trainer);
    const auto give_up = [&](const std::string& place, const std::string& found) {
        back.go();
        const std::string to =
            best.any() ? detail::sentence("epoch ", result.best_epoch, ", the best") : "its beginning";
        throw error(place, "finite losses, gradients and parameters",
                    detail::sentence(found, "; the run is put back to ", to));
    };
    int in_a_row = 0;  // steps that were left out
    for (int e = options.first_epoch; e < options.epochs && going_on; ++e) {
        const stopwatch since_start;
        batch_report batch;
        batch.epoch = e;
        batch.epochs = options.epochs;
        auto report = detail::fitting::run_epoch<Loss>(trainer, loader, schedule, batch, in_a_row,
                                                       options.most_left_out, going_on, tell_all, give_up);
        result.left_out += report.left_out;
        if constexpr (validates) {
            const auto v = evaluate<Loss>(trainer.trained(), validation);
            report.validation_loss = v.loss;
            report.validation_accuracy = v.accuracy;
        }
        const double loss = validates ? report.validation_loss : report.loss;
        if constexpr (requires { schedule.observe(loss); }) schedule.observe(loss);
        report.best = best.observe(loss);
        if (report.best) {
            result.best_epoch = e;
            back.keep();
        }
        report.seconds = since_start.seconds();
        result.epochs.push_back(report);
        going_on = tell_all(report) && going_on && !best.exhausted();
        result.stopped = !going_on && e + 1 < options.epochs;
    }
    if (options.patience > 0 && best.any() && result.best_epoch != result.epochs.back().epoch) back.go();
    return result;
}

}  // namespace tessera
