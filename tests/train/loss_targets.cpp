#include "../message_of.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/hinge.hpp>
#include <tessera/train/loss/soft_cross_entropy.hpp>
#include <tessera/train/loss_targets.hpp>
#include <vector>

namespace {

using namespace tessera;
using tests::message_of;

constexpr std::array<std::int32_t, 3> labels{2, 0, 1};
constexpr std::array<float, 9> mixture{0, 0.25F, 0.75F, 1, 0, 0, 0.5F, 0.5F, 0};

sample_batch plain() { return {{}, labels, {}, 3, 0}; }
sample_batch mixed() { return {{}, labels, mixture, 3, 0}; }

constexpr auto copied = [](const auto& s) { return std::vector<double>(s.begin(), s.end()); };

TEST(loss_targets, are_labels_for_a_loss_that_takes_them) {
    loss_targets<cross_entropy> targets(3);
    EXPECT_EQ(targets.with(plain(), copied), (std::vector<double>{2, 0, 1}));
    EXPECT_EQ(message_of([&] { targets.with(mixed(), copied); }),
              "batch: expected labels, as the loss takes them, found mixed targets");
}

TEST(loss_targets, are_rows_of_ones_and_zeros_for_others) {
    loss_targets<soft_cross_entropy> targets(3);
    EXPECT_EQ(targets.with(plain(), copied), (std::vector<double>{0, 0, 1, 1, 0, 0, 0, 1, 0}));
    EXPECT_EQ(targets.with(mixed(), copied), std::vector<double>(mixture.begin(), mixture.end()));
    EXPECT_EQ(targets.with(plain(), copied), (std::vector<double>{0, 0, 1, 1, 0, 0, 0, 1, 0}));
}

TEST(loss_targets, are_signs_for_a_loss_that_asks_for_them) {
    loss_targets<hinge> targets(3);
    EXPECT_EQ(targets.with(plain(), copied), (std::vector<double>{-1, -1, 1, 1, -1, -1, -1, 1, -1}));
    EXPECT_EQ(targets.with(mixed(), copied), (std::vector<double>{-1, -0.5, 0.5, 1, -1, -1, 0, 0, -1}));
    EXPECT_EQ(targets.with(plain(), copied), (std::vector<double>{-1, -1, 1, 1, -1, -1, -1, 1, -1}));
}

struct unmarked {};

TEST(loss_targets, a_loss_without_a_mark_takes_labels) {
    static_assert(loss_targets<unmarked>::takes_labels());
    static_assert(!loss_targets<soft_cross_entropy>::takes_labels());
}

TEST(loss_targets, refuses_what_does_not_fit_the_classes) {
    loss_targets<cross_entropy> two(2);
    EXPECT_EQ(message_of([&] { two.with(plain(), copied); }), "batch, sample 0: expected a label below 2, found 2");
    loss_targets<soft_cross_entropy> four(4);
    EXPECT_EQ(message_of([&] { four.with(mixed(), copied); }),
              "batch: expected 3 targets of 4 classes, found 9 numbers");
}

}  // namespace
