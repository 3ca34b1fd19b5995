#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/io/checkpoint.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/adamw.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;
using tests::message_of;
namespace fs = std::filesystem;

struct net : network<(dense<6> >> batch_norm >> relu >> dropout<0.5> >> dense<3>), shape<4>> {};
template <class Real> using model_of = model<net, backend::scalar, batch<5>, Real>;
template <class Real> using adam_trainer = trainer<model_of<Real>, cross_entropy, adamw, freeze<"0">>;
using sgd_trainer = trainer<model_of<float>, cross_entropy, sgd>;

template <class Span> std::vector<std::uint64_t> bits_of(const Span& s) {
    std::vector<std::uint64_t> bits;
    for (const auto x : s) bits.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(x)));
    return bits;
}

constexpr trainer_options options{.seed = 9, .clip_norm = 0.5, .average_decay = 0.9};

// everything that a run changes
template <class Trainer> std::vector<std::vector<std::uint64_t>> everything(Trainer& t) {
    return {bits_of(t.trained().parameters()),
            bits_of(t.trained().states()),
            bits_of(t.slot(0)),
            bits_of(t.slot(1)),
            bits_of(t.average()),
            {static_cast<std::uint64_t>(t.steps())}};
}

template <class Trainer> std::vector<double> run(Trainer& t, int first, int last) {
    using number = typename Trainer::real_type;
    std::vector<double> losses;
    for (int step = first; step < last; ++step) {
        std::vector<number> x;
        std::vector<std::int32_t> labels;
        for (int i = 0; i < 5; ++i) {
            for (int k = 0; k < 4; ++k) x.push_back(static_cast<number>((step * 7 + i * 5 + k * 3) % 11) / 5 - 1);
            labels.push_back((step + i) % 3);
        }
        losses.push_back(static_cast<double>(t.step(0.01 + 0.001 * step, x, labels)));
    }
    return losses;
}

struct checkpoint : testing::Test {
    const tests::temporary_folder own;
    const fs::path folder = own.path(), file = folder / "run.safetensors";

    template <class Real> void expect_resumes() const {
        model_of<Real> whole(1), before(1), after(77);
        adam_trainer<Real> uninterrupted(whole, {}, options), first(before, {}, options), second(after, {}, options);
        const std::vector<double> losses = run(uninterrupted, 0, 6);
        run(first, 0, 3);
        save_checkpoint(first, file, {{"epoch", 3}, {"best loss", 0.1}});
        const auto extra = load_checkpoint(second, file);
        EXPECT_EQ(extra, (std::map<std::string, double>{{"best loss", 0.1}, {"epoch", 3}}));
        EXPECT_EQ(everything(first), everything(second));
        EXPECT_EQ(run(second, 3, 6), std::vector<double>(losses.begin() + 3, losses.end()));
        EXPECT_EQ(everything(uninterrupted), everything(second));
        EXPECT_NE(everything(first), everything(second));
    }
};

TEST_F(checkpoint, a_resumed_run_repeats_an_uninterrupted_one) {
    expect_resumes<float>();
    expect_resumes<double>();
}

TEST_F(checkpoint, a_model_can_be_loaded_from_it) {
    model_of<float> a(1), b(2);
    adam_trainer<float> t(a, {}, options);
    run(t, 0, 2);
    save_checkpoint(t, file);
    EXPECT_THROW(load(b, file), error);
    load(b, file, {.allow_surplus = true});
    EXPECT_EQ(bits_of(a.parameters()), bits_of(b.parameters()));
    EXPECT_EQ(bits_of(a.states()), bits_of(b.states()));
}

TEST_F(checkpoint, another_kind_of_trainer_is_refused_and_stays_as_it_was) {
    model_of<float> a(1), b(2);
    adam_trainer<float> t(a, {}, options), without_average(b, {}, {.seed = 9});
    sgd_trainer other(b);
    run(t, 0, 2);
    save_checkpoint(t, file);
    const auto parameters = bits_of(b.parameters());
    EXPECT_NE(message_of([&] { load_checkpoint(other, file); }).find("surplus ('trainer/average/0.bias', "),
              std::string::npos);
    EXPECT_NE(message_of([&] { load_checkpoint(without_average, file); }).find("6 surplus ('trainer/average/0.bias', "),
              std::string::npos);
    model_of<double> c(3);
    adam_trainer<double> wide(c, {}, options);
    EXPECT_NE(message_of([&] { load_checkpoint(wide, file); }).find("unfit ('0.weight' F32 (4, 6) for F64 (4, 6), "),
              std::string::npos);
    EXPECT_EQ(bits_of(b.parameters()), parameters);
    EXPECT_EQ(other.steps() + without_average.steps() + wide.steps(), 0);
    save(a, file);
    EXPECT_NE(message_of([&] { load_checkpoint(other, file); }).find("'trainer/steps'"), std::string::npos);
}

