#include <tessera/train/optimiser/clip_by_value.hpp>

#include <gtest/gtest.h>

#include <limits>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(clip_by_value, brings_elements_to_the_limit) {
    std::vector<float> g{-3, -0.5f, 0, 0.5f, 3, std::numeric_limits<float>::infinity()};
    clip_by_value(std::span<float>(g), 1);
    EXPECT_EQ(g, (std::vector<float>{-1, -0.5f, 0, 0.5f, 1, 1}));
}

TEST(clip_by_value, keeps_what_is_not_a_number) {
    std::vector<double> g{std::numeric_limits<double>::quiet_NaN()};
    clip_by_value(std::span<double>(g), 1);
    EXPECT_TRUE(std::isnan(g[0]));
}

}  // namespace
}  // namespace tessera
