// Device code that calls a constexpr function of the library.
#include <tessera/cuda/check.cuh>
#include <tessera/ir/extents.hpp>

__global__ void write_size(long* size) { *size = tessera::extents{2, 3}.size(); }
