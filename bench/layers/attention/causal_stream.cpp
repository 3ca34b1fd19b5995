// A frame of causal attention in a stream, by how much has been kept, against the whole sequence that the frame would be
// the last of: what a stream without kept keys would compute anew. Of a stream that has just begun a frame costs little
// more than its four products.
//
// The rows take turns: run with --benchmark_enable_random_interleaving --benchmark_repetitions=9.
#include <benchmark/benchmark.h>

#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr int features = 128, most = 1024;

template <int T> struct attentive : network<multi_head_attention<4, causal>, shape<T, features>> {};

const std::vector<float> input(static_cast<std::size_t>(most* features), 0.25f);

// kept: frames before that, at most those of the network's sequences
template <int Kept> void frame_of_stream(benchmark::State& state) {
    static const auto m = std::make_unique<model<attentive<most>, streaming>>();
    const auto frame = std::span(input).first(features);
    m->reset();
    for (int t = 0; t < Kept; ++t) (*m)(frame);
    float& count = m->state("count")[0];
    const float kept = count;
    for (auto _ : state) {
        count = kept;  // as many as before
        benchmark::DoNotOptimize((*m)(frame)[0]);
    }
}
template <int T> void whole_sequence(benchmark::State& state) {
    static const auto m = std::make_unique<model<attentive<T>>>();
    const auto x = std::span(input).first(T * features);
    for (auto _ : state) benchmark::DoNotOptimize((*m)(x)[0]);
}

BENCHMARK(frame_of_stream<1>);
BENCHMARK(frame_of_stream<128>);
BENCHMARK(frame_of_stream<512>);
BENCHMARK(frame_of_stream<1024>);
BENCHMARK(whole_sequence<128>);
BENCHMARK(whole_sequence<1024>);

}  // namespace

BENCHMARK_MAIN();
