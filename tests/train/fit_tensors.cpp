// fit and evaluate for any network and loss: regression, sequences, several inputs and outputs.
#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <ranges>
#include <sstream>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/data/data_loader.hpp>
#include <tessera/data/tensor_loader.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/io/checkpoint.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/fit.hpp>
#include <tessera/train/loss/huber.hpp>
#include <tessera/train/loss/l1.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/adam.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/progress_bar.hpp>
#include <tessera/train/schedule/constant_rate.hpp>
#include <tuple>
#include <vector>

namespace {

using namespace tessera;
using tests::message_of;

template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

// y = (sin x0, x0 x1), of 2 numbers
template <class Real = float> tensor_dataset<Real, Real> curves(std::size_t count, std::uint64_t seed) {
    std::vector<Real> x, y;
    random_stream random(seed);
    for (std::size_t i = 0; i < count; ++i) {
        const float a = random.uniform(-2, 2), b = random.uniform(-1, 1);
        x.insert(x.end(), {static_cast<Real>(a), static_cast<Real>(b)});
        y.insert(y.end(), {static_cast<Real>(std::sin(a)), static_cast<Real>(a * b)});
    }
    return tensor_dataset(count, std::move(x), std::move(y));
}

struct curve : network<(dense<24> >> layer<tanh> >> dense<2>), in<"x", shape<2>>> {};

template <class Loss> void expect_learnt() {
    const auto data = curves(256, 1), unseen = curves(64, 2);
    const tensor_loader loader(data, {.size = 32, .seed = 3});
    model<curve, backend::simd, batch<32>> m(1);
    trainer<decltype(m), Loss, adam> t(m);
    const double before = evaluate<Loss>(m, unseen).loss;
    const fit_result r = fit(t, loader, unseen, constant_rate{0.01}, {.epochs = 60});
    EXPECT_EQ(t.steps(), 60 * 8);
    EXPECT_LT(r.epochs.back().validation_loss, 0.2 * before);
    EXPECT_EQ(r.epochs.back().validation_loss, evaluate<Loss>(m, unseen).loss);
    EXPECT_TRUE(std::isnan(r.epochs.back().accuracy));
    EXPECT_TRUE(std::isnan(r.epochs.back().validation_accuracy));
}

TEST(fit_tensors, learns_a_regression) {
    expect_learnt<squared_error>();
    expect_learnt<l1>();
    expect_learnt<huber<>>();
}

TEST(fit_tensors, learns_in_double) {
    const auto data = curves<double>(128, 1);
    model<curve, backend::scalar, batch<16>, double> m(1);
    trainer<decltype(m), squared_error, adam> t(m);
    const fit_result r =
        fit(t, tensor_loader(data, {.size = 16, .queue = 0}), no_validation{}, constant_rate{0.01}, {.epochs = 30});
    EXPECT_LT(r.epochs.back().loss, 0.2 * r.epochs.front().loss);
}

// the running sum of a sequence: targets of two axes
struct sums : network<(gru<12> >> dense<1>), shape<6, 1>> {};

TEST(fit_tensors, learns_sequence_to_sequence) {
    std::vector<float> x, y;
    random_stream random(4);
    for (int i = 0; i < 200; ++i) {
        float sum = 0;
        for (int t = 0; t < 6; ++t) {
            x.push_back(random.uniform(-0.5F, 0.5F));
            y.push_back(sum += x.back());
        }
    }
    const tensor_dataset data(200, std::move(x), std::move(y));
    const auto [seen, unseen] = data.split(0.8, 1);
    model<sums, backend::simd, batch<16>> m(1);
    trainer<decltype(m), squared_error, adam> t(m);
    const double before = evaluate<squared_error>(m, unseen).loss;
    fit(t, tensor_loader(seen, {.size = 16}), unseen, constant_rate{0.01}, {.epochs = 40});
    EXPECT_LT(evaluate<squared_error>(m, unseen).loss, 0.1 * before);
}

// each token's successor, where 3 of the 5 tokens have one: inputs of int32, labels of a position each
struct tokens : network<(embedding<5, 8> >> dense<5>), in<"x", shape<4>, int32>> {};
using ignoring = cross_entropy_with<ignore_label<-1>>;

tensor_dataset<std::int32_t, std::int32_t> successors(std::size_t count) {
    std::vector<std::int32_t> x, y;
    for (std::size_t i = 0; i < 4 * count; ++i) {
        x.push_back(static_cast<std::int32_t>((i * i + i / 7) % 5));
        y.push_back(x.back() < 3 ? x.back() + 1 : -1);
    }
    return tensor_dataset(count, std::move(x), std::move(y));
}

TEST(fit_tensors, labels_of_positions_have_an_accuracy) {
    const auto data = successors(30);
    model<tokens, backend::simd, batch<8>> m(1), again(1);
    trainer<decltype(m), ignoring, sgd> t(m), by_hand(again);
    const tensor_loader loader(data, {.size = 8, .queue = 0});
    const fit_result first = fit(t, loader, no_validation{}, constant_rate{0.5}, {.epochs = 1});
    double loss = 0;
    long right = 0, counted = 0;
    for (const auto& b : loader.epoch(0)) {
        const auto& [x, y] = b.data;
        const double mean = static_cast<double>(by_hand.step(0.5, x, y));
        const auto out = by_hand.output();
        long here = 0;
        for (std::size_t p = 0; p < y.size(); ++p) {
            if (y[p] < 0) continue;
            ++here;
            int best = 0;
            for (int c = 1; c < 5; ++c)
                if (out[5 * p + static_cast<std::size_t>(c)] > out[5 * p + static_cast<std::size_t>(best)]) best = c;
            right += best == y[p];
        }
        loss += mean * static_cast<double>(here);
        counted += here;
    }
    EXPECT_LT(counted, 120);
    EXPECT_DOUBLE_EQ(first.epochs[0].loss, loss / static_cast<double>(counted));
    EXPECT_DOUBLE_EQ(first.epochs[0].accuracy, static_cast<double>(right) / static_cast<double>(counted));
    EXPECT_EQ(copy_of(m.parameters()), copy_of(again.parameters()));
    fit(t, loader, data, constant_rate{0.5}, {.epochs = 60});
    EXPECT_EQ(evaluate<ignoring>(m, data).accuracy, 1);
}

// reals and tokens, to two outputs with a target each
inline constexpr auto joined = [](value x, value token) {
    const value h = (dense<16> >> layer<tanh>)(concatenate({x, embedding<4, 3>(token)}));
    return values{dense<1>(h), dense<2>(h)};
};
struct pair_of_inputs : network<joined, in<"x", shape<2>>, in<"token", shape<>, int32>> {};
struct both {
    static constexpr value apply(graph& g, const values& y) {
        return squared_error::apply(g, {y[0]}) + 0.5 * cross_entropy::apply(g, {y[1]});
    }
};

tensor_dataset<float, std::int32_t, float, std::int32_t> mixed(std::size_t count) {
    std::vector<float> x, y;
    std::vector<std::int32_t> token, side;
    random_stream random(9);
    for (std::size_t i = 0; i < count; ++i) {
        x.insert(x.end(), {random.uniform(-1, 1), random.uniform(-1, 1)});
        token.push_back(static_cast<std::int32_t>(i % 4));
        y.push_back(x[2 * i] * static_cast<float>(token.back()) / 2);
        side.push_back(x[2 * i + 1] > 0);
    }
    return tensor_dataset(count, std::move(x), std::move(token), std::move(y), std::move(side));
}

TEST(fit_tensors, learns_of_two_inputs_and_two_outputs) {
    const auto data = mixed(160);
    model<pair_of_inputs, backend::simd, batch<16>> m(1);
    trainer<decltype(m), both, adam> t(m);
    const double before = evaluate<both>(m, data).loss;
    const fit_result r = fit(t, tensor_loader(data, {.size = 16}), data, constant_rate{0.01}, {.epochs = 60});
    EXPECT_LT(r.epochs.back().validation_loss, 0.15 * before);
    EXPECT_TRUE(std::isnan(r.epochs.back().accuracy));  // labels of one output of two are not the network's
}

// 20 samples in batches of 8, 8, 4: the mean is over samples, not over batches
TEST(fit_tensors, an_uneven_last_batch_weighs_by_its_samples) {
    const auto data = curves(20, 1);
    model<curve, backend::scalar, batch<8>> m(1), again(1);
    trainer<decltype(m), squared_error, sgd> t(m), by_hand(again);
    const tensor_loader loader(data, {.size = 8, .queue = 0, .seed = 2});
    const fit_result r = fit(t, loader, no_validation{}, constant_rate{0.01}, {.epochs = 1});
    double loss = 0;
    std::size_t samples = 0;
    for (const auto& b : loader.epoch(0)) {
        loss += static_cast<double>(by_hand.step(0.01, std::get<0>(b.data), std::get<1>(b.data))) *
                static_cast<double>(b.count);
        samples += b.count;
    }
    EXPECT_EQ(samples, 20U);
    EXPECT_DOUBLE_EQ(r.epochs[0].loss, loss / 20);
    EXPECT_EQ(copy_of(m.parameters()), copy_of(again.parameters()));
}

template <class Backend, int Capacity> double loss_in_pieces_of() {
    const auto data = curves(20, 1);
    const model<curve, Backend, batch<Capacity>> m(1);  // for reading
    return evaluate<squared_error>(m, data).loss;
}

TEST(evaluate_tensors, in_batches_of_any_size) {
    const auto data = curves(20, 1);
    model<curve, backend::scalar> one(1);
    double wanted = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        const auto y = one(std::get<0>(data.batch(i, 1).data));
        const auto t = std::get<1>(data.batch(i, 1).data);
        for (std::size_t k = 0; k < 2; ++k)
            wanted += std::pow(static_cast<double>(y[k]) - static_cast<double>(t[k]), 2);
    }
    wanted /= 40;
    EXPECT_NEAR((loss_in_pieces_of<backend::scalar, 1>()), wanted, 1e-6);
    EXPECT_NEAR((loss_in_pieces_of<backend::scalar, 3>()), wanted, 1e-6);
    EXPECT_NEAR((loss_in_pieces_of<backend::simd, 20>()), wanted, 1e-6);
    EXPECT_NEAR((loss_in_pieces_of<backend::simd, 64>()), wanted, 1e-6);
    // a loader's batches
    model<curve, backend::scalar, batch<8>> m(1);
    EXPECT_NEAR(evaluate<squared_error>(m, tensor_loader(data, {.size = 7})).loss, wanted, 1e-6);
}

