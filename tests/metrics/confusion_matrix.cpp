#include <gtest/gtest.h>

#include <cstdint>
#include <tessera/error/error.hpp>
#include <tessera/metrics/confusion_matrix.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
using labels = std::vector<std::int32_t>;
using tessera::confusion_matrix;

// truth \ prediction   0  1  2  3
//                  0   2  1  0  0
//                  1   1  1  0  0
//                  2   0  1  0  0
//                  3   0  0  0  0
confusion_matrix example() {
    confusion_matrix confusion(4);
    confusion.add(labels{0, 0, 0, 1, 1, 2}, labels{0, 0, 1, 0, 1, 1});
    return confusion;
}

TEST(confusion_matrix, counts_truth_by_prediction) {
    const confusion_matrix confusion = example();
    EXPECT_EQ(confusion.count(0, 0), 2);
    EXPECT_EQ(confusion.count(0, 1), 1);
    EXPECT_EQ(confusion.count(1, 0), 1);
    EXPECT_EQ(confusion.count(2, 1), 1);
    EXPECT_EQ(confusion.count(1, 2), 0);
    EXPECT_EQ(confusion.total(), 6);
    EXPECT_DOUBLE_EQ(confusion.accuracy(), 0.5);
}

TEST(confusion_matrix, rates_each_class) {
    const confusion_matrix confusion = example();
    EXPECT_DOUBLE_EQ(confusion.of(0).precision, 2.0 / 3);
    EXPECT_DOUBLE_EQ(confusion.of(0).recall, 2.0 / 3);
    EXPECT_DOUBLE_EQ(confusion.of(0).f1, 2.0 / 3);
    EXPECT_DOUBLE_EQ(confusion.of(1).precision, 1.0 / 3);
    EXPECT_DOUBLE_EQ(confusion.of(1).recall, 1.0 / 2);
    EXPECT_DOUBLE_EQ(confusion.of(1).f1, 2.0 / 5);
}

TEST(confusion_matrix, empty_quotients_are_zero) {
    const confusion_matrix confusion = example();
    for (const std::size_t c : {2u, 3u}) {  // never predicted; never seen at all
        EXPECT_EQ(confusion.of(c).precision, 0.0);
        EXPECT_EQ(confusion.of(c).recall, 0.0);
        EXPECT_EQ(confusion.of(c).f1, 0.0);
    }
    const confusion_matrix empty(2);
    EXPECT_EQ(empty.accuracy(), 0.0);
    EXPECT_EQ(empty.macro().f1, 0.0);
    EXPECT_EQ(empty.micro().f1, 0.0);
}

TEST(confusion_matrix, averages_over_classes_that_occur_and_over_decisions) {
    const confusion_matrix confusion = example();  // three classes occur
    EXPECT_DOUBLE_EQ(confusion.macro().precision, (2.0 / 3 + 1.0 / 3) / 3);
    EXPECT_DOUBLE_EQ(confusion.macro().recall, (2.0 / 3 + 1.0 / 2) / 3);
    EXPECT_DOUBLE_EQ(confusion.macro().f1, (2.0 / 3 + 2.0 / 5) / 3);
    EXPECT_DOUBLE_EQ(confusion.micro().precision, 0.5);
    EXPECT_DOUBLE_EQ(confusion.micro().recall, 0.5);
    EXPECT_DOUBLE_EQ(confusion.micro().f1, 0.5);
}

TEST(confusion_matrix, takes_scores_and_sums_up) {
    confusion_matrix confusion(2), other(2);
    confusion.add_scores(floats{.1f, .9f, .5f, .5f}, labels{1, 1});  // a tie: class 0
    other.add_scores(floats{3, 2}, labels{0});
    confusion += other;
    EXPECT_EQ(confusion.count(1, 1), 1);
    EXPECT_EQ(confusion.count(1, 0), 1);
    EXPECT_EQ(confusion.count(0, 0), 1);
    EXPECT_EQ(confusion.total(), 3);
}

TEST(confusion_matrix, bad_input_adds_nothing) {
    confusion_matrix confusion(2);
    EXPECT_THROW(confusion.add(labels{0, 1}, labels{0}), tessera::error);
    EXPECT_THROW(confusion.add(labels{0, 1}, labels{0, 2}), tessera::error);
    EXPECT_THROW(confusion.add(labels{0, -1}, labels{0, 0}), tessera::error);
    EXPECT_THROW(confusion.add_scores(floats(4), labels{0, 2}), tessera::error);
    EXPECT_THROW(confusion += confusion_matrix(3), tessera::error);
    EXPECT_EQ(confusion.total(), 0);
    EXPECT_THROW(confusion.count(2, 0), tessera::error);
    EXPECT_THROW(confusion.of(2), tessera::error);
    EXPECT_THROW(confusion_matrix(0), tessera::error);
    EXPECT_THROW(confusion_matrix(1u << 31), tessera::error);
}

TEST(confusion_matrix, leaves_out_an_ignored_label) {
    tessera::confusion_matrix m(2, 255);
    m.add(std::vector<std::int32_t>{0, 255, 1}, std::vector<std::int32_t>{0, 7, 0});
    m.add_scores(std::vector<float>{0, 1, 0, 1}, std::vector<std::int32_t>{255, 1});
    m.add_scores(std::vector<float>{0, 1}, std::vector<std::int32_t>{255});
    EXPECT_EQ(m.total(), 3);
    EXPECT_EQ(m.count(0, 0) + m.count(1, 0) + m.count(1, 1), 3);
    EXPECT_THROW(m.add(std::vector<std::int32_t>{254}, std::vector<std::int32_t>{0}), tessera::error);
}

}  // namespace
