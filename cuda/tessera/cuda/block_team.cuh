// block_team: the threads of a block as a team of the reference interpreter (backend/scalar/execute.hpp). Thread r of n
// takes every n-th item, and all meet at the block's barrier.
#pragma once
#include <nv/target>

namespace tessera::cuda {

// Callable from constexpr functions, which are compiled for both sides; only a device ever runs it.
class block_team {
  public:
    __host__ __device__ constexpr block_team(int rank, int size) : rank_(rank), size_(size) {}
    __host__ __device__ constexpr int rank() const { return rank_; }
    __host__ __device__ constexpr int size() const { return size_; }
    __host__ __device__ void meet() const { NV_IF_TARGET(NV_IS_DEVICE, (__syncthreads();)) }

  private:
    int rank_, size_;
};

}  // namespace tessera::cuda
