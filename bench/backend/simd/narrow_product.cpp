// Products of few columns, few rows or a short inner axis, as layers of sets, tokens, experts and polynomials have them,
// on one thread: by the least time of a call, as a share of the peak of a fused multiply-add loop measured in the same run.
#include <algorithm>
#include <tessera/backend/simd/batched_product.hpp>

#include "peak.hpp"

namespace {

using namespace tessera::detail::simd;
using namespace bench;

// batches x (m, n, k); layout, of bits 1: A is transposed, 2: B is, 4: C is; with 8, all batches share B
void narrow_bench(benchmark::State& state) {
    const int batches = int(state.range(0)), m = int(state.range(1)), n = int(state.range(2)), k = int(state.range(3));
    const auto layout = state.range(4);
    product_shape s = dense_product(m, n, k);
    if ((layout & 1) != 0) s.a_row = 1, s.a_col = m;
    if ((layout & 2) != 0) s.b_row = 1, s.b_col = k;
    if ((layout & 4) != 0) s.c_row = 1, s.c_col = m;
    const batch_strides strides{std::ptrdiff_t(m) * k, (layout & 8) != 0 ? 0 : std::ptrdiff_t(n) * k,
                                std::ptrdiff_t(m) * n};
    const auto all = [&](int x, int y) { return std::size_t(batches) * std::size_t(x) * std::size_t(y); };
    aligned_floats a(all(m, k)), b(all(k, n)), c(all(m, n));
    aligned_floats workspace(batched_product_workspace<arch, float>(s, batches) / 4);
    double peak = fma_peak(), least = 1e9;
    for (auto _ : state) {
        const double start = thread_seconds();
        batched_product<arch, float>(s, batches, strides, a.data, b.data, c.data, false, {},
                                     reinterpret_cast<std::byte*>(workspace.data));
        const double seconds = thread_seconds() - start;
        state.SetIterationTime(seconds);
        least = std::min(least, seconds);
    }
    peak = std::max(peak, fma_peak());
    const double rate = 2.0 * batches * m * n * k / least;
    state.counters["GFLOP/s"] = rate * 1e-9;
    state.counters["peak_%"] = 100 * rate / peak;
}

BENCHMARK(narrow_bench)
    ->UseManualTime()
    ->ArgNames({"batches", "m", "n", "k", "layout"})
    ->Args({32, 8, 16, 784, 1})    // tokens: maps times places
    ->Args({32, 784, 8, 16, 0})    // their gradient
    ->Args({32, 8, 784, 16, 6})    // the same, as it is traced
    ->Args({1, 25088, 8, 144, 0})  // a convolution of 3 x 3 to eight maps, as a product
    ->Args({32, 7, 32, 784, 0})    // slots: means of places
    ->Args({32, 7, 784, 32, 2})    // slots times places
    ->Args({32, 32, 784, 7, 7})    // gradients
    ->Args({32, 784, 32, 7, 1})    //
    ->Args({32, 7, 32, 784, 1})    //
    ->Args({1, 25088, 32, 16, 0})  // keys and values of places
    ->Args({1, 25088, 16, 32, 2})  //
    ->Args({1, 16, 32, 25088, 1})  //
    ->Args({1, 224, 96, 32, 0})    // gates of slots
    ->Args({1, 224, 32, 96, 2})    //
    ->Args({1, 25088, 64, 16, 0})  // set transformer
    ->Args({1, 25088, 64, 64, 0})  //
    ->Args({1, 25088, 64, 64, 2})  //
    ->Args({1, 64, 64, 25088, 1})  //
    ->Args({1, 16, 64, 25088, 1})  //
    ->Args({1, 4, 64, 64, 0})      //
    ->Args({1, 4, 64, 64, 2})      //
    ->Args({1, 25088, 2, 16, 0})   // layers of products
    ->Args({1, 25088, 6, 16, 0})   //
    ->Args({1, 25088, 16, 2, 0})   //
    ->Args({1, 25088, 48, 6, 0})   //
    ->Args({1, 25088, 16, 16, 0})  //
    ->Args({1, 25088, 16, 16, 2})  //
    ->Args({1, 25088, 48, 16, 0})  //
    ->Args({1, 25088, 16, 48, 0})  //
    ->Args({1, 25088, 6, 48, 2})   //
    ->Args({1, 16, 2, 25088, 1})   //
    ->Args({1, 16, 16, 25088, 1})  //
    ->Args({1, 48, 16, 25088, 1})  //
    ->Args({128, 245, 32, 16, 0})  // experts
    ->Args({128, 245, 16, 32, 0})  //
    ->Args({128, 16, 32, 245, 1})  //
    ->Args({1, 25088, 4, 16, 0})   // their gate
    ->Args({1, 16, 4, 25088, 1})   //
    ->Args({1, 25088, 64, 16, 2})  // distances to codes
    ->Args({1024, 16, 16, 16, 0})  // small matrices
    ->Args({1024, 16, 16, 16, 2})  //
    ->Args({1024, 16, 16, 16, 1})  //
    ->Args({1024, 8, 8, 8, 0})     //
    ->Args({4096, 4, 4, 4, 0});    //

}  // namespace

BENCHMARK_MAIN();
