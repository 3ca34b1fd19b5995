#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/densenet.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::densenet_block;

TEST(plans, densenet_block_inference) {
    plans::expect_good_plan<program<densenet_block, backend::simd>>("densenet_block, inference");
}
TEST(plans, densenet_block_training) {
    plans::expect_good_plan<program<densenet_block, backend::simd, batch<32>, float, training<cross_entropy>>>(
        "densenet_block, training with 32 samples");
}

}  // namespace
