// Steps of training, forward and back, in which pointwise code is computed again for the gradients, against the same with
// what they read kept: see turns.hpp.
//
//     bench_passes_recomputed [<seconds for each>]
#include <cstdlib>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>

#include "../../tests/networks/prologues.hpp"
#include "turns.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using namespace networks;

// what is in front of a product or a convolution is stored
struct kept : backend::simd {
    static constexpr bool takes_prologue(const graph_view& g, const node& n) {
        return (n.kind == op::sum || n.kind == op::maximum) && backend::simd::takes_prologue(g, n);
    }
};

struct spline_conv : network<(spline_bases<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct spline_conv_wide : network<(spline_bases<8> >> conv<64, 3, same>), shape<14, 14, 64>> {};
struct spline_stack
    : network<(spline_bases<8> >> conv<16, 3, same> >> spline_bases<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct pre_activation_blocks
    : network<(conv<32, 3, same> >> pre_activation<32> >> pre_activation<32>), shape<28, 28, 3>> {};
struct relu_conv : network<(relu >> conv<32, 3, same>), shape<28, 28, 32>> {};
struct tanh_conv : network<([](value x) { return tanh(x); } >> conv<32, 3, same>), shape<28, 28, 32>> {};
template <int N>
inline constexpr auto gaussians = [](value x) {  // (..., C) to (..., C N)
    return side_by_side(exp(-square((apart(x) + 2) * ((N - 1) / 4.0) - constant(numbers_up_to<N>().of, {N}))), N);
};
struct gaussian_stack
    : network<(gaussians<8> >> conv<16, 3, same> >> gaussians<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct chebyshev_stack
    : network<(chebyshev_bases<5> >> conv<16, 3, same> >> chebyshev_bases<5> >> conv<16, 3, same>), shape<28, 28, 16>> {
};
struct spline_stack_1x1
    : network<(spline_bases<8> >> conv<16, 1> >> spline_bases<8> >> conv<16, 1>), shape<28, 28, 16>> {};
struct spline_perceptron : network<(spline_bases<8> >> dense<64> >> spline_bases<8> >> dense<10>), shape<784>> {};
struct gaussian_perceptron : network<(gaussians<8> >> dense<64> >> gaussians<8> >> dense<10>), shape<784>> {};
struct chebyshev_perceptron
    : network<(chebyshev_bases<5> >> dense<64> >> chebyshev_bases<5> >> dense<10>), shape<784>> {};
struct normalised_stack
    : network<(conv<32, 3, same> >> batch_norm >> relu >> conv<32, 3, same> >> batch_norm >> relu >> conv<32, 1>),
              shape<28, 28, 3>> {};
struct normalised_wide
    : network<(conv<256, 3, same> >> batch_norm >> relu >> conv<256, 3, same> >> batch_norm >> relu >> conv<64, 1>),
              shape<14, 14, 64>> {};
struct normalised_depthwise
    : network<(conv<64, 1> >> batch_norm >> relu >> depthwise_conv<3, 1, same> >> batch_norm >> relu >> conv<64, 1>),
              shape<28, 28, 64>> {};
struct gelu_stack : network<(conv<32, 3, same> >> batch_norm >> gelu_tanh >> conv<32, 3, same>), shape<28, 28, 3>> {};

// a step forward and back, its gradients and its workspace
template <class Net, class Backend, int Batch> struct training_step {
    using program_type = program<Net, Backend, batch<Batch>, training<weighted_outputs>>;
    std::vector<float> gradients = std::vector<float>(Net::parameter_elements), x = turns::images<Net>(Batch);
    std::vector<float> weights = std::vector<float>(1 << 20, 0.5f);
    model<Net, backend::simd> start{1};
    buffer<float, program_type::workspace_bytes / 4 + 16, true> workspace;
    buffer<float, Net::state_elements + 16, true> states;

    void operator()() {
        memory<float> m;
        m.count = Batch;
        m.real_inputs[0] = x.data();
        m.real_inputs[1] = weights.data();
        m.parameters = start.parameters().data();
        m.gradients = gradients.data();
        m.states = states.data();
        m.workspace = workspace.data();
        Backend::template run<program_type>(m);
    }
};
template <class Net, int Batch> void compare(const char* name, double enough) {
    using with = training_step<Net, backend::simd, Batch>;
    using without = training_step<Net, kept, Batch>;
    const auto one = std::make_unique<with>();
    const auto other = std::make_unique<without>();
    turns::alternate(
        name, Batch, enough, [&] { (*one)(); }, [&] { (*other)(); }, with::program_type::workspace_bytes,
        without::program_type::workspace_bytes);
}

}  // namespace

int main(int argc, char** argv) {
    const double enough = argc > 1 ? std::atof(argv[1]) : 1;
    turns::print_heading();
#define COMPARE(net)               \
    compare<net, 1>(#net, enough); \
    compare<net, 32>(#net, enough)
    COMPARE(spline_conv);
    COMPARE(spline_conv_wide);
    COMPARE(spline_stack);
    COMPARE(gaussian_stack);
    COMPARE(chebyshev_stack);
    COMPARE(spline_stack_1x1);
    COMPARE(spline_perceptron);
    COMPARE(gaussian_perceptron);
    COMPARE(chebyshev_perceptron);
    COMPARE(pre_activation_blocks);
    COMPARE(normalised_stack);
    COMPARE(normalised_wide);
    COMPARE(normalised_depthwise);
    COMPARE(gelu_stack);
    COMPARE(relu_conv);
    COMPARE(tanh_conv);
}
