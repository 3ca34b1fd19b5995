// Routing by agreement of CapsNet's 1152 lower and 10 upper capsules, votes included: with the votes kept in rows of lower
// capsules, as capsule_routing has them, and in rows of poses, as the einsum makes them.
//
// The rows take turns: run with --benchmark_enable_random_interleaving --benchmark_repetitions=9.
#include <benchmark/benchmark.h>

#include <memory>
#include <tessera/layers/capsule.hpp>
#include <tessera/tessera.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr int lower = 1152, upper = 10, pose = 16;

// procedure 1, as it is written
inline constexpr auto rows_of_poses = [](value x) {  // (1152, 8)
    const value u = einsum("ie,iejd->ijd", x, parameter("weight", {lower, 8, upper, pose}, initial::normal(0.1)));
    value b, v;
    for (int round = 0; round < 3; ++round) {
        v = squash(round == 0 ? sum(u, axes(0)) * (1.0 / upper) : einsum("ij,ijd->jd", tessera::softmax(b), u));
        if (round == 2) break;
        const value agreement = einsum("ijd,jd->ij", u, v);
        b = round == 0 ? agreement : b + agreement;
    }
    return v;
};
struct by_poses : network<(identity >> rows_of_poses), shape<lower, 8>> {};
struct by_capsules : network<capsule_dense<upper, pose>, shape<lower, 8>> {};

template <class Net, int Batch> void forward(benchmark::State& state) {
    static const auto m = std::make_unique<model<Net, batch<Batch>>>();
    static const std::vector<float> x(Batch * lower * 8, 0.1f);
    for (auto _ : state) benchmark::DoNotOptimize((*m)(x)[0]);
}
template <class Net, int Batch> void training_step(benchmark::State& state) {
    using trained = model<Net, batch<Batch>>;
    static const auto m = std::make_unique<trained>();
    static const auto t = std::make_unique<trainer<trained, squared_error, sgd>>(*m, sgd{});
    static const std::vector<float> x(Batch * lower * 8, 0.1f), y(Batch * upper * pose, 0.1f);
    for (auto _ : state) benchmark::DoNotOptimize(t->step(1e-6, x, y));
}

BENCHMARK(forward<by_capsules, 1>);
BENCHMARK(forward<by_poses, 1>);
BENCHMARK(forward<by_capsules, 16>);
BENCHMARK(forward<by_poses, 16>);
BENCHMARK(training_step<by_capsules, 16>);
BENCHMARK(training_step<by_poses, 16>);

}  // namespace
