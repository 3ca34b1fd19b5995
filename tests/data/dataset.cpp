#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <tessera/data/dataset.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::dataset;
using tests::message_of;

// Ten images of 1 x 2 x 1; image i is (i, i + 0.5) with label i % 3.
dataset ten() {
    dataset data{{}, {}, {1, 2, 1}, {"a", "b", "c"}};
    for (int i = 0; i < 10; ++i) {
        data.images.push_back(static_cast<float>(i));
        data.images.push_back(static_cast<float>(i) + 0.5F);
        data.labels.push_back(i % 3);
    }
    return data;
}

TEST(dataset, gives_images_by_position) {
    dataset data = ten();
    EXPECT_EQ(data.size(), 10U);
    EXPECT_EQ(data.classes(), 3U);
    ASSERT_EQ(data.image(4).size(), 2U);
    EXPECT_EQ(data.image(4)[1], 4.5F);
    data.image(4)[1] = 9;
    EXPECT_EQ(std::as_const(data).image(4)[1], 9);
    EXPECT_EQ(message_of([&] { data.image(10); }), "dataset::image: expected a position below 10, found 10");
}

TEST(dataset, check_accepts_what_holds_together) { EXPECT_NO_THROW(ten().check("here")); }

TEST(dataset, check_names_the_label_out_of_range) {
    dataset data = ten();
    data.labels[6] = 3;
    EXPECT_EQ(message_of([&] { data.check("here"); }), "here, sample 6: expected a label in 0..2, found 3");
    data.labels[6] = -1;
    EXPECT_EQ(message_of([&] { data.check("here"); }), "here, sample 6: expected a label in 0..2, found -1");
}

TEST(dataset, check_counts_the_values) {
    dataset data = ten();
    data.images.pop_back();
    EXPECT_EQ(message_of([&] { data.check("here"); }),
              "here: expected 10 images of 1 x 2 x 1, one a label, found 19 values");
    data.extents = {};
    EXPECT_EQ(message_of([&] { data.check("here"); }), "here: expected images of at least one value, found 0 x 0 x 0");
}

TEST(dataset, take_gives_the_first_samples) {
    const dataset first = ten().take(3);
    EXPECT_EQ(first.labels, (std::vector<std::int32_t>{0, 1, 2}));
    EXPECT_EQ(first.images, (std::vector<float>{0, 0.5F, 1, 1.5F, 2, 2.5F}));
    EXPECT_EQ(ten().take(99).size(), 10U);
    EXPECT_EQ(ten().take(0).size(), 0U);
}

TEST(dataset, select_may_repeat) {
    const std::vector<std::size_t> positions{7, 7, 1};
    const dataset part = ten().select(positions);
    EXPECT_EQ(part.labels, (std::vector<std::int32_t>{1, 1, 1}));
    EXPECT_EQ(part.images, (std::vector<float>{7, 7.5F, 7, 7.5F, 1, 1.5F}));
    EXPECT_EQ(part.class_names, ten().class_names);
}

TEST(dataset, split_parts_are_disjoint_and_whole) {
    const auto [first, second] = ten().split(0.7, 1);
    EXPECT_EQ(first.size(), 7U);
    EXPECT_EQ(second.size(), 3U);
    std::set<float> seen;
    for (const dataset* part : {&first, &second})
        for (std::size_t i = 0; i < part->size(); ++i) {
            const float pixel = part->image(i)[0];
            seen.insert(pixel);
            EXPECT_EQ(part->labels[i], static_cast<int>(pixel) % 3);
        }
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_EQ(ten().split(0.7, 1).first.images, first.images);
    EXPECT_NE(ten().split(0.7, 2).first.images, first.images);
    EXPECT_EQ(message_of([] { ten().split(1.5, 0); }), "dataset::split: expected a fraction in 0..1, found 1.500000");
}

TEST(dataset, shuffled_depends_on_seed_and_epoch) {
    const dataset data = ten();
    EXPECT_EQ(data.shuffled(1, 2), data.shuffled(1, 2));
    EXPECT_NE(data.shuffled(1, 2), data.shuffled(1, 3));
    EXPECT_NE(data.shuffled(1, 2), data.shuffled(2, 2));
}

}  // namespace
