#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/unet.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::unet;

TEST(plans, unet_inference) { plans::expect_good_plan<program<unet, backend::simd>>("unet, inference"); }
TEST(plans, unet_training) {
    plans::expect_good_plan<program<unet, backend::simd, batch<8>, float, training<cross_entropy>>>(
        "unet, training with 8 samples");
}

}  // namespace
