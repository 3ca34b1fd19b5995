// run_block, train_block: a whole program in one kernel of one block. The block walks the program's table; its threads
// share out the items of each operation and meet after it.
//
//   run_block     the program as it is: forward, or forward and back
//   train_block   the same, then parameters -= rate * gradients
//
// The table is data in device memory, so the kernels depend on the number type alone: one pair serves every network.
//
// Launch  <<<1, n>>>, n <= block_threads.
// Cost    the arithmetic of the reference implementations on one multiprocessor, one barrier an operation.
#pragma once
#include <tessera/backend/scalar/descend.hpp>
#include <tessera/backend/scalar/execute.hpp>
#include <tessera/cuda/block_team.cuh>

namespace tessera::cuda {

// more would leave a thread fewer registers than the interpreter needs
inline constexpr int block_threads = 512;

// scalar::instructions with its arrays in device memory
struct device_instructions {
    static constexpr bool mixes_widths = false;

    detail::graph_view graph;
    const detail::placed* at;
    const detail::scalar::instruction* run;
    int count;

    constexpr detail::graph_view view() const { return graph; }
};

template <class T>
__global__ void __launch_bounds__(block_threads, 1) run_block(device_instructions table, detail::memory<T> m) {
    const block_team team(static_cast<int>(threadIdx.x), static_cast<int>(blockDim.x));
    detail::scalar::run(table, m, team);
}

template <class T>
__global__ void __launch_bounds__(block_threads, 1)
    train_block(device_instructions table, detail::memory<T> m, T* parameters, int count, T rate) {
    const block_team team(static_cast<int>(threadIdx.x), static_cast<int>(blockDim.x));
    detail::scalar::run(table, m, team);
    detail::scalar::descend(parameters, static_cast<const T*>(m.gradients), count, rate, team);
}

}  // namespace tessera::cuda
