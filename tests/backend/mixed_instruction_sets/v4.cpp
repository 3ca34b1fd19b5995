// Compiled for x86-64-v4.
#include <algorithm>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>

#include "outputs.hpp"

void lenet_on_v4(numbers parameters, numbers image, std::span<float> logits) {
    tessera::model<networks::lenet, tessera::backend::simd> classify;
    std::ranges::copy(parameters, classify.parameters().begin());
    std::ranges::copy(classify(image), logits.begin());
}
void reader_on_v4(numbers parameters, numbers sequence, std::span<float> classes) {
    tessera::model<reader, tessera::backend::simd> read_all;
    std::ranges::copy(parameters, read_all.parameters().begin());
    std::ranges::copy(read_all(sequence), classes.begin());
}
