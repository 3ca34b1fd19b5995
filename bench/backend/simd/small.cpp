// Small networks, one sample a call, beside plain loops of constant extents that the same compiler made with the same
// flags. Both run in turns in one benchmark: `ratio` is plain time over the library's, above 1 where the library wins.
#include <benchmark/benchmark.h>

#include <cmath>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

#include "peak.hpp"

namespace {

using namespace tessera;

// --- the library's

inline constexpr auto control_layers = dense<64> >> relu >> dense<64> >> relu >> dense<4>;
inline constexpr auto tiny_layers = dense<8> >> layer<tessera::tanh> >> dense<8> >> layer<tessera::tanh> >> dense<1>;
inline constexpr auto lstm_layers = lstm<16> >> dense<1>;
inline constexpr auto gru_layers = gru<16> >> dense<1>;

struct control_net : network<control_layers, shape<13>> {};
struct tiny_net : network<tiny_layers, shape<1>> {};
struct lstm_net : network<lstm_layers, shape<1, 1>> {};
struct gru_net : network<gru_layers, shape<1, 1>> {};
struct gru_sequence_net : network<gru_layers, shape<64, 1>> {};

// --- plain loops; weights lie as the library's do

float logistic(float x) { return 1 / (1 + std::exp(-x)); }

template <int In, int Out> void affine(const float* w, const float* b, const float* x, float* y) {
    float sum[Out];
    for (int o = 0; o < Out; ++o) sum[o] = b[o];
    for (int i = 0; i < In; ++i)
        for (int o = 0; o < Out; ++o) sum[o] += x[i] * w[i * Out + o];
    for (int o = 0; o < Out; ++o) y[o] = sum[o];
}
template <int In, int Out> struct plain_dense {
    alignas(64) float w[In * Out], b[Out];
    void operator()(const float* x, float* y) const { affine<In, Out>(w, b, x, y); }
};

struct plain_control {
    plain_dense<13, 64> a;
    plain_dense<64, 64> b;
    plain_dense<64, 4> c;
    float y[4];
    void operator()(const float* x) {
        float p[64], q[64];
        a(x, p);
        for (float& v : p) v = v < 0 ? 0 : v;
        b(p, q);
        for (float& v : q) v = v < 0 ? 0 : v;
        c(q, y);
    }
};
struct plain_tiny {
    plain_dense<1, 8> a;
    plain_dense<8, 8> b;
    plain_dense<8, 1> c;
    float y[1];
    void operator()(const float* x) {
        float p[8], q[8];
        a(x, p);
        for (float& v : p) v = std::tanh(v);
        b(p, q);
        for (float& v : q) v = std::tanh(v);
        c(q, y);
    }
};
struct plain_lstm {
    plain_dense<1, 64> in;
    plain_dense<16, 64> back;
    plain_dense<16, 1> out;
    float h[16] = {}, c[16] = {}, y[1];
    void operator()(const float* x) {
        float p[64], q[64];
        in(x, p);
        back(h, q);
        for (int k = 0; k < 64; ++k) p[k] += q[k];
        for (int k = 0; k < 16; ++k) {
            c[k] = logistic(p[16 + k]) * c[k] + logistic(p[k]) * std::tanh(p[32 + k]);
            h[k] = logistic(p[48 + k]) * std::tanh(c[k]);
        }
        out(h, y);
    }
};
struct plain_gru {
    plain_dense<1, 48> in;
    plain_dense<16, 48> back;
    plain_dense<16, 1> out;
    float h[16] = {}, y[1];
    void operator()(const float* x) {
        float p[48], q[48];
        in(x, p);
        back(h, q);
        for (int k = 0; k < 16; ++k) {
            const float r = logistic(p[k] + q[k]), z = logistic(p[16 + k] + q[16 + k]);
            const float n = std::tanh(p[32 + k] + r * q[32 + k]);
            h[k] = n + z * (h[k] - n);
        }
        out(h, y);
    }
};

struct plain_gru_sequence {
    plain_gru frame;
    float y[64];
    void operator()(const float* x) {
        for (float& h : frame.h) h = 0;
        for (int t = 0; t < 64; ++t) {
            frame(x + t);
            y[t] = frame.y[0];
        }
    }
};

template <class Net, class Plain, int Inputs, class... Options> void both(benchmark::State& state) {
    static model<Net, backend::simd, Options...> ours(1);
    static Plain plain;
    auto* const numbers = reinterpret_cast<float*>(&plain);
    for (std::size_t k = 0; k < sizeof plain / sizeof(float); ++k) numbers[k] = float(k % 17) * 0.01f - 0.08f;
    float x[Inputs];
    for (int k = 0; k < Inputs; ++k) x[k] = 0.1f * float(k + 1);
    constexpr int calls = 200;
    double of_ours = 0, of_plain = 0;
    long rounds = 0;
    for (auto _ : state) {
        const double start = bench::thread_seconds();
        for (int k = 0; k < calls; ++k) {
            benchmark::DoNotOptimize(x);
            benchmark::DoNotOptimize(ours(x)[0]);
        }
        const double middle = bench::thread_seconds();
        for (int k = 0; k < calls; ++k) {
            benchmark::DoNotOptimize(x);
            plain(x);
            benchmark::DoNotOptimize(plain.y[0]);
        }
        of_plain += bench::thread_seconds() - middle;
        of_ours += middle - start;
        ++rounds;
        state.SetIterationTime(middle - start);
    }
    const double all = double(rounds) * calls;
    state.counters["ns_ours"] = 1e9 * of_ours / all;
    state.counters["ns_plain"] = 1e9 * of_plain / all;
    state.counters["ratio"] = of_plain / of_ours;
}

void control(benchmark::State& state) { both<control_net, plain_control, 13>(state); }
void tiny(benchmark::State& state) { both<tiny_net, plain_tiny, 1>(state); }
void lstm_frame(benchmark::State& state) { both<lstm_net, plain_lstm, 1, streaming>(state); }
void gru_frame(benchmark::State& state) { both<gru_net, plain_gru, 1, streaming>(state); }

void gru_sequence(benchmark::State& state) { both<gru_sequence_net, plain_gru_sequence, 64>(state); }

BENCHMARK(control)->UseManualTime();
BENCHMARK(tiny)->UseManualTime();
BENCHMARK(lstm_frame)->UseManualTime();
BENCHMARK(gru_frame)->UseManualTime();
BENCHMARK(gru_sequence)->UseManualTime();

}  // namespace

BENCHMARK_MAIN();
