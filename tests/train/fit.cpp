#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/data/augment/mix_up.hpp>
#include <tessera/data/data_loader.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/io/checkpoint.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/fit.hpp>
#include <tessera/train/loss/soft_cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/schedule/constant_rate.hpp>
#include <tessera/train/schedule/cosine_decay.hpp>
#include <tessera/train/schedule/one_cycle.hpp>
#include <tessera/train/schedule/plateau.hpp>
#include <tessera/train/schedule/warm_up.hpp>
#include <vector>

namespace {

using namespace tessera;
using tests::message_of;

struct net : network<(dense<8> >> batch_norm >> relu >> dropout<0.1> >> dense<3>), shape<2>> {};
using small = model<net, backend::scalar, batch<8>>;
using small_trainer = trainer<small, cross_entropy, sgd>;

// points around the corners of a triangle
dataset corners(std::size_t count, std::uint64_t seed) {
    dataset data{{}, {}, {1, 1, 2}, {"left", "right", "top"}};
    random_stream random(seed);
    constexpr float x[] = {-1, 1, 0}, y[] = {0, 0, 1.5F};
    for (std::size_t i = 0; i < count; ++i) {
        const auto c = static_cast<std::int32_t>(i % 3);
        data.labels.push_back(c);
        data.images.push_back(x[c] + random.uniform(-0.5F, 0.5F));
        data.images.push_back(y[c] + random.uniform(-0.5F, 0.5F));
    }
    return data;
}

const dataset& training_part() {
    static const dataset data = corners(60, 1);
    return data;
}
const dataset& validation_part() {
    static const dataset data = corners(30, 2);
    return data;
}
data_loader loader_of(std::size_t size = 8) {
    return data_loader(training_part(), {.size = size, .queue = 0, .seed = 5});
}

template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

TEST(fit, learns) {
    small m(1);
    small_trainer t(m, sgd{.momentum = 0.9});
    const fit_result r = fit(t, loader_of(), validation_part(), constant_rate{0.05}, {.epochs = 12});
    ASSERT_EQ(r.epochs.size(), 12U);
    EXPECT_EQ(t.steps(), 12 * 8);
    EXPECT_LT(r.epochs.back().loss, 0.5 * r.epochs.front().loss);
    EXPECT_GT(r.epochs.back().accuracy, 0.85);
    const evaluation e = evaluate(m, validation_part());
    EXPECT_EQ(r.epochs.back().validation_loss, e.loss);
    EXPECT_EQ(r.epochs.back().validation_accuracy, e.accuracy);
    EXPECT_GT(e.accuracy, 0.9);
    EXPECT_FALSE(r.stopped);
}

TEST(fit, learns_on_vectors_too) {
    model<net, backend::simd, batch<16>> m(1);
    trainer<decltype(m), cross_entropy, sgd> t(m, sgd{.momentum = 0.9});
    fit(t, loader_of(16), no_validation{}, constant_rate{0.1}, {.epochs = 20});
    EXPECT_GT(evaluate(m, validation_part()).accuracy, 0.9);
}

TEST(fit, steps_of_accumulated_batches_count_as_one) {
    small m(1);
    small_trainer t(m, sgd{.momentum = 0.9}, {.accumulate = 2});
    // 8 batches an epoch: 4 steps
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, warm_up{constant_rate{0.1}, 8}, {.epochs = 2}); }),
              "fit: warm-up: expected fewer steps than the run's 8, or goes_on_later, found 8");
    fit(t, loader_of(), no_validation{}, constant_rate{0.1}, {.epochs = 20});
    EXPECT_EQ(t.steps(), 20 * 4);
    EXPECT_GT(evaluate(m, validation_part()).accuracy, 0.9);
}

