// A program for a machine without an operating system.
#include <tessera/core.hpp>

using namespace tessera;

struct gesture : network<(conv<8, 3> >> relu >> max_pool<2> >> flatten >> dense<3>), shape<16, 3>> {};
using recogniser = model<gesture, backend::scalar>;
static_assert(recogniser::memory_bytes <= 2_KiB);

static recogniser recognise;
static float samples[16 * 3];

int main() { return recognise(samples).largest(); }
