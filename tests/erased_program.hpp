// erased::program, a program as a few pointers, and erased::run_of, which has the memory that it needs: for tests of many
// programs. What compares them is then compiled once for each number type, and a program without a model around it.
//
//     const auto p = erased::program_of<program<net, backend::simd, batch<5>>>();
//     erased::run_of<float> run(p);
//     run(x, 3);             // of a network of one input: its first output, for three samples
#pragma once
#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>
#include <tessera/call/inputs.hpp>
#include <tessera/ir/initialise.hpp>
#include <tessera/program.hpp>
#include <vector>

namespace erased {

using tessera::detail::memory;

template <class Real> struct program {
    int capacity;
    std::span<const tessera::detail::input_info> inputs;  // of the network; those of a loss come after them
    std::span<const tessera::detail::variable_info> parameters, states;  // of a stream those that it keeps as well
    const tessera::detail::scope* scopes;
    long parameter_elements, state_elements, workspace_elements;
    std::span<const int> outputs, losses;  // nodes
    void (*run)(memory<Real>&);
    std::span<const Real> (*value_of)(const memory<Real>&, int node);

    int elements_of_input(int i) const { return inputs[static_cast<std::size_t>(i)].shape.size(); }
};

template <class Program> constexpr auto program_of() {
    using real = typename Program::real_type;
    using net = typename Program::network_type;
    constexpr const auto& table = net::table;
    constexpr const auto& graph = Program::graph;
    const auto listed = [](const auto* list, int count) { return std::span(list, static_cast<std::size_t>(count)); };
    return program<real>{
        .capacity = Program::capacity,
        .inputs = listed(table.inputs, table.input_count),
        .parameters = listed(table.parameters, table.parameter_count),
        .states = listed(graph.states, graph.state_count),
        .scopes = table.scopes,
        .parameter_elements = net::parameter_elements,
        .state_elements = Program::state_elements,
        .workspace_elements = Program::workspace_bytes / static_cast<long>(sizeof(real)),
        .outputs = listed(graph.outputs, graph.output_count),
        .losses = listed(graph.losses, graph.loss_count),
        .run = [](memory<real>& m) { Program::backend_type::template run<Program>(m); },
        .value_of = [](const memory<real>& m, int node) -> std::span<const real> {
            return tessera::detail::calls::view_of<Program>(m, node);
        },
    };
}

// zeroed memory that begins where a line does; a sanitizer sees what goes beyond its end
template <class Real> class lines {
  public:
    explicit lines(long count)
        : count_(static_cast<std::size_t>(std::max(count, 1L))),
          at_(static_cast<Real*>(::operator new(sizeof(Real) * count_, alignment))) {
        std::uninitialized_value_construct_n(at_.get(), count_);
    }
    Real* data() const { return at_.get(); }
    std::span<Real> all() const { return {at_.get(), count_}; }

  private:
    static constexpr std::align_val_t alignment{tessera::detail::line_bytes};
    struct release {
        void operator()(Real* p) const { ::operator delete(p, alignment); }
    };
    std::size_t count_;
    std::unique_ptr<Real, release> at_;
};

// Variables begin as those of a model do, but of either type with the numbers of float.
template <class Real> class run_of {
  public:
    explicit run_of(const program<Real>& p, std::uint64_t seed = 2) : of_(p) {
        memory_.parameters = parameters_.data();
        memory_.gradients = gradients_.data();
        memory_.states = states_.data();
        memory_.workspace = workspace_.data();
        std::vector<float> start(parameters_.all().size());
        tessera::detail::initialise(p.parameters.data(), static_cast<int>(p.parameters.size()), seed, start.data());
        std::ranges::copy(start, parameters_.data());
        start_states();
    }
    // a network whose states have no element type of their own, and that is no batch of streams
    void start_states() {
        int slot = 0;
        for (const tessera::detail::variable_info& v : of_.states) {
            if (v.type != tessera::element::real) throw std::logic_error("a state of an element type of its own");
            tessera::detail::initialise(v, slot++, 0, states_.data() + v.offset);
        }
    }
    run_of(const run_of&) = delete;

    // input i; the list stays where it is as long as calls read it
    void set_input(int i, std::span<const Real> list) { memory_.real_inputs[i] = list.data(); }
    void set_input(int i, std::span<const std::int32_t> list) { memory_.index_inputs[i] = list.data(); }
    void run(int samples) {
        memory_.count = samples;
        of_.run(memory_);
    }
    // a network of one input: its first output
    std::span<const Real> operator()(std::span<const Real> x, int samples) {
        set_input(0, x);
        run(samples);
        return output();
    }
    std::span<const Real> output(int i = 0) const { return value(of_.outputs[static_cast<std::size_t>(i)]); }
    std::span<const Real> loss() const { return value(of_.losses[0]); }
    std::span<Real> parameters() { return parameters_.all(); }
    std::span<Real> states() const { return states_.all(); }
    std::span<const Real> gradients() const { return gradients_.all(); }

  private:
    std::span<const Real> value(int node) const { return of_.value_of(memory_, node); }

    program<Real> of_;
    lines<Real> parameters_{of_.parameter_elements}, gradients_{of_.parameter_elements}, states_{of_.state_elements};
    lines<Real> workspace_{of_.workspace_elements};
    memory<Real> memory_;
};

}  // namespace erased
