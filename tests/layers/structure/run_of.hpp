// run_of<Net, Backend, T, Samples>: a network run forward and back, as in training, on a backend of choice: for tests of
// layers that select by whole numbers, add losses or keep states.
//
//     run_of<net> r;
//     r.input() = {...};  r.parameter("weight")[0] = 1;  r.seed() = {...};  r.run();
//     r.output(0);  r.index_output(1);  r.gradient("weight");  r.input_gradient();  r.loss();  r.state("sum");
//
// The loss is the sum of the real outputs, weighted by the seeds, and what layers add to it; as in training it is a mean
// over the samples. Parameters start as those of a model do.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/initialise.hpp>
#include <tessera/model.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/target.hpp>
#include <vector>

namespace tests {

using namespace tessera;
using namespace tessera::detail;

struct seeded_outputs {
    static constexpr bool takes_labels = false;
    static constexpr value apply(graph& g, const values& y) {
        value total = constant(g, 0);
        for (int i = 0; i < y.count; ++i)
            if (y[i].valid() && y[i].get().is_floating())
                total = total + sum(y[i] * losses::target(g, text("seed_") + i, y[i].shape(), element::real));
        return total;
    }
};

template <class Net, class Backend = backend::scalar, class T = double, int Samples = 1> class run_of {
    using program_type = program<Net, Backend, batch<Samples>, T, all_gradients<seeded_outputs>>;
    static constexpr const auto& graph_ = program_type::graph;
    static constexpr const auto& table = Net::table;
    using list = std::vector<T>;

  public:
    run_of() {
        for (int i = 0; i < graph_.input_count; ++i) {
            const auto n = static_cast<std::size_t>(graph_.inputs[i].shape.size() * Samples);
            real_[i].assign(n, i < table.input_count ? T(0) : T(1));
            index_[i].assign(n, 0);
        }
        if constexpr (table.parameter_count > 0)
            initialise(table.parameters, table.parameter_count, 1, parameters_.data());
        if constexpr (table.state_count > 0) initialise(table.states, table.state_count, 0, states_.data());
    }

    list& input(int i = 0) { return real_[i]; }
    std::vector<std::int32_t>& index_input(int i) { return index_[i]; }
    list& seed(int i = 0) {
        int k = table.input_count;
        for (int o = 0; o < i; ++o) k += is_real(o);
        return real_[k];
    }
    std::span<T> parameter(std::string_view path) {
        return part(path, table.parameters, table.parameter_count, parameters_);
    }
    std::span<T> state(std::string_view path) { return part(path, table.states, table.state_count, states_); }
    std::span<const T> gradient(std::string_view path) {
        return part(path, table.parameters, table.parameter_count, gradients_);
    }
    void set(std::string_view path, const std::vector<double>& to) {
        const std::span<T> p = parameter(path);
        if (p.size() != to.size()) throw std::length_error("another number of parameters");
        std::ranges::transform(to, p.begin(), [](double x) { return static_cast<T>(x); });
    }

    void run(int count = Samples) {
        memory<T> m;
        m.count = count;
        m.parameters = parameters_.data();
        m.gradients = gradients_.data();
        m.states = states_.data();
        m.workspace = workspace_.data();
        for (int i = 0; i < graph_.input_count; ++i) {
            m.real_inputs[i] = real_[i].data();
            m.index_inputs[i] = index_[i].data();
        }
        std::ranges::fill(std::span<T>(gradients_.data(), static_cast<std::size_t>(Net::parameter_elements)), T(0));
        Backend::template run<program_type>(m);
        memory_ = m;
    }
    std::span<const T> output(int i = 0) const { return calls::view_of<program_type>(memory_, graph_.outputs[i]); }
    std::span<const std::int32_t> index_output(int i) const {
        return calls::index_view_of<program_type>(memory_, graph_.outputs[i]);
    }
    std::span<const T> input_gradient(int i = 0) const {
        int o = table.output_count;
        for (int k = 0; k < i; ++k) o += is_floating(table.inputs[k].type);
        return output(o);
    }
    // the mean over the samples
    double loss() const {
        double total = 0;
        for (int i = 0; i < graph_.loss_count; ++i) {
            const auto each = calls::view_of<program_type>(memory_, graph_.losses[i]);
            for (T l : each) total += static_cast<double>(l) / static_cast<double>(each.size());
        }
        return total;
    }

  private:
    static int is_real(int output) { return table.nodes[table.outputs[output]].is_floating(); }
    template <class List, class Buffer>
    static std::span<T> part(std::string_view path, const List& variables, int count, Buffer& buffer) {
        for (int i = 0; i < count; ++i)
            if (table.path_of(variables[i]).view() == path)
                return {buffer.data() + variables[i].offset, static_cast<std::size_t>(variables[i].shape.size())};
        throw std::out_of_range("no such variable");
    }

    list real_[memory<T>::max_inputs];
    std::vector<std::int32_t> index_[memory<T>::max_inputs];
    buffer<T, Net::parameter_elements, true> parameters_, gradients_;
    buffer<T, Net::state_elements, true> states_;
    buffer<T, program_type::workspace_bytes / static_cast<long>(sizeof(T)), true> workspace_;
    memory<T> memory_;
};

}  // namespace tests
