// Pointwise code in front of products and convolutions, computed where the operand is packed or copied, against the same
// network with that pass off, in turns within one run on one thread: what a call takes, the median of the ratios and the
// middle half of them, and the workspace.
//
//     bench_passes_prologues [<seconds for each>]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/folded.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "../../tests/networks/prologues.hpp"

namespace {

using namespace tessera;
using namespace networks;

// what is in front of a product or a convolution is stored
struct stored : backend::simd {
    static constexpr bool takes_prologue(const detail::graph_view& g, const detail::node& n) {
        return (n.kind == detail::op::sum || n.kind == detail::op::maximum) && backend::simd::takes_prologue(g, n);
    }
};

struct spline_conv : network<(spline_bases<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct chebyshev_conv : network<(chebyshev_bases<5> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct spline_conv_wide : network<(spline_bases<8> >> conv<64, 3, same>), shape<14, 14, 64>> {};
struct spline_conv_1x1 : network<(spline_bases<8> >> conv<16, 1>), shape<28, 28, 16>> {};
struct spline_dense : network<(spline_bases<8> >> dense<64>), shape<784>> {};
struct chebyshev_dense : network<(chebyshev_bases<5> >> dense<64>), shape<784>> {};
struct spline_stack
    : network<(spline_bases<8> >> conv<16, 3, same> >> spline_bases<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct pre_activation_blocks
    : network<(conv<32, 3, same> >> pre_activation<32> >> pre_activation<32>), shape<28, 28, 3>> {};
struct pre_activation_folded : folded<pre_activation_blocks> {};
struct relu_conv : network<(relu >> conv<32, 3, same>), shape<28, 28, 32>> {};
struct relu_conv_1x1 : network<(relu >> conv<32, 1>), shape<28, 28, 32>> {};
struct relu_conv_stride : network<(relu >> conv<32, 1, stride<2>>), shape<28, 28, 32>> {};
struct relu_conv_wide : network<(relu >> conv<256, 3, same>), shape<14, 14, 256>> {};
struct relu_depthwise : network<(relu >> depthwise_conv<3, 1, same>), shape<28, 28, 64>> {};
struct tanh_conv : network<([](value x) { return tanh(x); } >> conv<32, 3, same>), shape<28, 28, 32>> {};
struct scaled_perceptron
    : network<([](value x) { return dense<256>((x - 0.5) * 2); } >> relu >> dense<10>), shape<784>> {};
struct pooled_perceptron : network<(max_pool<2> >> flatten >> relu >> dense<256>), shape<28, 28, 16>> {};

double thread_seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
template <class Model> double seconds_of_calls(Model& m, const std::vector<float>& x, int calls) {
    const double begin = thread_seconds();
    for (int k = 0; k < calls; ++k) m(x);
    return (thread_seconds() - begin) / calls;
}

template <class Net, int Batch> void compare(const char* name, double enough) {
    const auto with = std::make_unique<model<Net, backend::simd, batch<Batch>>>(1);
    const auto without = std::make_unique<model<Net, stored, batch<Batch>>>(1);
    std::vector<float> x(static_cast<std::size_t>(Net::table.inputs[0].shape.size() * Batch));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 2654435761u % 4096) / 1024 - 2;
    const int calls = 1 + static_cast<int>(2e-3 / seconds_of_calls(*with, x, 2));
    std::vector<double> ratio, seconds;
    for (double spent = 0; spent < enough || ratio.size() < 9;) {
        const double a = seconds_of_calls(*without, x, calls), b = seconds_of_calls(*with, x, calls);
        spent += calls * (a + b);
        ratio.push_back(a / b);
        seconds.push_back(b);
    }
    std::ranges::sort(ratio);
    std::ranges::sort(seconds);
    const std::size_t turns = ratio.size();
    constexpr long kept = model<Net, backend::simd, batch<Batch>>::program_type::workspace_bytes;
    constexpr long before = model<Net, stored, batch<Batch>>::program_type::workspace_bytes;
    std::printf("%-24s %5d %11.1f %8.2f %5.2f to %4.2f %12.1f %10.1f\n", name, Batch, seconds[turns / 2] * 1e6,
                ratio[turns / 2], ratio[turns / 4], ratio[turns * 3 / 4], static_cast<double>(before) / 1024,
                static_cast<double>(kept) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
    const double enough = argc > 1 ? std::atof(argv[1]) : 1;
    std::printf("%-24s %5s %11s %8s %14s %12s %10s\n", "network", "batch", "us a call", "faster", "half of them",
                "KiB before", "KiB after");
#define COMPARE(net)               \
    compare<net, 1>(#net, enough); \
    compare<net, 32>(#net, enough)
    COMPARE(spline_conv);
    COMPARE(chebyshev_conv);
    COMPARE(spline_conv_wide);
    COMPARE(spline_conv_1x1);
    COMPARE(spline_dense);
    COMPARE(chebyshev_dense);
    COMPARE(spline_stack);
    COMPARE(pre_activation_blocks);
    COMPARE(pre_activation_folded);
    COMPARE(relu_conv);
    COMPARE(relu_conv_1x1);
    COMPARE(relu_conv_stride);
    COMPARE(relu_conv_wide);
    COMPARE(relu_depthwise);
    COMPARE(tanh_conv);
    COMPARE(scaled_perceptron);
    COMPARE(pooled_perceptron);
}