TEST(fit, reports_every_batch_and_epoch) {
    small m(1);
    small_trainer t(m);
    std::vector<batch_report> batches_seen;
    std::vector<epoch_report> epochs_seen;
    const fit_result r = fit(
        t, loader_of(), no_validation{}, constant_rate{0.01}, {.epochs = 3, .first_epoch = 1},
        [&](const batch_report& b) { batches_seen.push_back(b); },
        [&](const epoch_report& e) { epochs_seen.push_back(e); });
    ASSERT_EQ(batches_seen.size(), 16U);
    ASSERT_EQ(epochs_seen.size(), 2U);
    for (std::size_t i = 0; i < 16; ++i) {
        EXPECT_EQ(batches_seen[i].epoch, static_cast<int>(1 + i / 8));
        EXPECT_EQ(batches_seen[i].batch, static_cast<long>(1 + i % 8));
        EXPECT_EQ(batches_seen[i].batches, 8);
        EXPECT_EQ(batches_seen[i].epochs, 3);
        EXPECT_EQ(batches_seen[i].rate, 0.01);
        EXPECT_GE(batches_seen[i].seconds, 0);
    }
    EXPECT_EQ(epochs_seen[1].epoch, 2);
    EXPECT_EQ(epochs_seen[1].loss, batches_seen[15].loss);
    EXPECT_EQ(epochs_seen[1].accuracy, batches_seen[15].accuracy);
    EXPECT_TRUE(std::isnan(epochs_seen[1].validation_loss));
    EXPECT_EQ(r.epochs.back().epoch, 2);
}

TEST(fit, the_loss_of_an_epoch_is_the_mean_over_its_samples) {
    small m(1), again(1);
    small_trainer t(m), by_hand(again);
    const data_loader loader = loader_of(8);  // the last batch has 4
    const fit_result r = fit(t, loader, no_validation{}, constant_rate{0.01}, {.epochs = 1});
    double loss = 0;
    int right = 0;
    for (const sample_batch& b : loader.epoch(0)) {
        loss += static_cast<double>(by_hand.step(0.01, b.images, b.labels)) * static_cast<double>(b.count);
        for (std::size_t k = 0; k < b.count; ++k) right += by_hand.output().largest(static_cast<int>(k)) == b.labels[k];
    }
    EXPECT_DOUBLE_EQ(r.epochs[0].loss, loss / 60);
    EXPECT_DOUBLE_EQ(r.epochs[0].accuracy, right / 60.0);
    EXPECT_EQ(copy_of(m.parameters()), copy_of(again.parameters()));
}

TEST(fit, a_callback_can_end_the_run_behind_its_epoch) {
    small m(1);
    small_trainer t(m);
    int told = 0;
    const fit_result r = fit(
        t, loader_of(), no_validation{}, constant_rate{0.01}, {.epochs = 9},
        [](const batch_report& b) { return b.epoch < 2; }, [&](const epoch_report&) { ++told; });
    EXPECT_EQ(r.epochs.size(), 3U);
    EXPECT_EQ(told, 3);
    EXPECT_EQ(t.steps(), 3 * 8);
    EXPECT_TRUE(r.stopped);
}

// down the gradient, then up
struct spoiling {
    long from;
    double rate(long step) const { return step < from ? 0.05 : -0.05; }
};

TEST(fit, stops_early_with_the_best_parameters) {
    small m(1);
    small_trainer t(m);
    std::vector<float> best, states;
    const fit_result r = fit(t, loader_of(), validation_part(), spoiling{4 * 8}, {.epochs = 20, .patience = 3},
                             [&](const epoch_report& e) {
                                 if (!e.best) return;
                                 best = copy_of(m.parameters());
                                 states = copy_of(m.states());
                             });
    ASSERT_GE(r.best_epoch, 0);
    EXPECT_TRUE(r.stopped);
    EXPECT_EQ(static_cast<int>(r.epochs.size()), r.best_epoch + 1 + 3);
    EXPECT_LT(static_cast<int>(r.epochs.size()), 20);
    EXPECT_EQ(copy_of(m.parameters()), best);
    EXPECT_EQ(copy_of(m.states()), states);
    const auto found = std::ranges::min_element(r.epochs, {}, &epoch_report::validation_loss);
    EXPECT_EQ(found->epoch, r.best_epoch);
    EXPECT_EQ(evaluate(m, validation_part()).loss, found->validation_loss);
}

