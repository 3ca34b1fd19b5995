// Operations of several results in one kernel of one block: attention with its logarithms of sums and three gradients,
// the largest elements and where they are. Outputs and gradients agree with the host's. Returns 77 where there is no
// device.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tessera/cuda/block.cuh>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto best_of_each = [](value x) {
    const sorted_values y = top_k(x, 5);
    return concatenate({y.values, to_real(y.indices) * top_k(y.values, 5).values});
};
struct net : network<(multi_head_attention<2> >> best_of_each >> flatten >> dense<3>), shape<9, 8>> {};
constexpr int samples = 3;
using run = program<net, backend::scalar, batch<samples>, double, training<squared_error>>;

double apart(std::span<const double> a, std::span<const double> b) {
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

}  // namespace

int main() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::printf("skipped: no CUDA device\n");
        return 77;
    }
    std::vector<double> parameters(net::parameter_elements), gradients(parameters.size());
    for (int i = 0; i < net::table.parameter_count; ++i)
        initialise(net::table.parameters[i], i, 1, parameters.data() + net::table.parameters[i].offset);
    std::vector<double> x(samples * 72), target(samples * 3);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 4 * uniform_number(2, 0, i) - 2;
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = uniform_number(2, 1, i);
    std::vector<double> workspace(static_cast<std::size_t>(run::workspace_bytes) / sizeof(double));
    memory<double> m;
    m.count = samples;
    m.real_inputs[0] = x.data();
    m.real_inputs[1] = target.data();
    m.parameters = parameters.data();
    m.gradients = gradients.data();
    m.workspace = workspace.data();
    backend::scalar::run<run>(m);

    cuda::block<run> train(parameters);
    train.step(0.0, x, target);
    const auto wanted = calls::view_of<run>(m, run::graph.outputs[0]), found = train.output();
    const double of_outputs = apart({wanted.data(), wanted.size()}, {found.data(), found.size()});
    const double of_gradients = apart(gradients, train.gradients());
    std::printf("largest difference of outputs %.3e, of gradients %.3e\n", of_outputs, of_gradients);
    return of_outputs <= 1e-11 && of_gradients <= 1e-11 ? 0 : 1;
}