struct classes : network<dense<3>, shape<2>> {};

TEST(evaluate_tensors, gives_a_classifier_what_its_data_set_does) {
    const dataset images{
        {2, 0, 0, 1, -1, -2, 3, 1, 1, 4, -1, 1, 0.5F, 0.25F}, {0, 1, 2, 1, 1, 2, 0}, {1, 1, 2}, {"a", "b", "c"}};
    const tensor_dataset arrays(7, images.images, images.labels);
    model<classes, backend::simd, batch<3>> m(5), again(5);
    const evaluation wanted = evaluate(m, images);
    EXPECT_EQ(evaluate(m, arrays).loss, wanted.loss);
    EXPECT_EQ(evaluate(m, arrays).accuracy, wanted.accuracy);
    EXPECT_NEAR(evaluate(m, data_loader(images, {.size = 3})).loss, wanted.loss, 1e-6);
    trainer<decltype(m), cross_entropy, sgd> t(m), other(again);
    const fit_result a = fit(t, data_loader(images, {.size = 3, .seed = 1}), images, constant_rate{0.1}, {.epochs = 3});
    const fit_result b =
        fit(other, tensor_loader(arrays, {.size = 3, .seed = 1}), arrays, constant_rate{0.1}, {.epochs = 3});
    for (std::size_t e = 0; e < 3; ++e) {
        EXPECT_EQ(a.epochs[e].loss, b.epochs[e].loss);
        EXPECT_EQ(a.epochs[e].accuracy, b.epochs[e].accuracy);
        EXPECT_EQ(a.epochs[e].validation_loss, b.epochs[e].validation_loss);
        EXPECT_EQ(a.epochs[e].validation_accuracy, b.epochs[e].validation_accuracy);
    }
    EXPECT_EQ(copy_of(m.parameters()), copy_of(again.parameters()));
}