TEST(fit, without_patience_the_last_parameters_stay) {
    small m(1);
    small_trainer t(m);
    const fit_result r = fit(t, loader_of(), validation_part(), spoiling{2 * 8}, {.epochs = 6});
    EXPECT_EQ(r.epochs.size(), 6U);
    EXPECT_LT(r.best_epoch, 5);
    EXPECT_EQ(evaluate(m, validation_part()).loss, r.epochs.back().validation_loss);
}

TEST(fit, tells_a_schedule_that_watches) {
    small m(1);
    small_trainer t(m);
    plateau schedule{.base = 0.01, .factor = 0.5, .patience = 0, .threshold = 0.999};
    const fit_result r = fit(t, loader_of(), validation_part(), schedule, {.epochs = 4});
    EXPECT_EQ(schedule.seen.best, r.epochs[0].validation_loss);
    EXPECT_EQ(schedule.seen.scale, 0.125);
    EXPECT_EQ(r.epochs[0].rate, 0.01);
    EXPECT_EQ(r.epochs[3].rate, 0.0025);
}

TEST(fit, sets_the_momentum_that_a_schedule_asks_for) {
    small m(1);
    small_trainer t(m);
    const one_cycle schedule{.peak = 0.1, .total = 16};
    fit(t, loader_of(), no_validation{}, schedule, {.epochs = 2});
    EXPECT_EQ(t.optimiser().momentum, schedule.momentum(15));
}

TEST(fit, a_resumed_run_repeats_an_uninterrupted_one) {
    const tests::temporary_folder folder;
    const std::filesystem::path file = folder.path() / "run";
    const sgd how{.momentum = 0.9};
    const one_cycle schedule{.peak = 0.1, .total = 32};
    const data_loader loader = loader_of();
    small whole(1), before(1), after(9);
    small_trainer uninterrupted(whole, how), first(before, how), second(after, how);
    const fit_result a = fit(uninterrupted, loader, validation_part(), schedule, {.epochs = 4});
    fit(first, loader, validation_part(), schedule, {.epochs = 2});
    save_checkpoint(first, file, {{"epoch", 2}});
    const int epoch = static_cast<int>(load_checkpoint(second, file).at("epoch"));
    const fit_result b = fit(second, loader, validation_part(), schedule, {.epochs = 4, .first_epoch = epoch});
    ASSERT_EQ(b.epochs.size(), 2U);
    EXPECT_EQ(a.epochs[3].loss, b.epochs[1].loss);
    EXPECT_EQ(a.epochs[3].validation_loss, b.epochs[1].validation_loss);
    EXPECT_EQ(copy_of(whole.parameters()), copy_of(after.parameters()));
    EXPECT_EQ(copy_of(whole.states()), copy_of(after.states()));
}

TEST(fit, a_resumed_run_needs_what_its_schedule_had_seen) {
    const plateau fresh{.base = 0.01, .factor = 0.5, .patience = 0, .threshold = 0.999};
    plateau uninterrupted = fresh, first = fresh, second = fresh;
    small whole(1), parts(1);
    small_trainer a(whole), b(parts);
    const fit_result wanted = fit(a, loader_of(), no_validation{}, uninterrupted, {.epochs = 4});
    fit(b, loader_of(), no_validation{}, first, {.epochs = 2});
    second.seen = first.seen;
    const fit_result found = fit(b, loader_of(), no_validation{}, second, {.epochs = 4, .first_epoch = 2});
    EXPECT_NE(found.epochs[1].rate, fresh.rate(0));
    EXPECT_EQ(found.epochs[1].rate, wanted.epochs[3].rate);
    EXPECT_EQ(copy_of(parts.parameters()), copy_of(whole.parameters()));
}

