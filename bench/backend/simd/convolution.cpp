// Convolutions and their gradients on one thread, as a share of the peak of a fused multiply-add loop measured in the
// same run.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <new>
#include <tessera/backend/simd/convolution_backward_data.hpp>
#include <tessera/backend/simd/convolution_backward_filter.hpp>
#include <vector>

#include "peak.hpp"

namespace {

using namespace tessera::detail::simd;
using namespace bench;

enum pass { forward, input_gradient, weight_gradient };

convolution_shape square(int count, int extent, int in, int out, int kernel, int stride, int groups) {
    convolution_shape s;
    s.count = count;
    s.in_channels = in, s.out_channels = out, s.groups = groups;
    for (int axis : {1, 2}) {
        s.in[axis] = extent;
        s.w.kernel[axis] = kernel, s.w.stride[axis] = stride;
        s.w.before[axis] = s.w.after[axis] = kernel / 2;
    }
    return with_output(s);
}

void convolution_bench(benchmark::State& state) {
    const auto arg = [&](int i) { return int(state.range(std::size_t(i))); };
    const convolution_shape s = square(arg(0), arg(1), arg(2), arg(3), arg(4), arg(5), arg(6));
    const std::size_t positions = std::size_t(s.count) * std::size_t(s.out[1] * s.out[2]);
    const std::size_t weights_size = std::size_t(s.w.taps() * (s.in_channels / s.groups) * s.out_channels);
    aligned_floats x(std::size_t(s.pixels()) * std::size_t(s.in_channels)), w(weights_size);
    aligned_floats y(positions * std::size_t(s.out_channels));
    aligned_floats workspace(
        std::max({convolution_workspace<arch, float>(s), convolution_backward_data_workspace<arch, float>(s),
                  convolution_backward_filter_workspace<arch, float>(s)}) /
        4);
    std::byte* const memory = reinterpret_cast<std::byte*>(workspace.data);
    double peak = fma_peak(), busy = 0;
    std::int64_t rounds = 0;
    for (auto _ : state) {
        const double start = thread_seconds();
        if (arg(7) == forward) convolution<arch, float>(s, x.data, w.data, y.data, false, {}, memory);
        if (arg(7) == input_gradient)
            convolution_backward_data<arch, float>(s, y.data, w.data, x.data, false, {}, memory);
        if (arg(7) == weight_gradient)
            convolution_backward_filter<arch, float>(s, x.data, y.data, w.data, false, memory);
        const double seconds = thread_seconds() - start;
        state.SetIterationTime(seconds);
        busy += seconds;
        ++rounds;
    }
    peak = std::max(peak, fma_peak());
    const double flop = 2.0 * double(positions) * s.w.taps() * (s.in_channels / s.groups) * s.out_channels;
    const double rate = flop * double(rounds) / busy;
    state.counters["GFLOP/s"] = rate * 1e-9;
    state.counters["peak_%"] = 100 * rate / peak;
}

void shapes(benchmark::internal::Benchmark* bench) {
    bench->UseManualTime()->ArgNames({"count", "extent", "in", "out", "kernel", "stride", "groups", "pass"});
    for (int pass : {forward, input_gradient, weight_gradient}) {
        bench->Args({128, 28, 8, 16, 3, 1, 1, pass});
        bench->Args({1, 56, 64, 64, 3, 1, 1, pass});
        bench->Args({1, 56, 128, 128, 3, 1, 128, pass});
        bench->Args({1, 56, 64, 128, 3, 2, 1, pass});
        bench->Args({128, 28, 1, 8, 5, 1, 1, pass});
        bench->Args({1, 7, 512, 512, 3, 1, 1, pass});
    }
}
BENCHMARK(convolution_bench)->Apply(shapes);

}  // namespace

BENCHMARK_MAIN();