// a loader and a batch of one's own: nothing of the library's
struct own_batch {
    std::tuple<std::vector<float>, std::array<float, 4>> data;
    int count;
};
struct own_loader {
    std::size_t size() const { return 3; }
    auto epoch(std::uint32_t number) const {  // a batch that is made as it is asked for
        return std::views::iota(0, 3) | std::views::transform([number](int i) {
                   const auto e = static_cast<float>(number), f = static_cast<float>(i);
                   return own_batch{{{e, f, 2, 3}, {1, 2, 3, 4}}, 2};
               });
    }
};

TEST(fit_tensors, takes_loaders_of_ones_own) {
    model<curve, backend::scalar, batch<2>> m(1);
    trainer<decltype(m), squared_error, sgd> t(m);
    const fit_result r = fit(t, own_loader{}, own_loader{}, constant_rate{0.01}, {.epochs = 2});
    EXPECT_EQ(t.steps(), 6);
    EXPECT_TRUE(std::isfinite(r.epochs[1].validation_loss));
}

struct noisy : network<(dense<8> >> batch_norm >> relu >> dropout<0.2> >> dense<2>), shape<2>> {};

TEST(fit_tensors, a_resumed_run_repeats_an_uninterrupted_one) {
    const tests::temporary_folder folder;
    const std::filesystem::path file = folder.path() / "run";
    const auto data = curves(50, 1);
    const tensor_loader loader(
        data, {.size = 8, .seed = 5, .augment = [](std::span<float> x, std::span<float>, random_stream& random) {
                   for (float& v : x) v += random.uniform(-0.01F, 0.01F);
               }});
    using small = model<noisy, backend::simd, batch<8>>;
    using small_trainer = trainer<small, huber<>, adam>;
    small whole(1), before(1), after(9);
    small_trainer uninterrupted(whole), first(before), second(after);
    const fit_result a = fit(uninterrupted, loader, data, constant_rate{0.01}, {.epochs = 4});
    fit(first, loader, data, constant_rate{0.01}, {.epochs = 2});
    save_checkpoint(first, file, {{"epoch", 2}});
    const int epoch = static_cast<int>(load_checkpoint(second, file).at("epoch"));
    const fit_result b = fit(second, loader, data, constant_rate{0.01}, {.epochs = 4, .first_epoch = epoch});
    EXPECT_EQ(a.epochs[3].loss, b.epochs[1].loss);
    EXPECT_EQ(a.epochs[3].validation_loss, b.epochs[1].validation_loss);
    EXPECT_EQ(copy_of(whole.parameters()), copy_of(after.parameters()));
    EXPECT_EQ(copy_of(whole.states()), copy_of(after.states()));
}

