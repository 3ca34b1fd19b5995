// What a user pays for a ResNet-50 that is trained.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

#include "../../tests/networks/resnet.hpp"

using namespace tessera;
using classifier = model<networks::resnet50, backend::simd, batch<32>>;

float step(trainer<classifier, cross_entropy, sgd>& t, std::span<const float> images, std::span<const int> labels) {
    return t.step(0.1, images, labels);
}
