#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/vgg16.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::vgg16;

TEST(plans, vgg16_inference) { plans::expect_good_plan<program<vgg16, backend::simd>>("vgg16, inference"); }
TEST(plans, vgg16_training) {
    plans::expect_good_plan<program<vgg16, backend::simd, batch<8>, float, training<cross_entropy>>>(
        "vgg16, training with 8 samples");
}

}  // namespace