TEST(fit_tensors, the_progress_bar_shows_no_accuracy_where_there_is_none) {
    const auto data = curves(16, 1);
    model<curve, backend::scalar, batch<8>> m(1);
    trainer<decltype(m), squared_error, sgd> t(m);
    std::ostringstream out;
    fit(t, tensor_loader(data, {.size = 8}), data, constant_rate{0.01}, {.epochs = 1}, progress_bar(out, true));
    EXPECT_NE(out.str().find("validation "), std::string::npos) << out.str();
    EXPECT_EQ(out.str().find("accuracy"), std::string::npos) << out.str();
    EXPECT_EQ(out.str().find('%'), std::string::npos) << out.str();
    EXPECT_EQ(out.str().find("nan"), std::string::npos) << out.str();
}

TEST(fit_tensors, says_what_does_not_fit) {
    model<curve, backend::scalar, batch<8>> m(1);
    trainer<decltype(m), squared_error, sgd> t(m);
    const auto data = curves(12, 1);
    const auto message = [&](const auto& loader, const auto& validation) {
        return message_of([&] { fit(t, loader, validation, constant_rate{0.1}, {.epochs = 1}); });
    };
    EXPECT_EQ(message(tensor_loader(data, {.size = 9}), no_validation{}),
              "fit: epoch 0, batch 0: expected 1 to 8 samples, the capacity of the model, found 9");
    const tensor_dataset wide(2, std::vector<float>(6), std::vector<float>(4));
    EXPECT_EQ(message(tensor_loader(wide), no_validation{}),
              "fit: epoch 0, batch 0, input 'x': expected 2 samples of 2 values, (2), found 6 values");
    const tensor_dataset short_targets(2, std::vector<float>(4), std::vector<float>(2));
    EXPECT_EQ(message(tensor_loader(short_targets), no_validation{}),
              "fit: epoch 0, batch 0, input 'targets': expected 2 samples of 2 values, (2), found 2 values");
    EXPECT_EQ(message(tensor_loader(data, {.size = 8}), short_targets),
              "fit: validation, input 'targets': expected 2 samples of 2 values, (2), found 2 values");
    const auto none = data.take(0);
    EXPECT_EQ(message(tensor_loader(data, {.size = 8}), none),
              "fit: validation: expected at least one sample, found none");
    EXPECT_EQ(message(tensor_loader(none), no_validation{}),
              "fit: epoch 0, batch 0: expected at least one sample, found none");
    EXPECT_EQ(t.steps(), 0);
    EXPECT_EQ(message_of([&] { evaluate<squared_error>(m, wide); }),
              "evaluate: batch 0, input 'x': expected 2 samples of 2 values, (2), found 6 values");
    EXPECT_EQ(message_of([&] { evaluate<squared_error>(m, none); }),
              "evaluate: expected at least one sample, found none");
}

