#include <tessera/train/optimiser/moving_average.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(moving_average, equals_the_reference) {
    const reference_case wanted("optimiser_sgd_moving_average");
    auto average = wanted.numbers("average.0");
    for (int k = 1; k <= 10; ++k) {
        const auto parameter = wanted.numbers("parameter." + std::to_string(k));
        moving_average{.decay = 0.9}.update(std::span<double>(average), std::span<const double>(parameter));
        expect_near(average, wanted.numbers("average." + std::to_string(k)));
    }
}

}  // namespace
}  // namespace tessera
