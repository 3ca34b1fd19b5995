// What a user pays for a ResNet-50 that only runs.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>

#include "../../tests/networks/resnet.hpp"

int classify(tessera::model<networks::resnet50>& model, std::span<const float> image) { return model(image).largest(); }
