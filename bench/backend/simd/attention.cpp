// Attention that streams and its composition, on one thread: forward alone, and with the gradients of q, k and v.
// MiB is the workspace of the program; GFLOP/s counts the multiply-adds of the composition, 4 K forward and 12 K with
// gradients for each pair, whichever way it is computed.
#include <benchmark/benchmark.h>

#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/training.hpp>

#include "peak.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

enum class way { streamed, causal, composed, composed_causal };

template <way Way>
inline constexpr auto attention_of = [](value q, value k, value v) {
    const attention_options options{.scale = rsqrt(q.extent(-1)),
                                    .causal = Way == way::causal || Way == way::composed_causal};
    if (Way == way::streamed || Way == way::causal) return attend(q, k, v, options);
    const value scores = composed_attention(options, q, k, {q.owner, -1}).scores;
    // the factor keeps the composition from being raised, and vanishes
    return einsum("hts,shv->thv", softmax_over_last(op::softmax, scores) * 1, v);
};

struct total_of {
    static constexpr value apply(graph&, const values& y) { return sum(y[0]); }
};

template <way Way, int T, int H, int K>
struct net : network<attention_of<Way>, in<"q", shape<T, H, K>>, in<"k", shape<T, H, K>>, in<"v", shape<T, H, K>>> {};

template <way Way, int T, int H, int K, int Samples, class Mode> void attention_bench(benchmark::State& state) {
    using own = program<net<Way, T, H, K>, backend::simd, batch<Samples>, float, Mode>;
    constexpr std::size_t size = std::size_t(T) * H * K * Samples;
    bench::aligned_floats q(size), k(size), v(size), workspace(std::size_t(own::workspace_bytes) / 4);
    memory<float> m;
    m.real_inputs[0] = q.data;
    m.real_inputs[1] = k.data;
    m.real_inputs[2] = v.data;
    m.workspace = workspace.data;
    m.count = Samples;
    double busy = 0, rounds = 0;
    for (auto _ : state) {
        const double start = bench::thread_seconds();
        backend::simd::run<own>(m);
        const double seconds = bench::thread_seconds() - start;
        state.SetIterationTime(seconds);
        busy += seconds;
        ++rounds;
    }
    const double pairs = double(T) * T * H * Samples, flop = (Mode::purpose == phase::training ? 12.0 : 4.0) * K;
    state.counters["GFLOP/s"] = flop * pairs * rounds / busy * 1e-9;
    state.counters["MiB"] = double(own::workspace_bytes) / (1024 * 1024);
}

using gradients = gradients_of<total_of>;

#define TESSERA_ATTENTION(T, H, K, SAMPLES, MODE)                                              \
    BENCHMARK(attention_bench<way::composed, T, H, K, SAMPLES, MODE>)->UseManualTime();        \
    BENCHMARK(attention_bench<way::streamed, T, H, K, SAMPLES, MODE>)->UseManualTime();        \
    BENCHMARK(attention_bench<way::composed_causal, T, H, K, SAMPLES, MODE>)->UseManualTime(); \
    BENCHMARK(attention_bench<way::causal, T, H, K, SAMPLES, MODE>)->UseManualTime()

TESSERA_ATTENTION(197, 12, 64, 1, inference);
TESSERA_ATTENTION(1024, 8, 64, 1, inference);
TESSERA_ATTENTION(197, 12, 64, 1, gradients);
TESSERA_ATTENTION(197, 12, 64, 8, gradients);
TESSERA_ATTENTION(1024, 8, 64, 1, gradients);
TESSERA_ATTENTION(64, 4, 16, 8, inference);

}  // namespace

BENCHMARK_MAIN();
