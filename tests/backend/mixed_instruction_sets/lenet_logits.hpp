// The same network, called from units that are compiled for different processors.
#pragma once
#include <span>

// parameters as lenet lays them out, one image, ten logits
void logits_on_v3(std::span<const float> parameters, std::span<const float> image, std::span<float> logits);
void logits_on_v4(std::span<const float> parameters, std::span<const float> image, std::span<float> logits);
