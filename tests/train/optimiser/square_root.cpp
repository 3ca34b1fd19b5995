#include <tessera/train/optimiser/square_root.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {

using namespace detail;
namespace {

TEST(square_root, is_exact) {
    for (float x : {0.0f, 1e-40f, 2.0f, 1e30f}) EXPECT_EQ(square_root(x), std::sqrt(x));
    for (double x : {0.0, 1e-310, 2.0, 1e300}) EXPECT_EQ(square_root(x), std::sqrt(x));
}

}  // namespace
}  // namespace tessera
