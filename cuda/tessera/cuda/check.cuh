// check: a call of the CUDA runtime that must succeed.
//
// Errors  throws tessera::error with the call's name and the runtime's description.
#pragma once
#include <cuda_runtime.h>

#include <string>
#include <tessera/error/error.hpp>

namespace tessera::cuda {

inline void check(cudaError_t status, const char* call) {
    if (status != cudaSuccess) throw error(call, "success", cudaGetErrorString(status));
}

}  // namespace tessera::cuda
