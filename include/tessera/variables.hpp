// variables: the trainable numbers of a network and its state, what a file holds and what a trainer changes.
#pragma once
#include <tessera/buffer.hpp>
#include <tessera/ir/initialise.hpp>
#include <tessera/program.hpp>

namespace tessera::detail {

template <class Program> struct variables {
    using Net = typename Program::network_type;
    using Real = typename Program::real_type;
    static constexpr bool heap = Program::backend_type::uses_heap;
    buffer<Real, Net::parameter_elements, heap> parameters;
    buffer<Real, Program::state_elements, heap> states;

    constexpr void initialise(std::uint64_t seed) {
        for (int i = 0; i < Net::table.parameter_count; ++i)
            detail::initialise(Net::table.parameters[i], i, seed, parameters.data() + Net::table.parameters[i].offset);
        for (int i = 0; i < Program::graph.state_count; ++i) start(i);
    }
    // the states that a call changes: not the running statistics of a batch norm, which are trained
    constexpr void reset() {
        for (int i = 0; i < Program::nodes; ++i)
            if (updates_state(Program::graph.view(), Program::graph.nodes[i])) start(Program::graph.nodes[i].slot);
    }

  private:
    constexpr void start(int slot) {
        detail::initialise(Program::graph.states[slot], slot, 0, states.data() + Program::graph.states[slot].offset);
    }
};

}  // namespace tessera::detail
