#include <gtest/gtest.h>

#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../../networks/vision_transformer.hpp"
#include "plan_check.hpp"

namespace {

using namespace tessera;
using networks::vision_transformer;

TEST(plans, vision_transformer_inference) {
    plans::expect_good_plan<program<vision_transformer, backend::simd>>("vision_transformer, inference");
}
TEST(plans, vision_transformer_training) {
    plans::expect_good_plan<program<vision_transformer, backend::simd, batch<8>, float, training<cross_entropy>>>(
        "vision_transformer, training with 8 samples");
}

}  // namespace
