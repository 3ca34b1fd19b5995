// What a user pays for a LeNet that is trained.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

#include "../../tests/networks/lenet.hpp"

using namespace tessera;
using classifier = model<networks::lenet, backend::simd, batch<64>>;

float learn(std::span<const float> images, std::span<const int> labels) {
    classifier net(1);
    trainer<classifier, cross_entropy, sgd> train(net);
    return train.step(0.1, images, labels);
}
