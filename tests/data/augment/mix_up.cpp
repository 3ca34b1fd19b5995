#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <tessera/data/augment/mix_up.hpp>
#include <vector>

#include "../files.hpp"

namespace {

using tessera::mix_up;
using tessera::random_stream;

TEST(mix_up, blends_images_and_targets_with_one_weight) {
    // Image i is the one-hot code of its own label, so that a mixed image must equal its target.
    const std::vector<std::int32_t> labels{0, 1, 2, 3};
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::vector<float> images{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, targets(16, 7.0F);
        random_stream random(seed);
        mix_up{.alpha = 1.0}(images, labels, 4, targets, random);
        for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(images[i], targets[i], 1e-6);
        for (std::size_t i = 0; i < 4; ++i)
            EXPECT_NEAR(std::accumulate(targets.begin() + static_cast<std::ptrdiff_t>(4 * i),
                                        targets.begin() + static_cast<std::ptrdiff_t>(4 * i + 4), 0.0F),
                        1, 1e-6);
    }
}

TEST(mix_up, the_weight_follows_the_beta_distribution) {
    // Beta(a, a) has mean 1/2 and variance 1 / (4 (2 a + 1)).
    for (const double alpha : {0.05, 0.2, 1.0, 4.0}) {
        random_stream random(3);
        double sum = 0, squares = 0;
        constexpr int count = 50000;
        for (int i = 0; i < count; ++i) {
            const double w = mix_up{alpha}.weight(random);
            ASSERT_GE(w, 0);
            ASSERT_LE(w, 1);
            sum += w;
            squares += (w - 0.5) * (w - 0.5);
        }
        EXPECT_NEAR(sum / count, 0.5, 0.01) << alpha;
        EXPECT_NEAR(squares / count, 1 / (4 * (2 * alpha + 1)), 0.004) << alpha;
    }
}

TEST(mix_up, refuses_what_does_not_agree) {
    std::vector<float> images(4), targets(4);
    random_stream random(1);
    const auto message = [&](mix_up mix, std::vector<std::int32_t> labels) {
        return tests::message_of([&] { mix(images, labels, 2, targets, random); });
    };
    EXPECT_EQ(message({.alpha = 0}, {0, 1}), "mix_up: expected a positive alpha, found 0.000000");
    EXPECT_EQ(message({}, {0, 2}), "mix_up: expected labels below 2, found 2");
    EXPECT_EQ(message({}, {0, 1, 1}), "mix_up: expected 3 images and as many targets of 2, found 4 and 4 values");
}

}  // namespace
