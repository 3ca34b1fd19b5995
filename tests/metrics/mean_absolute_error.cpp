#include <gtest/gtest.h>

#include <tessera/error/error.hpp>
#include <tessera/metrics/mean_absolute_error.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
const floats predictions{2.5f, 0.0f, 2.0f, 8.0f};
const floats targets{3.0f, -0.5f, 2.0f, 7.0f};

TEST(mean_absolute_error, is_the_mean_of_distances) {
    EXPECT_DOUBLE_EQ(tessera::mean_absolute_error(predictions, targets), 0.5);
    EXPECT_THROW(tessera::mean_absolute_error(floats(2), floats(3)), tessera::error);
}

}  // namespace
