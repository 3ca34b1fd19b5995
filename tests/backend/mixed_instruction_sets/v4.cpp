// Compiled for x86-64-v4.
#include <algorithm>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>

#include "../../networks/lenet.hpp"
#include "lenet_logits.hpp"

void logits_on_v4(std::span<const float> parameters, std::span<const float> image, std::span<float> logits) {
    tessera::model<networks::lenet, tessera::backend::simd> classify;
    std::ranges::copy(parameters, classify.parameters().begin());
    std::ranges::copy(classify(image), logits.begin());
}