TEST(fit, mixed_batches_need_a_loss_of_targets) {
    small m(1);
    small_trainer t(m);
    const data_loader mixed(training_part(), {.size = 8, .queue = 0, .mix = mix_up{}});
    EXPECT_EQ(message_of([&] { fit(t, mixed, no_validation{}, constant_rate{0.1}); }),
              "batch: expected labels, as the loss takes them, found mixed targets");
    trainer<small, soft_cross_entropy, sgd> soft(m, sgd{.momentum = 0.9});
    const fit_result r = fit(soft, mixed, validation_part(), constant_rate{0.05}, {.epochs = 10});
    EXPECT_LT(r.epochs.back().validation_loss, r.epochs.front().validation_loss);
    EXPECT_GT(r.epochs.back().validation_accuracy, 0.8);
}

TEST(fit, says_what_does_not_fit) {
    small m(1);
    small_trainer t(m);
    EXPECT_EQ(message_of([&] { fit(t, loader_of(9), no_validation{}, constant_rate{0.1}); }),
              "fit: epoch 0, batch 0: expected 1 to 8 samples, the capacity of the model, found 9");
    const dataset wide{{1, 2, 3}, {0}, {1, 1, 3}, {"a"}};
    EXPECT_EQ(message_of([&] { fit(t, data_loader(wide, {.queue = 0}), no_validation{}, constant_rate{0.1}); }),
              "fit: epoch 0, batch 0: expected 1 images of 2 values, and labels, found 3 values, 1 labels");
    EXPECT_TRUE(message_of([&] { fit(t, loader_of(), wide, constant_rate{0.1}); }).starts_with("fit: validation: "));
    EXPECT_EQ(t.steps(), 0);
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, constant_rate{INFINITY}); }),
              "fit: constant_rate: value: expected a finite number, 0 or more, found inf");
    struct broken {
        double rate(long) const { return std::nan(""); }
    };
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, broken{}); }),
              "fit: epoch 0, batch 0: expected a finite rate, found NaN");
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, constant_rate{0.1}, {.epochs = -1}); }),
              "fit: epochs: expected 0 or more, found -1");
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, constant_rate{0.1}, {.first_epoch = -1}); }),
              "fit: first_epoch: expected 0 or more, found -1");
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, constant_rate{0.1}, {.patience = -1}); }),
              "fit: patience: expected 0 or more, found -1");
    EXPECT_EQ(message_of([&] { fit(t, loader_of(), no_validation{}, constant_rate{0.1}, {.most_left_out = -1}); }),
              "fit: most_left_out: expected 0 or more, found -1");
    EXPECT_EQ(t.steps(), 0);
}

TEST(fit, runs_no_epoch_where_none_is_asked_for) {
    small m(1);
    small_trainer t(m);
    const std::vector<float> before = copy_of(m.parameters());
    for (const int first : {0, 3}) {
        const fit_result r = fit(t, loader_of(), validation_part(), constant_rate{0.1},
                                 {.epochs = 0, .first_epoch = first, .patience = 1});
        EXPECT_TRUE(r.epochs.empty());
        EXPECT_EQ(r.best_epoch, -1);
        EXPECT_FALSE(r.stopped);
    }
    EXPECT_EQ(copy_of(m.parameters()), before);
}

// rates that lead uphill, or are none, before the first step; rates of 0 are allowed
TEST(fit, refuses_rates_below_0) {
    small m(1);
    small_trainer t(m);
    const auto message = [&](const auto& schedule) {
        return message_of([&] { fit(t, loader_of(), no_validation{}, schedule, {.epochs = 1}); });
    };
    const std::string wanted = ": expected a finite number, 0 or more, found ";
    EXPECT_EQ(message(constant_rate{-1e-9}), "fit: constant_rate: value" + wanted + "-1e-09");
    EXPECT_EQ(message(constant_rate{-NAN}), "fit: constant_rate: value" + wanted + "NaN");
    EXPECT_EQ(message(warm_up{cosine_decay{.base = -1, .steps = 9}, 1}), "fit: cosine_decay: base" + wanted + "-1");
    EXPECT_EQ(t.steps(), 0);
    EXPECT_EQ(message(constant_rate{0}), "");
}

