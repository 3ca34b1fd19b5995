// Full calls of a few samples: by fixed kernels, and by kernels driven by data, which a model of more samples has. Both run
// in turns in one benchmark: `ratio` is the time by data over that by fixed kernels.
#include <benchmark/benchmark.h>

#include <span>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "in_turns.hpp"

namespace {

using namespace tessera;

inline constexpr auto control_layers = dense<64> >> relu >> dense<64> >> relu >> dense<4>;
inline constexpr auto image_layers = conv<8, 3, same> >> relu >> max_pool<2> >> flatten >> dense<4> >> softmax;
struct control_net : network<control_layers, shape<13>> {};
struct image_net : network<image_layers, shape<8, 8, 4>> {};

template <class Net, int Samples> void both(benchmark::State& state) {
    static model<Net, backend::simd, batch<Samples>> fixed(1);
    static model<Net, backend::simd, batch<65>> by_data(1);
    const std::vector<float> x(static_cast<std::size_t>(Net::table.inputs[0].shape.size()) * Samples, 0.3f);
    bench::in_turns(
        state, 100, "fixed", [&] { benchmark::DoNotOptimize(fixed(x)[0]); }, "by_data",
        [&] { benchmark::DoNotOptimize(by_data(x)[0]); });
}

BENCHMARK(both<control_net, 2>)->UseManualTime();
BENCHMARK(both<control_net, 4>)->UseManualTime();
BENCHMARK(both<control_net, 8>)->UseManualTime();
BENCHMARK(both<image_net, 2>)->UseManualTime();
BENCHMARK(both<image_net, 4>)->UseManualTime();

}  // namespace

BENCHMARK_MAIN();
