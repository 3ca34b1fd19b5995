#include <gtest/gtest.h>

#include <cmath>
#include <tessera/data/augment/augment.hpp>
#include <tessera/data/normalise_channels.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::dataset;
using tessera::normalise_channels;

// Two images of 1 x 2 x 2; channel 0 holds 1 2 3 4, channel 1 is constant.
dataset four_pixels() { return {{1, 5, 2, 5, 3, 5, 4, 5}, {0, 0}, {1, 2, 2}, {"a"}}; }

TEST(normalise_channels, measures_every_channel) {
    const normalise_channels scale = normalise_channels::of(four_pixels());
    EXPECT_EQ(scale.mean, (std::vector<float>{2.5F, 5}));
    EXPECT_EQ(scale.deviation, (std::vector<float>{std::sqrt(1.25F), 0}));
}

TEST(normalise_channels, brings_mean_to_0_and_deviation_to_1) {
    dataset data = four_pixels();
    normalise_channels::of(data)(data);
    const normalise_channels after = normalise_channels::of(data);
    EXPECT_NEAR(after.mean[0], 0, 1e-6);
    EXPECT_NEAR(after.deviation[0], 1, 1e-6);
    EXPECT_EQ(data.images[1], 0);  // the constant channel is centred
}

TEST(normalise_channels, is_exact_for_a_large_mean) {
    dataset data{{}, {}, {1, 1, 1}, {"a"}};
    for (int i = 0; i < 100000; ++i) {
        data.images.push_back(4096.0F + static_cast<float>(i % 2));
        data.labels.push_back(0);
    }
    EXPECT_EQ(normalise_channels::of(data).mean[0], 4096.5F);
    EXPECT_EQ(normalise_channels::of(data).deviation[0], 0.5F);
}

TEST(normalise_channels, stands_in_a_chain_of_augmentations) {
    dataset data = four_pixels();
    tessera::random_stream random(1);
    tessera::augment(normalise_channels{{1, 1}, {2, 2}})(data.image(0), data.extents, random);
    EXPECT_EQ(data.images, (std::vector<float>{0, 2, 0.5F, 2, 3, 5, 4, 5}));
}

TEST(normalise_channels, refuses_empty_data_and_other_channels) {
    EXPECT_EQ(tests::message_of([] { normalise_channels::of(dataset{{}, {}, {1, 1, 1}, {}}); }),
              "normalise_channels::of: expected at least one image, found none");
    dataset data = four_pixels();
    EXPECT_EQ(tests::message_of([&] { normalise_channels{{1}, {1}}(data); }),
              "normalise_channels: expected 1 channels, found 2");
}

}  // namespace