// a run of 2 * 8 steps
TEST(fit, refuses_a_schedule_that_would_train_nothing) {
    small m(1);
    small_trainer t(m);
    const auto message = [&](const auto& schedule, fit_options options) {
        return message_of([&] { fit(t, loader_of(), no_validation{}, schedule, options); });
    };
    // what is left of the run after its warm-up
    EXPECT_EQ(message(warm_up{cosine_decay{.base = 0.1, .steps = 16 - 20}, 20}, {.epochs = 2}),
              "fit: cosine_decay: steps: expected at least 1, found -4");
    EXPECT_EQ(message(warm_up{constant_rate{0.1}, 16}, {.epochs = 2}),
              "fit: warm-up: expected fewer steps than the run's 16, or goes_on_later, found 16");
    EXPECT_EQ(message(one_cycle{.peak = 0.1, .total = 1}, {.epochs = 2}),
              "fit: one_cycle: total: expected at least 2 steps, found 1");
    EXPECT_EQ(t.steps(), 0);
    EXPECT_EQ(message(warm_up{constant_rate{0.1}, 16}, {.epochs = 2, .goes_on_later = true}), "");
    EXPECT_EQ(message(warm_up{constant_rate{0.1}, 16}, {.epochs = 3, .first_epoch = 2}), "");
    EXPECT_EQ(t.steps(), 24);
}

dataset with_a_nan() {
    dataset data = corners(24, 1);
    data.images[2 * 5] = std::nanf("");
    return data;
}

TEST(fit, leaves_out_and_counts_steps_that_are_not_finite) {
    small m(1);
    small_trainer t(m, sgd{.momentum = 0.9});
    const dataset data = with_a_nan();
    const data_loader loader(data, {.size = 8, .queue = 0, .seed = 5});
    std::vector<batch_report> seen;
    const fit_result r = fit(t, loader, validation_part(), constant_rate{0.05}, {.epochs = 20},
                             [&](const batch_report& b) { seen.push_back(b); });
    EXPECT_EQ(r.left_out, 20);
    EXPECT_EQ(t.left_out(), 20);
    EXPECT_EQ(t.steps(), 60);
    for (const epoch_report& e : r.epochs) {
        EXPECT_EQ(e.left_out, 1);
        EXPECT_TRUE(std::isfinite(e.loss));
        EXPECT_TRUE(std::isfinite(e.validation_loss));
    }
    EXPECT_EQ(seen[2].left_out, 1);
    EXPECT_LE(seen[0].left_out, 1);
    EXPECT_GT(evaluate(m, validation_part()).accuracy, 0.9);
}

TEST(fit, counts_the_samples_whose_label_is_not_ignored) {
    using ignoring = cross_entropy_with<ignore_label<>>;
    dataset data = corners(20, 1);
    data.ignored = -100;
    for (std::size_t i = 0; i < 20; ++i)
        if (i < 8 || i % 3 == 0) data.labels[i] = -100;  // of the first batch all
    small m(1), again(1);
    trainer<small, ignoring, sgd> t(m), by_hand(again);
    const data_loader loader(data, {.size = 8, .shuffle = false, .queue = 0});
    const fit_result r = fit(t, loader, no_validation{}, constant_rate{0.1}, {.epochs = 1});
    double loss = 0;
    long right = 0, counted = 0;
    for (const sample_batch& b : loader.epoch(0)) {
        const auto here = static_cast<long>(std::ranges::count_if(b.labels, [](int l) { return l != -100; }));
        loss += static_cast<double>(by_hand.step(0.1, b.images, b.labels)) * static_cast<double>(here);
        counted += here;
        for (std::size_t k = 0; k < b.count; ++k) right += by_hand.output().largest(static_cast<int>(k)) == b.labels[k];
    }
    EXPECT_EQ(counted, 8);
    EXPECT_DOUBLE_EQ(r.epochs[0].loss, loss / 8);
    EXPECT_DOUBLE_EQ(r.epochs[0].accuracy, static_cast<double>(right) / 8);
    EXPECT_EQ(r.left_out, 0);
    EXPECT_EQ(copy_of(m.parameters()), copy_of(again.parameters()));
}

