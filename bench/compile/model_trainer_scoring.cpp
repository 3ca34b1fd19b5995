// What a user pays for a unit that holds a LeNet, its trainer and its scoring: three programs of one network.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

#include "../../tests/networks/lenet.hpp"

using namespace tessera;
using classifier = model<networks::lenet, backend::simd, batch<64>>;

int classify(classifier& net, std::span<const float> image) { return net(image).largest(); }

float learn(trainer<classifier, cross_entropy, sgd>& train, std::span<const float> images,
            std::span<const int> labels) {
    return train.step(0.1, images, labels);
}

double score(classifier& net, const dataset& data) { return evaluate(net, data).accuracy; }
