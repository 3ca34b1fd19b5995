// The graphs that the modes of a program run, of a graph that no type names: what inference, tapped, streaming and
// training prepare, by the same passes; in training with the gradients of inputs.
#pragma once
#include <memory>
#include <tessera/passes/align_variables.hpp>
#include <tessera/passes/frame_by_frame.hpp>
#include <tessera/passes/raise.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>

#include "program.hpp"

namespace tessera::random_networks {

using namespace detail;

// those of values that a loop makes anew in each iteration go
constexpr void keep_whole_taps(graph& g) {
    list<tap_info> kept;
    for (const tap_info& t : g.taps) {
        const bool collected = g.nodes[static_cast<std::size_t>(t.id)].kind == op::stack;
        if (loop_depth(g.nodes.data(), t.id) <= collected) kept.push_back(t);
    }
    g.taps = kept;
}

constexpr graph outputs_of(graph g, bool keeps_taps = false) {
    if (!keeps_taps) g.taps.clear();
    keep_whole_taps(g);
    g.losses.clear();
    return raise(std::move(g));
}

inline std::unique_ptr<table_of<many_nodes>> frozen_copy(const graph& g) {
    return std::make_unique<table_of<many_nodes>>(table_from<many_nodes>(g));
}

// parameters and states at the places that they have in inference
inline void align(graph& g, const graph& inference) {
    const auto table = frozen_copy(inference);
    expect_equal_parameters(g, *table);
    if (g.states.size() + inference.states.size() > 0) align_states(g, *table);
}

// the loss of each sample: what the outputs are weighted by are further inputs
inline graph with_weighted_outputs(graph g) {
    g.taps.clear();
    add_loss_behind<weighted_outputs>(g);
    return raise(std::move(g));
}
inline graph with_gradients(graph g) {
    if (!g.failed) add_gradients<>(g, g.real_inputs());
    return g;
}

// what gradients_of<> differentiates: the loss of each sample by itself
template <class Loss> graph with_loss_alone(graph g) {
    g.losses.clear();
    keep_whole_taps(g);
    if (!g.failed) add_loss_behind<Loss>(g, true);
    return g;
}
// the gradients of the first so many inputs and of taps are further outputs
inline graph explained(graph g, int inputs) {
    g = raise(std::move(g));
    if (g.failed) return g;
    list<int> roots = g.real_inputs(inputs);
    for (const tap_info& t : g.taps) roots.push_back(t.id);
    tape t(g, roots);
    const value loss{&g, g.losses[0]};
    t.run(loss, broadcast_to(constant(g, 1), loss.shape(), loss.batched()));
    for (int r : roots) g.outputs.push_back(t.gradient(r).id);
    return g;
}

// whether a graph of frames computes what the one of whole sequences does; it fails where not
inline void expect_stream(graph& g, const graph& inference) { expect_frame_by_frame(g, *frozen_copy(inference)); }

}  // namespace tessera::random_networks
