#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/lenet.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::lenet;

TEST(plans, lenet_inference) { plans::expect_good_plan<program<lenet, backend::simd>>("lenet, inference"); }
TEST(plans, lenet_training) {
    plans::expect_good_plan<program<lenet, backend::simd, batch<64>, float, training<cross_entropy>>>(
        "lenet, training with 64 samples");
}

}  // namespace
