// Recurrent layers on one thread: a call and a step of training on a sequence.
#include <benchmark/benchmark.h>

#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;

template <int Hidden> struct net : network<gru<Hidden>, shape<64, 32>> {};

template <int Hidden, int Samples> void gru_call(benchmark::State& state) {
    model<net<Hidden>, backend::simd, batch<Samples>> m(1);
    const std::vector<float> x(Samples * 64 * 32, 0.5f);
    for (auto _ : state) benchmark::DoNotOptimize(m(x)[0]);
}
template <int Hidden, int Samples> void gru_training(benchmark::State& state) {
    model<net<Hidden>, backend::simd, batch<Samples>> m(1);
    trainer<decltype(m), squared_error, sgd> t(m);
    const std::vector<float> x(Samples * 64 * 32, 0.5f), y(std::size_t{Samples} * 64 * Hidden, 0.25f);
    for (auto _ : state) benchmark::DoNotOptimize(t.step(0, x, y));
}

BENCHMARK(gru_call<32, 1>);
BENCHMARK(gru_call<128, 1>);
BENCHMARK(gru_call<128, 16>);
BENCHMARK(gru_training<32, 1>);
BENCHMARK(gru_training<128, 16>);

}  // namespace

BENCHMARK_MAIN();
