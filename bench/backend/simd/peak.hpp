// What the kernels are measured with: thread time, the peak of a fused multiply-add loop, aligned data.
#pragma once
#include <benchmark/benchmark.h>
#include <time.h>

#include <cstddef>
#include <new>
#include <tessera/backend/simd/vector.hpp>

namespace bench {

using arch = tessera::detail::simd::default_arch;

inline double thread_seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

// flop per second of independent multiply-adds in registers
inline double fma_peak() {
    using namespace tessera::detail::simd;
    using V = vector<float, arch>;
    V sum[10];
    for (int i = 0; i < 10; ++i) sum[i] = V(float(i));
    V x(1.0000001f), y(1e-9f);
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(y);
    constexpr int rounds = 200000;
    const double start = thread_seconds();
    for (int round = 0; round < rounds; ++round)
#pragma GCC unroll 10
        for (int i = 0; i < 10; ++i) sum[i] = fmadd(sum[i], x, y);
    const double seconds = thread_seconds() - start;
    V all = sum[0];
    for (int i = 1; i < 10; ++i) all = all + sum[i];
    float lane = reduce_add(all);
    benchmark::DoNotOptimize(lane);
    return 2.0 * 10 * lanes<V> * rounds / seconds;
}

struct aligned_floats {
    explicit aligned_floats(std::size_t n)
        : data(static_cast<float*>(::operator new(n * 4 + 64, std::align_val_t(64)))) {
        for (std::size_t i = 0; i < n; ++i) data[i] = float(i % 17) * 0.01f - 0.08f;
    }
    ~aligned_floats() { ::operator delete(data, std::align_val_t(64)); }
    aligned_floats(const aligned_floats&) = delete;
    float* data;
};

}  // namespace bench