TEST(fit, an_epoch_of_left_out_steps_has_no_loss) {
    small m(1);
    small_trainer t(m);
    const std::vector<float> before = copy_of(m.parameters());
    const dataset data = with_a_nan().take(8);
    const data_loader loader(data, {.size = 8, .queue = 0});
    const fit_result r = fit(t, loader, no_validation{}, constant_rate{0.05}, {.epochs = 10, .patience = 20});
    EXPECT_EQ(r.left_out, 10);
    EXPECT_EQ(r.best_epoch, -1);
    EXPECT_TRUE(std::isnan(r.epochs[9].loss));
    EXPECT_EQ(copy_of(m.parameters()), before);
    EXPECT_EQ(
        message_of([&] { fit(t, loader, no_validation{}, constant_rate{0.05}, {.epochs = 11}); }),
        "fit: epoch 10, batch 0: expected finite losses, gradients and parameters, found 11 steps in a row without, "
        "the last of loss NaN; the run is put back to its beginning");
}

// a good rate, then one that no training stands
struct bursting {
    long from;
    double rate(long step) const { return step < from ? 0.05 : 1e30; }
};

struct unnormalised : network<(dense<8> >> relu >> dense<3>), shape<2>> {};

TEST(fit, a_run_that_diverges_is_put_back_to_the_best_epoch) {
    model<unnormalised, backend::scalar, batch<8>> m(1);
    trainer<decltype(m), cross_entropy, sgd> t(m, sgd{.momentum = 0.9}, {.average_decay = 0.9});
    std::vector<float> best, average;
    const std::string message = message_of([&] {
        fit(t, loader_of(), validation_part(), bursting{3 * 8 + 2}, {.epochs = 20, .most_left_out = 4},
            [&](const epoch_report& e) {
                if (!e.best) return;
                best = copy_of(m.parameters());
                average = copy_of(t.average());
            });
    });
    EXPECT_TRUE(message.starts_with("fit: epoch 3")) << message;
    EXPECT_TRUE(message.ends_with("; the run is put back to epoch 2, the best")) << message;
    EXPECT_EQ(copy_of(m.parameters()), best);
    EXPECT_EQ(copy_of(t.average()), average);
    EXPECT_GT(evaluate(m, validation_part()).accuracy, 0.5);
    // the optimiser begins anew: no momentum of the steps that burst
    EXPECT_EQ(t.updates(0), 0);
    for (float s : t.slot(0)) EXPECT_EQ(s, 0);
    const fit_result again = fit(t, loader_of(), validation_part(), constant_rate{0.05}, {.epochs = 2});
    EXPECT_EQ(again.left_out, 0);
}

TEST(fit, a_run_that_diverges_at_once_is_put_back_to_its_beginning) {
    model<unnormalised, backend::scalar, batch<8>> m(1);
    trainer<decltype(m), cross_entropy, sgd> t(m);
    const std::vector<float> before = copy_of(m.parameters());
    const std::string message =
        message_of([&] { fit(t, loader_of(), no_validation{}, bursting{2}, {.epochs = 2, .most_left_out = 0}); });
    EXPECT_TRUE(message.starts_with("fit: epoch 0")) << message;
    EXPECT_TRUE(message.ends_with("; the run is put back to its beginning")) << message;
    EXPECT_EQ(copy_of(m.parameters()), before);
}

TEST(fit, the_last_epoch_goes_on_with_its_optimiser_where_it_is_the_best) {
    small whole(1), parts(1);
    const sgd how{.momentum = 0.9};
    small_trainer uninterrupted(whole, how), in_two(parts, how);
    const fit_options four{.epochs = 4, .patience = 9};
    ASSERT_EQ(fit(uninterrupted, loader_of(), no_validation{}, constant_rate{0.01}, four).best_epoch, 3);
    fit(in_two, loader_of(), no_validation{}, constant_rate{0.01}, {.epochs = 2, .patience = 9});
    fit(in_two, loader_of(), no_validation{}, constant_rate{0.01}, {.epochs = 4, .first_epoch = 2, .patience = 9});
    EXPECT_EQ(copy_of(whole.parameters()), copy_of(parts.parameters()));
}

}  // namespace
