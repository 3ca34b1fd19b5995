// What a translation unit pays before it names a network: the headers of the core, the SIMD backend and training.
#include <tessera/tessera.hpp>
