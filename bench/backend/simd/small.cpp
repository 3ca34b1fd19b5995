// Small networks, one sample a call, beside plain loops of constant extents that the same compiler made with the same
// flags. Both run in turns in one benchmark: `ratio` is plain time over the library's, above 1 where the library wins.
#include <benchmark/benchmark.h>

#include <cmath>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

#include "in_turns.hpp"

namespace {

using namespace tessera;

// --- the library's

inline constexpr auto control_layers = dense<64> >> relu >> dense<64> >> relu >> dense<4>;
inline constexpr auto tiny_layers = dense<8> >> layer<tessera::tanh> >> dense<8> >> layer<tessera::tanh> >> dense<1>;
inline constexpr auto lstm_layers = lstm<16> >> dense<1>;
inline constexpr auto gru_layers = gru<16> >> dense<1>;

inline constexpr auto pair_layers = causal_conv<8, 3> >> relu >> causal_conv<4, 3, dilation<2>> >> relu >> dense<1>;
inline constexpr auto pair_sequence_layers = conv<8, 3> >> relu >> conv<4, 3>;
inline constexpr auto image_layers = conv<8, 3, same> >> relu >> max_pool<2> >> flatten >> dense<4> >> softmax;

// a layer of WaveNet: a gated causal convolution, mixed and added to what it is of
template <int Dilation>
inline constexpr auto gated = [](value x) {  // (T, 16)
    const value both = causal_conv<32, 3, dilation<Dilation>>(x);
    const value y = tanh(slice(both, 1, 0, 16)) * sigmoid(slice(both, 1, 16, 16));
    return x + dense<16>(y);
};
inline constexpr auto wavenet_layers = dense<16> >> gated<1> >> gated<2> >> gated<4> >> gated<8> >> dense<1>;

struct control_net : network<control_layers, shape<13>> {};
struct tiny_net : network<tiny_layers, shape<1>> {};
struct lstm_net : network<lstm_layers, shape<1, 1>> {};
struct gru_net : network<gru_layers, shape<1, 1>> {};
struct pair_net : network<pair_layers, shape<1, 1>> {};
struct pair_sequence_net : network<pair_sequence_layers, shape<32, 1>> {};
struct wavenet : network<wavenet_layers, shape<1, 1>> {};
struct image_net : network<image_layers, shape<8, 8, 4>> {};
struct gru_sequence_net : network<gru_layers, shape<64, 1>> {};

// --- plain loops; weights lie as the library's do

float logistic(float x) { return 1 / (1 + std::exp(-x)); }

template <int Size> struct weights {
    alignas(64) float of[Size];
    weights() {
        for (int k = 0; k < Size; ++k) of[k] = float(k % 17) * 0.01f - 0.08f;
    }
    operator const float*() const { return of; }
    float operator[](int k) const { return of[k]; }
};

template <int In, int Out> void affine(const float* w, const float* b, const float* x, float* y) {
    float sum[Out];
    for (int o = 0; o < Out; ++o) sum[o] = b[o];
    for (int i = 0; i < In; ++i)
        for (int o = 0; o < Out; ++o) sum[o] += x[i] * w[i * Out + o];
    for (int o = 0; o < Out; ++o) y[o] = sum[o];
}
template <int In, int Out> struct plain_dense {
    weights<In * Out> w;
    weights<Out> b;
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

// y (T, Out) of x (T + Taps - 1, In)
template <int T, int In, int Out, int Taps> struct plain_conv {
    weights<Taps * In * Out> w;
    weights<Out> b;
    void operator()(const float* x, float* y) const {
        for (int t = 0; t < T; ++t) affine<Taps * In, Out>(w, b, x + t * In, y + t * Out);
    }
};
// of a stream: what was is in a ring
template <int In, int Out, int Taps, int Dilation> struct plain_causal {
    static constexpr int rows = (Taps - 1) * Dilation;
    plain_conv<1, In, Out, Taps> conv;
    float ring[rows * In] = {};
    int row = 0;
    void operator()(const float* x, float* y) {
        float seen[Taps * In];
        for (int k = 0, at = row; k < Taps - 1; ++k) {
            for (int c = 0; c < In; ++c) seen[k * In + c] = ring[at * In + c];
            at += Dilation;
            if (at >= rows) at -= rows;
        }
        for (int c = 0; c < In; ++c) seen[(Taps - 1) * In + c] = ring[row * In + c] = x[c];
        if (++row == rows) row = 0;
        conv(seen, y);
    }
};

struct plain_pair {
    plain_causal<1, 8, 3, 1> a;
    plain_causal<8, 4, 3, 2> b;
    plain_dense<4, 1> out;
    float y[1];
    void operator()(const float* x) {
        float p[8], q[4];
        a(x, p);
        for (float& v : p) v = v < 0 ? 0 : v;
        b(p, q);
        for (float& v : q) v = v < 0 ? 0 : v;
        out(q, y);
    }
};
struct plain_pair_sequence {
    plain_conv<30, 1, 8, 3> a;
    plain_conv<28, 8, 4, 3> b;
    float y[28 * 4];
    void operator()(const float* x) {
        float p[30 * 8];
        a(x, p);
        for (float& v : p) v = v < 0 ? 0 : v;
        b(p, y);
    }
};
template <int Dilation> struct plain_gated {
    plain_causal<16, 32, 3, Dilation> conv;
    plain_dense<16, 16> mix;
    void operator()(float* x) {
        float both[32], z[16], m[16];
        conv(x, both);
        for (int c = 0; c < 16; ++c) z[c] = std::tanh(both[c]) * logistic(both[16 + c]);
        mix(z, m);
        for (int c = 0; c < 16; ++c) x[c] += m[c];
    }
};
struct plain_wavenet {
    plain_dense<1, 16> in;
    plain_gated<1> a;
    plain_gated<2> b;
    plain_gated<4> c;
    plain_gated<8> d;
    plain_dense<16, 1> out;
    float y[1];
    void operator()(const float* x) {
        float h[16];
        in(x, h);
        a(h);
        b(h);
        c(h);
        d(h);
        out(h, y);
    }
};
struct plain_image {
    weights<9 * 4 * 8> w;
    weights<8> bias;
    plain_dense<4 * 4 * 8, 4> out;
    float y[4];
    void operator()(const float* x) {
        float p[8 * 8 * 8], q[4 * 4 * 8];
        for (int i = 0; i < 8; ++i)
            for (int j = 0; j < 8; ++j) {
                float sum[8];
                for (int o = 0; o < 8; ++o) sum[o] = bias[o];
                for (int k = 0; k < 3; ++k)
                    for (int l = 0; l < 3; ++l) {
                        const int r = i + k - 1, s = j + l - 1;
                        if (r < 0 || r >= 8 || s < 0 || s >= 8) continue;
                        for (int c = 0; c < 4; ++c)
                            for (int o = 0; o < 8; ++o)
                                sum[o] += x[(r * 8 + s) * 4 + c] * w[((k * 3 + l) * 4 + c) * 8 + o];
                    }
                for (int o = 0; o < 8; ++o) p[(i * 8 + j) * 8 + o] = sum[o] < 0 ? 0 : sum[o];
            }
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 4; ++j)
                for (int o = 0; o < 8; ++o) {
                    const float* const at = p + (2 * i * 8 + 2 * j) * 8 + o;
                    q[(i * 4 + j) * 8 + o] = std::fmax(std::fmax(at[0], at[8]), std::fmax(at[64], at[72]));
                }
        out(q, y);
        float top = y[0], all = 0;
        for (const float v : y) top = v > top ? v : top;
        for (float& v : y) all += v = std::exp(v - top);
        for (float& v : y) v /= all;
    }
};

template <class Net, class Plain, int Inputs, class... Options> void both(benchmark::State& state) {
    static model<Net, backend::simd, Options...> ours(1);
    static Plain plain;
    float x[Inputs];
    for (int k = 0; k < Inputs; ++k) x[k] = 0.1f * float(k + 1);
    const auto call = [&] {
        benchmark::DoNotOptimize(x);
        benchmark::DoNotOptimize(ours(x)[0]);
    };
    const auto loops = [&] {
        benchmark::DoNotOptimize(x);
        plain(x);
        benchmark::DoNotOptimize(plain.y[0]);
    };
    bench::in_turns(state, 200, "ours", call, "plain", loops);
}

void control(benchmark::State& state) { both<control_net, plain_control, 13>(state); }
void tiny(benchmark::State& state) { both<tiny_net, plain_tiny, 1>(state); }
void lstm_frame(benchmark::State& state) { both<lstm_net, plain_lstm, 1, streaming>(state); }
void gru_frame(benchmark::State& state) { both<gru_net, plain_gru, 1, streaming>(state); }

void conv_pair_frame(benchmark::State& state) { both<pair_net, plain_pair, 1, streaming>(state); }
void conv_pair_sequence(benchmark::State& state) { both<pair_sequence_net, plain_pair_sequence, 32>(state); }
void wavenet_frame(benchmark::State& state) { both<wavenet, plain_wavenet, 1, streaming>(state); }
void image(benchmark::State& state) { both<image_net, plain_image, 256>(state); }

void gru_sequence(benchmark::State& state) { both<gru_sequence_net, plain_gru_sequence, 64>(state); }

BENCHMARK(control)->UseManualTime();
BENCHMARK(tiny)->UseManualTime();
BENCHMARK(lstm_frame)->UseManualTime();
BENCHMARK(gru_frame)->UseManualTime();
BENCHMARK(conv_pair_frame)->UseManualTime();
BENCHMARK(conv_pair_sequence)->UseManualTime();
BENCHMARK(wavenet_frame)->UseManualTime();
BENCHMARK(image)->UseManualTime();
BENCHMARK(gru_sequence)->UseManualTime();

}  // namespace

BENCHMARK_MAIN();