// an index is refused before anything reads by it
TEST(fit_tensors, refuses_an_index_outside_its_table) {
    model<tokens, backend::scalar, batch<8>> m(1);
    trainer<decltype(m), ignoring, sgd> t(m);
    const std::vector<std::int32_t> good(8, 2);
    std::vector<std::int32_t> bad = good;
    bad[5] = 5;
    const tensor_dataset token(2, bad, good), label(2, good, bad);
    EXPECT_EQ(
        message_of([&] { fit(t, tensor_loader(token, {.shuffle = false}), no_validation{}, constant_rate{0.1}); }),
        "fit: epoch 0, batch 0, input 'x', element 5: expected an index below 5, found 5");
    EXPECT_EQ(
        message_of([&] { fit(t, tensor_loader(label, {.shuffle = false}), no_validation{}, constant_rate{0.1}); }),
        "fit: epoch 0, batch 0, input 'labels', element 5: expected an index below 5, found 5");
    EXPECT_EQ(message_of([&] { evaluate<ignoring>(m, token); }),
              "evaluate: batch 0, input 'x', element 5: expected an index below 5, found 5");
    const tensor_dataset none(2, good, std::vector<std::int32_t>(8, -1));
    EXPECT_EQ(message_of([&] { evaluate<ignoring>(m, none); }),
              "evaluate: expected at least one label that counts, found none");
    EXPECT_EQ(t.steps(), 0);
}

}  // namespace
