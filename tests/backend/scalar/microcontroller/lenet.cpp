// A LeNet-5 as firmware would run it: the core's headers alone, a static model, no heap. Prints the bits of the logits.
//
// Built twice: as any program, and without exceptions, run-time types, the C++ run-time library and a heap.
#include <bit>
#include <cstdio>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>

#include "../../../networks/lenet.hpp"

namespace {

tessera::model<networks::lenet, tessera::backend::scalar> classify(1);
float image[28 * 28];
char output_buffer[1024];  // else the C library takes one from the heap

}  // namespace

int main() {
    std::setvbuf(stdout, output_buffer, _IOFBF, sizeof output_buffer);
    for (int i = 0; i < 28 * 28; ++i) image[i] = static_cast<float>(i % 28 * (i / 28)) / 729;
    for (float logit : classify(image)) std::printf("%08x\n", std::bit_cast<unsigned>(logit));
    return 0;
}
