// frozen_graph: a graph as a constant. A graph's vectors may not outlive the evaluation that made them; its frozen form
// is plain arrays of exactly the right sizes. Each pass reads one frozen graph and leaves another, so each has an
// evaluation budget of its own.
#pragma once
#include <algorithm>
#include <tessera/ir/graph.hpp>

namespace tessera {

struct graph_sizes {
    int nodes = 0, scopes = 0, inputs = 0, parameters = 0, states = 0, taps = 0, outputs = 0, losses = 0;

    static constexpr graph_sizes of(const graph& g) {
        const auto n = [](const auto& v) { return static_cast<int>(v.size()); };
        return {n(g.nodes),  n(g.scopes), n(g.inputs),  n(g.parameters),
                n(g.states), n(g.taps),   n(g.outputs), n(g.losses)};
    }
};

// Arrays are one longer than they need be: none is empty.
template <int Nodes, int Scopes, int Inputs, int Parameters, int States, int Taps, int Outputs, int Losses>
struct frozen_graph {
    phase purpose = phase::inference;
    bool failed = false;
    fault problem;
    int streams = 0;
    int node_count = Nodes, scope_count = Scopes, input_count = Inputs, parameter_count = Parameters,
        state_count = States, tap_count = Taps, output_count = Outputs, loss_count = Losses;
    node nodes[Nodes + 1];
    scope scopes[Scopes + 1];
    input_info inputs[Inputs + 1];
    variable_info parameters[Parameters + 1], states[States + 1];
    int parameter_ids[Parameters + 1] = {}, state_ids[States + 1] = {};
    tap_info taps[Taps + 1];
    int outputs[Outputs + 1] = {}, losses[Losses + 1] = {};

    constexpr graph thaw() const {
        graph g;
        g.purpose = purpose;
        g.failed = failed;
        g.problem = problem;
        g.streams = streams;
        g.nodes.reserve(static_cast<std::size_t>(Nodes) * 4);
        g.nodes.assign(nodes, nodes + Nodes);
        g.scopes.assign(scopes, scopes + Scopes);
        g.inputs.assign(inputs, inputs + Inputs);
        g.parameters.assign(parameters, parameters + Parameters);
        g.states.assign(states, states + States);
        g.parameter_ids.assign(parameter_ids, parameter_ids + Parameters);
        g.state_ids.assign(state_ids, state_ids + States);
        g.taps.assign(taps, taps + Taps);
        g.outputs.assign(outputs, outputs + Outputs);
        g.losses.assign(losses, losses + Losses);
        return g;
    }
    constexpr text path_of(int s) const {
        if (s <= 0) return {};
        const text above = path_of(scopes[s].parent);
        return above.empty() ? scopes[s].name : above + std::string_view(".") + scopes[s].name.view();
    }
    constexpr text path_of(const variable_info& v) const {
        const text above = path_of(v.scope);
        return above.empty() ? v.name : above + std::string_view(".") + v.name;
    }
};

// A graph with a mistake, made harmless for the passes to come: its inputs, the first of which is its output.
constexpr graph stand_in(graph g) {
    g.nodes.clear();
    g.taps.clear();
    g.losses.clear();
    g.outputs.assign(1, 0);
    g.parameter_ids.assign(g.parameters.size(), -1);
    g.state_ids.assign(g.states.size(), -1);
    for (const input_info& i : g.inputs) {
        node n;
        n.kind = op::input;
        n.type = i.type;
        n.shape = i.shape;
        n.batched = true;
        n.slot = static_cast<int>(g.nodes.size());
        g.nodes.push_back(n);
    }
    return g;
}

// the graph as a constant of its sizes
template <class Frozen> constexpr Frozen copy_into(const graph& g) {
    Frozen f;
    f.purpose = g.purpose;
    f.failed = g.failed;
    f.problem = g.problem;
    f.streams = g.streams;
    std::copy(g.nodes.begin(), g.nodes.end(), f.nodes);
    std::copy(g.scopes.begin(), g.scopes.end(), f.scopes);
    std::copy(g.inputs.begin(), g.inputs.end(), f.inputs);
    std::copy(g.parameters.begin(), g.parameters.end(), f.parameters);
    std::copy(g.states.begin(), g.states.end(), f.states);
    std::copy(g.parameter_ids.begin(), g.parameter_ids.end(), f.parameter_ids);
    std::copy(g.state_ids.begin(), g.state_ids.end(), f.state_ids);
    std::copy(g.taps.begin(), g.taps.end(), f.taps);
    std::copy(g.outputs.begin(), g.outputs.end(), f.outputs);
    std::copy(g.losses.begin(), g.losses.end(), f.losses);
    return f;
}

// the type for a graph of known sizes. A variable of it is evaluated once; one of type auto would be twice.
template <const graph_sizes& S> struct frozen_as_large_as {
    using type = frozen_graph<S.nodes, S.scopes, S.inputs, S.parameters, S.states, S.taps, S.outputs, S.losses>;
};
template <const graph_sizes& S> using frozen_as = typename frozen_as_large_as<S>::type;

}  // namespace tessera
