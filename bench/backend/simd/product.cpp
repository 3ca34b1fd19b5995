// Products on one thread, as a share of the peak of a fused multiply-add loop measured in the same run.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <new>
#include <tessera/backend/simd/product.hpp>
#include <vector>

#include "peak.hpp"

namespace {

using namespace tessera::detail::simd;
using namespace bench;

// layout 0: A and B row-major; 1: A transposed; 2: B transposed
void product_bench(benchmark::State& state) {
    const int m = int(state.range(0)), n = int(state.range(1)), k = int(state.range(2));
    product_shape s = dense_product(m, n, k);
    if (state.range(3) == 1) s.a_row = 1, s.a_col = m;
    if (state.range(3) == 2) s.b_row = 1, s.b_col = k;
    aligned_floats a(std::size_t(m) * std::size_t(k)), b(std::size_t(k) * std::size_t(n)),
        c(std::size_t(m) * std::size_t(n));
    aligned_floats workspace(product_workspace<arch, float>(s) / 4);
    double peak = fma_peak(), busy = 0;
    std::int64_t rounds = 0;
    for (auto _ : state) {
        const double start = thread_seconds();
        product<arch, float>(s, a.data, b.data, c.data, false, {}, reinterpret_cast<std::byte*>(workspace.data));
        const double seconds = thread_seconds() - start;
        state.SetIterationTime(seconds);
        busy += seconds;
        ++rounds;
    }
    peak = std::max(peak, fma_peak());
    const double rate = 2.0 * m * n * k * double(rounds) / busy;
    state.counters["GFLOP/s"] = rate * 1e-9;
    state.counters["peak_%"] = 100 * rate / peak;
}

BENCHMARK(product_bench)
    ->UseManualTime()
    ->ArgNames({"m", "n", "k", "layout"})
    ->Args({128, 256, 784, 0})
    ->Args({128, 10, 256, 0})
    ->Args({1, 300, 784, 0})
    ->Args({1, 300, 784, 2})
    ->Args({256, 256, 256, 0})
    ->Args({1024, 1024, 1024, 0})
    ->Args({784, 256, 128, 1})   // dense weight gradient
    ->Args({128, 784, 256, 2})   // dense input gradient
    ->Args({72, 16, 100352, 1})  // a long inner axis
    ->Args({64, 64, 64, 0})
    ->Args({32, 100, 300, 0})
    ->Args({49, 512, 4608, 0});

}  // namespace

BENCHMARK_MAIN();
