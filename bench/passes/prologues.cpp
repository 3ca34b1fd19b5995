// Pointwise code in front of products and convolutions, computed where the operand is packed or copied, against the same
// network with that pass off: see turns.hpp.
//
//     bench_passes_prologues [<seconds for each>]
#include <cstdlib>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/folded.hpp>

#include "../../tests/networks/prologues.hpp"
#include "turns.hpp"

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

template <class Net, int Batch> void compare(const char* name, double enough) {
    turns::compare<Net, Batch, backend::simd, stored>(name, enough);
}

}  // namespace

int main(int argc, char** argv) {
    const double enough = argc > 1 ? std::atof(argv[1]) : 1;
    turns::print_heading();
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
