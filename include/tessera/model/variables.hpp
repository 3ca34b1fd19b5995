// variables: the trainable numbers of a network and its state, what a file holds and what a trainer changes.
//
//   Parameters   what holds the trainable numbers: a buffer of one's own, or borrowed_parameters
#pragma once
#include <algorithm>
#include <tessera/ir/initialise.hpp>
#include <tessera/model/buffer.hpp>
#include <tessera/model/state_numbers.hpp>
#include <tessera/model/weights_view.hpp>
#include <tessera/program.hpp>

namespace tessera::detail {

template <class Program>
using own_parameters =
    buffer<typename Program::real_type, Program::network_type::parameter_elements, Program::backend_type::uses_heap>;

template <class Real> class borrowed_parameters {
  public:
    constexpr borrowed_parameters() = default;
    constexpr explicit borrowed_parameters(const Real* data) noexcept : data_(data) {}
    constexpr const Real* data() const noexcept { return data_; }

  private:
    const Real* data_ = nullptr;
};

template <class Program, class Parameters = own_parameters<Program>> struct variables {
    using Net = typename Program::network_type;
    using Real = typename Program::real_type;
    static constexpr bool heap = Program::backend_type::uses_heap;
    Parameters parameters;
    buffer<Real, Program::state_elements, heap> states;

    constexpr void initialise(std::uint64_t seed) {
        detail::initialise(Net::table.parameters, Net::table.parameter_count, seed, parameters.data());
        start_all();
    }
    // Those that a stream adds to the network's stand after them.
    constexpr void borrow(weights_view<Net, Real> from) {
        parameters = Parameters(from.parameters().data());
        start_all();
        std::ranges::copy(from.states(), states.data());
        reset();
    }
    // the states that a call changes: not the running statistics of a batch norm, which are trained
    constexpr void reset() { reset(0, Program::capacity); }
    constexpr void reset(int stream) { reset(stream, stream + 1); }

  private:
    // of those that streams have, of the streams from `first` on
    constexpr void reset(int first, int end) {
        for (int i = 0; i < Program::nodes; ++i)
            if (updates_state(Program::graph.view(), Program::graph.nodes[i]))
                start(Program::graph.nodes[i].slot, first, end);
    }
    constexpr void start_all() {
        for (int slot = 0; slot < Program::graph.state_count; ++slot) start(slot, 0, Program::capacity);
    }
    constexpr void start(int slot, int first, int end) {
        const variable_info& v = Program::graph.states[slot];
        Real* const at = states.data() + offset_of_state(Program::graph, slot, Program::capacity);
        with_state_numbers<has_typed_states(Program::graph)>(v, at, [&](auto* first_of_state) {
            for (int s = v.carried ? first : 0; s < (v.carried ? end : 1); ++s)
                detail::initialise(v, slot, 0, first_of_state + static_cast<long>(s) * v.shape.size());
        });
    }
};

}  // namespace tessera::detail