// the largest move of a parameter of the first layer in a step
template <class Trainer> double first_move(Trainer& t, double rate) {
    const std::vector<double> before(t.trained().parameters().begin(), t.trained().parameters().end());
    t.optimiser().weight_decay = 0;
    t.step(rate, std::vector<double>{1, -1, 2, 0.5, 0.3, 1, -2, 1}, std::vector<std::int32_t>{1, 2});
    double most = 0;
    for (const char* path : {"0.weight", "0.bias"}) {
        const auto now = t.trained().parameter(path);
        const auto at = static_cast<std::size_t>(now.data() - t.trained().parameters().data());
        for (std::size_t i = 0; i < now.size(); ++i) most = std::max(most, std::abs(now[i] - before[at + i]));
    }
    return most;
}

// without what tells how often each parameter was changed
void make_old(const fs::path& file) {
    const tensor_file all = read_safetensors(file);
    std::vector<tensor_entry> old;
    for (const tensor_entry& e : all.entries())
        if (!e.name.starts_with("trainer/updates/")) old.push_back(e);
    ASSERT_LT(old.size(), all.entries().size());
    write_safetensors(file, old);
}

// Adam divides its second moment by 1 - beta2^n, n the number of times that it was changed: by the steps of the whole
// run instead, the first step would be 2.5 times the rate after 1,000 of them
TEST_F(checkpoint, a_parameter_that_is_no_longer_frozen_begins_with_a_step_of_the_rate) {
    using free_trainer = trainer<model_of<double>, cross_entropy, adamw>;
    model_of<double> a(1);
    adam_trainer<double> frozen(a, {}, options);
    run(frozen, 0, 3);
    frozen.set_steps(1000);
    save_checkpoint(frozen, file);
    for (const bool old : {false, true}) {
        if (old) make_old(file);
        model_of<double> b(2);
        free_trainer t(b, {}, options);
        load_checkpoint(t, file);
        EXPECT_EQ(t.steps(), 1000);
        EXPECT_EQ(t.updates(0), 0);     // 0.weight
        EXPECT_EQ(t.updates(2), 1000);  // 1.weight
        const double most = first_move(t, 0.01);
        EXPECT_GT(most, 0.0099);
        EXPECT_LT(most, 0.0101);
        EXPECT_EQ(t.updates(0), 1);
    }
}

TEST_F(checkpoint, without_numbers_of_updates_is_resumed_as_well) {
    model_of<float> a(1), b(2);
    adam_trainer<float> first(a, {}, options), second(b, {}, options);
    run(first, 0, 3);
    save_checkpoint(first, file);
    make_old(file);
    load_checkpoint(second, file);
    EXPECT_EQ(run(first, 3, 5), run(second, 3, 5));
    EXPECT_EQ(everything(first), everything(second));
}

TEST_F(checkpoint, a_bad_number_of_updates_is_refused) {
    model_of<float> a(1);
    sgd_trainer t(a);
    t.set_updates(1, -3);
    save_checkpoint(t, file);
    t.set_updates(1, 7);
    EXPECT_EQ(message_of([&] { load_checkpoint(t, file); }),
              file.string() + ": tensor 'trainer/updates/0.bias': expected a number of updates, found -3");
    EXPECT_EQ(t.updates(1), 7);
}

TEST_F(checkpoint, a_bad_counter_is_refused) {
    model_of<float> a(1);
    sgd_trainer t(a);
    t.set_steps(-4);
    save_checkpoint(t, file);
    t.set_steps(5);
    const auto states = bits_of(a.states());
    EXPECT_EQ(message_of([&] { load_checkpoint(t, file); }),
              file.string() + ": tensor 'trainer/steps': expected a number of steps, found -4");
    EXPECT_EQ(t.steps(), 5);
    EXPECT_EQ(bits_of(a.states()), states);
}

TEST_F(checkpoint, replaces_the_file_before) {
    model_of<float> a(1);
    sgd_trainer t(a);
    save_checkpoint(t, file, {{"epoch", 1}});
    run(t, 0, 1);
    save_checkpoint(t, file, {{"epoch", 2}});
    EXPECT_EQ(load_checkpoint(t, file).at("epoch"), 2);
    EXPECT_EQ(t.steps(), 1);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
}

}  // namespace
