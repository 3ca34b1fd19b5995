// program: what a backend and a batch capacity decide about a network: order, fusion, memory.
//
//     using p = program<digits, backend::scalar, batch<8>, float, inference>;
//     static_assert(p::workspace_bytes <= 40'000);
//
// The mode says which graph is run: inference, training<Loss>, ... (a type with `prepare<Net>()`).
#pragma once
#include <tessera/network.hpp>
#include <tessera/passes/emit.hpp>
#include <tessera/passes/simplify.hpp>

namespace tessera {

// the capacity: how many samples a call may hold; the number present is an argument of the call
template <int Capacity>
struct batch {
    static_assert(Capacity >= 1, "batch<N>: N must be at least 1");
    static constexpr int capacity = Capacity;
};

struct inference {
    static constexpr phase purpose = phase::inference;
    template <class Net>
    static constexpr graph prepare() {
        graph g = Net::template graph_for<phase::inference>.thaw();
        g.taps.clear();
        return g;
    }
};

// Where a call finds its data. Buffers are as the program's tables say; inputs in the order of the network.
template <class T>
struct memory {
    static constexpr int max_inputs = 8;
    const T* real_inputs[max_inputs] = {};
    const std::int32_t* index_inputs[max_inputs] = {};
    const T* parameters = nullptr;
    T* gradients = nullptr;
    T* states = nullptr;
    T* workspace = nullptr;
    int count = 1;
    std::uint64_t seed = 0;
};

template <class Net, class Backend, class Batch = batch<1>, class Real = float, class Mode = inference>
struct program {
    using network_type = Net;
    using real_type = Real;
    using backend_type = Backend;
    static constexpr int capacity = Batch::capacity;

    static constexpr auto graph = frozen([] { return simplify(Mode::template prepare<Net>()); });
    static constexpr int nodes = graph.node_count;

    struct plan_type {
        schedule<nodes> order;
        placement<nodes> places;
    };
    static constexpr plan_type plan = [] {
        plan_type p;
        p.order = fuse<Backend, nodes>(graph);
        p.places = place<Backend, nodes>(graph, p.order, capacity, static_cast<int>(sizeof(Real)));
        return p;
    }();

    static constexpr int steps = plan.order.step_count;
    static constexpr auto table =
        emit<steps, count_addresses(graph, plan.order)>(graph, plan.order, plan.places);

    // bytes of intermediate values and kernel room; `bound` is the least that any placement could need
    static constexpr long workspace_bytes = plan.places.workspace_bytes;
    static constexpr long workspace_bound = plan.places.bound;
    static constexpr long parameter_bytes = static_cast<long>(Net::parameter_elements) * static_cast<long>(sizeof(Real));
    static constexpr long state_bytes = static_cast<long>(Net::state_elements) * static_cast<long>(sizeof(Real));

    static constexpr bool uses(op kind) {
        for (int i = 0; i < nodes; ++i)
            if (graph.nodes[i].kind == kind) return true;
        return false;
    }
};

}  // namespace tessera
