// A LeNet-5 in one kernel of one block: forward, and a training step (forward, back, descent). Both agree with the
// host's scalar backend, in float and in double. Returns 77 where there is no device.
#include <cmath>
#include <cstdio>
#include <tessera/cuda/block.cuh>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../networks/lenet.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using networks::lenet;

static_assert(lenet::parameter_count == 61'706);

constexpr int samples = 3;
constexpr double rate = 0.05;

template <class T> using forward = program<lenet, backend::scalar, batch<4>, T>;
template <class T> using both_ways = program<lenet, backend::scalar, batch<4>, T, training<cross_entropy>>;

template <class T> struct data_set {
    std::vector<T> parameters = std::vector<T>(lenet::parameter_elements), images = std::vector<T>(samples * 28 * 28);
    std::vector<std::int32_t> labels;

    data_set() {
        for (int i = 0; i < lenet::table.parameter_count; ++i) {
            const variable_info& v = lenet::table.parameters[i];
            initialise(v, i, 1, parameters.data() + v.offset);
        }
        for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<T>(uniform_number(2, 0, i));
        for (int i = 0; i < samples; ++i) labels.push_back(3 * i % 10);
    }
};

// the same on the host
template <class Program> struct oracle {
    using T = typename Program::real_type;
    std::vector<T> parameters, gradients, workspace;
    memory<T> m;

    explicit oracle(const data_set<T>& d)
        : parameters(d.parameters),
          gradients(parameters.size()),
          workspace(static_cast<std::size_t>(Program::workspace_bytes) / sizeof(T) + 1) {
        m.count = samples;
        m.real_inputs[0] = d.images.data();
        m.index_inputs[1] = d.labels.data();
        m.parameters = parameters.data();
        m.gradients = gradients.data();
        m.workspace = workspace.data();
        backend::scalar::run<Program>(m);
    }
    auto output() const { return calls::view_of<Program>(m, Program::graph.outputs[0]); }
};

// the largest difference, in parts of the largest value
template <class Wanted, class Found>
bool agree(const char* what, const char* type, const Wanted& wanted, const Found& found, double allowed) {
    double largest = 0, apart = 0;
    bool sound = wanted.size() == found.size();
    for (std::size_t i = 0; sound && i < wanted.size(); ++i) {
        sound = std::isfinite(static_cast<double>(found[i]));
        largest = std::max(largest, std::abs(static_cast<double>(wanted[i])));
        apart = std::max(apart, std::abs(static_cast<double>(wanted[i]) - static_cast<double>(found[i])));
    }
    sound = sound && largest > 0 && apart <= allowed * largest;
    std::printf("%s  %-10s %-6s %6zu values, largest %.3e, largest difference %.3e, allowed %.3e\n",
                sound ? "ok    " : "FAILED", what, type, wanted.size(), largest, apart, allowed * largest);
    return sound;
}

template <class T> bool check_all(const char* type, double allowed) {
    const data_set<T> d;
    bool sound = true;

    const oracle<forward<T>> wanted(d);
    cuda::block<forward<T>> classify(d.parameters);
    sound &= agree("logits", type, wanted.output(), classify(d.images), allowed);

    oracle<both_ways<T>> step(d);
    cuda::block<both_ways<T>> train(d.parameters);
    train.step(rate, d.images, d.labels);
    sound &= agree("logits", type, step.output(), train.output(), allowed);
    sound &= agree("losses", type, calls::view_of<both_ways<T>>(step.m, both_ways<T>::graph.losses[0]), train.losses(),
                   allowed);
    sound &= agree("gradients", type, step.gradients, train.gradients(), allowed);
    scalar::descend(step.parameters.data(), static_cast<const T*>(step.gradients.data()), lenet::parameter_elements,
                    static_cast<T>(rate), scalar::alone{});
    sound &= agree("parameters", type, step.parameters, train.parameters(), allowed);
    return sound;
}

}  // namespace

int main() {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::printf("skipped: no CUDA device\n");
        return 77;
    }
    const bool in_double = check_all<double>("double", 1e-12);
    const bool in_float = check_all<float>("float", 1e-5);
    return in_double && in_float ? 0 : 1;
}
