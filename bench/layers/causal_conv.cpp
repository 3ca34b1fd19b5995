// A frame of a causal convolution in a stream: its window in a ring, against a window that each frame moves by a row.
// What the ring costs does not grow with the dilation.
//
// The rows take turns: run with --benchmark_enable_random_interleaving --benchmark_repetitions=9.
#include <benchmark/benchmark.h>

#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr int K = 2;

// the window as a whole: joined with the frame, and all rows but the first kept
template <int C, int D>
inline constexpr auto moved = [](value x) {  // (1, C)
    const value window = detail::own_state(x, "window", {(K - 1) * D, C});
    const value all = concatenate({window, x}, 0);
    detail::window view;
    view.kernel[2] = K;
    view.dilation[2] = D;
    const value y = convolution(all, parameter("weight", {K, C, C}, initial::kaiming(K * C)), view);
    update(window, slice(all, 0, 1, (K - 1) * D));
    return y + parameter("bias", {C});
};
// the same on whole sequences
template <int C, int D>
inline constexpr auto either = [](value x) {
    return x.owner->purpose == phase::streaming ? moved<C, D>(x) : causal_conv<C, K, dilation<D>>.apply(x);
};
template <int C, int D> struct in_a_ring : network<causal_conv<C, K, dilation<D>>, shape<4, C>> {};
template <int C, int D> struct moved_each_frame : network<either<C, D>, shape<4, C>> {};
// as many multiply-adds, and nothing kept
template <int C> struct product_alone : network<dense<C>, shape<4, K * C>> {};

template <class Net> void one_frame(benchmark::State& state) {
    static const auto m = std::make_unique<model<Net, streaming>>();
    static const std::vector<float> x(static_cast<std::size_t>(Net::table.inputs[0].shape.size() / 4), 0.5f);
    for (auto _ : state) benchmark::DoNotOptimize((*m)(x)[0]);
}

#define BOTH(C, D)                         \
    BENCHMARK(one_frame<in_a_ring<C, D>>); \
    BENCHMARK(one_frame<moved_each_frame<C, D>>)

BENCHMARK(one_frame<product_alone<32>>);
BOTH(32, 1);
BOTH(32, 16);
BOTH(32, 64);
BOTH(32, 512);
BENCHMARK(one_frame<product_alone<128>>);
BOTH(128, 1);
BOTH(128, 512);

}  // namespace

BENCHMARK_MAIN();
