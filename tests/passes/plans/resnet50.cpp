#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/resnet.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::resnet50;

TEST(plans, resnet50_inference) { plans::expect_good_plan<program<resnet50, backend::simd>>("resnet50, inference"); }
TEST(plans, resnet50_training) {
    plans::expect_good_plan<program<resnet50, backend::simd, batch<8>, float, training<cross_entropy>>>(
        "resnet50, training with 8 samples");
}

}  // namespace
