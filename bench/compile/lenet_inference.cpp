// What a user pays for a LeNet that only runs.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>

#include "../../tests/networks/lenet.hpp"

int classify(tessera::model<networks::lenet>& model, std::span<const float> image) { return model(image).largest(); }
