// loss_run: a loss and the gradients of the network's inputs, on the reference implementations in double.
//
//     loss_run<rows, l1, 6> run;
//     run.real(0) = inputs;  run.real(1) = targets;  run();
//     run.loss();  run.gradient(0);
#pragma once
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/train/all_gradients.hpp>
#include <vector>

namespace tessera {

using namespace detail;

template <class Net, class Loss, int Samples> class loss_run {
    using run_type = program<Net, backend::scalar, batch<Samples>, double, all_gradients<Loss>>;

  public:
    // by number of the input: those of the network, then those of the loss
    std::vector<double>& real(std::size_t input) { return real_[input]; }
    std::vector<std::int32_t>& labels(std::size_t input) { return labels_[input]; }

    void operator()() {
        workspace_.assign(static_cast<std::size_t>(run_type::workspace_bytes) / sizeof(double), -1);
        for (std::size_t i = 0; i < real_.size(); ++i) {
            memory_.real_inputs[i] = real_[i].data();
            memory_.index_inputs[i] = labels_[i].data();
        }
        memory_.workspace = workspace_.data();
        memory_.count = Samples;
        backend::scalar::run<run_type>(memory_);
    }

    // the mean over the samples
    double loss() const {
        double total = 0;
        for (double l : read(run_type::graph.losses[0])) total += l;
        return total / Samples;
    }
    std::vector<double> gradient(int input) const {
        return read(run_type::graph.outputs[Net::table.output_count + input]);
    }

  private:
    std::vector<double> read(int id) const {
        const double* first = address(memory_, run_type::places.at[id]);
        return {first, first + Samples * run_type::graph.nodes[id].shape.size()};
    }

    std::array<std::vector<double>, 4> real_;
    std::array<std::vector<std::int32_t>, 4> labels_;
    std::vector<double> workspace_;
    memory<double> memory_;
};

// what a loss has to say to a network that it does not fit
template <class Net, class Loss> fault fault_of() {
    graph g = Net::trace(phase::training);
    values y;
    for (int o : g.outputs) y.push({&g, o});
    Loss::apply(g, y);
    return g.problem;
}

}  // namespace tessera
