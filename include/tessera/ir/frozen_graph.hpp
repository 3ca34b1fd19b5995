// frozen_graph: a graph as a constant. A graph's vectors may not outlive the evaluation that made them; its frozen form
// is plain arrays of exactly the right sizes. Each pass reads one frozen graph and leaves another, so each has an
// evaluation budget of its own.
#pragma once
#include <tessera/ir/graph.hpp>

namespace tessera::detail {

struct graph_sizes {
    int nodes = 0, arguments = 0, words = 0, numbers = 0;
    int scopes = 0, inputs = 0, parameters = 0, states = 0, taps = 0, outputs = 0, losses = 0;

    static constexpr graph_sizes of(const graph& g) {
        const auto n = [](const auto& v) { return static_cast<int>(v.size()); };
        return {n(g.nodes),      n(g.arguments), n(g.words), n(g.numbers), n(g.scopes), n(g.inputs),
                n(g.parameters), n(g.states),    n(g.taps),  n(g.outputs), n(g.losses)};
    }
    constexpr bool within(const graph_sizes& room) const {
        return nodes <= room.nodes && arguments <= room.arguments && words <= room.words && numbers <= room.numbers &&
               scopes <= room.scopes && inputs <= room.inputs && parameters <= room.parameters &&
               states <= room.states && taps <= room.taps && outputs <= room.outputs && losses <= room.losses;
    }
};

// Arrays are one longer than they need be: none is empty.
template <int Nodes, int Arguments, int Words, int Numbers, int Scopes, int Inputs, int Parameters, int States,
          int Taps, int Outputs, int Losses>
struct frozen_graph {
    phase purpose = phase::inference;
    text layer;
    bool failed = false;
    fault problem;
    int streams = 0;
    bool fixed_parameters = false;
    int node_count = Nodes, argument_count = Arguments, word_count = Words, number_count = Numbers;
    int scope_count = Scopes, input_count = Inputs, parameter_count = Parameters, state_count = States,
        tap_count = Taps, output_count = Outputs, loss_count = Losses;
    node nodes[Nodes + 1];
    int arguments[Arguments + 1] = {}, words[Words + 1] = {};
    double numbers[Numbers + 1] = {};
    scope scopes[Scopes + 1];
    input_info inputs[Inputs + 1];
    variable_info parameters[Parameters + 1], states[States + 1];
    int parameter_ids[Parameters + 1] = {}, state_ids[States + 1] = {};
    tap_info taps[Taps + 1];
    int outputs[Outputs + 1] = {}, losses[Losses + 1] = {};

    constexpr graph_view view() const { return {nodes, arguments, words, numbers, fixed_parameters}; }

    constexpr graph thaw() const {
        graph g;
        g.purpose = purpose;
        g.layer = layer;
        g.failed = failed;
        g.problem = problem;
        g.streams = streams;
        g.fixed_parameters = fixed_parameters;
        g.nodes.reserve(static_cast<std::size_t>(Nodes));
        g.nodes.assign(nodes, nodes + Nodes);
        g.arguments.reserve(static_cast<std::size_t>(Arguments) * 4);
        g.arguments.assign(arguments, arguments + Arguments);
        g.words.reserve(static_cast<std::size_t>(Words) * 4);
        g.words.assign(words, words + Words);
        g.numbers.reserve(static_cast<std::size_t>(Numbers) * 2);
        g.numbers.assign(numbers, numbers + Numbers);
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
    constexpr text path_of(int s) const { return detail::path_of(scopes, s); }
    constexpr text path_of(const variable_info& v) const { return detail::path_of(scopes, v); }
};

// A graph with a mistake, made harmless for the passes to come: its inputs, the first of which is its output.
constexpr graph stand_in(graph g) {
    g.clear_nodes();
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

namespace freezing {

template <class Frozen> constexpr void copy_heading(const auto& from, const graph_sizes& n, Frozen& f) {
    f.purpose = from.purpose;
    f.layer = from.layer;
    f.failed = from.failed;
    f.problem = from.problem;
    f.streams = from.streams;
    f.fixed_parameters = from.fixed_parameters;
    f.node_count = n.nodes;
    f.argument_count = n.arguments;
    f.word_count = n.words;
    f.number_count = n.numbers;
    f.scope_count = n.scopes;
    f.input_count = n.inputs;
    f.parameter_count = n.parameters;
    f.state_count = n.states;
    f.tap_count = n.taps;
    f.output_count = n.outputs;
    f.loss_count = n.losses;
}

// the first of a list's elements; of a vector and of an array
template <class T> constexpr void copy_list(const T* from, int count, T* to) {
    for (int i = 0; i < count; ++i) to[i] = from[i];
}
template <class T> constexpr void copy_list(const list<T>& from, int count, T* to) {
    copy_list(from.data(), count, to);
}

template <class Frozen> constexpr Frozen copy(const auto& from, const graph_sizes& n) {
    Frozen f;
    copy_heading(from, n, f);
    copy_list(from.nodes, n.nodes, f.nodes);
    const graph_view lists = from.view();
    for (int i = 0; i < n.arguments; ++i) f.arguments[i] = lists.arguments[i];
    for (int i = 0; i < n.words; ++i) f.words[i] = lists.words[i];
    for (int i = 0; i < n.numbers; ++i) f.numbers[i] = lists.numbers[i];
    copy_list(from.scopes, n.scopes, f.scopes);
    copy_list(from.inputs, n.inputs, f.inputs);
    copy_list(from.parameters, n.parameters, f.parameters);
    copy_list(from.states, n.states, f.states);
    copy_list(from.parameter_ids, n.parameters, f.parameter_ids);
    copy_list(from.state_ids, n.states, f.state_ids);
    copy_list(from.taps, n.taps, f.taps);
    copy_list(from.outputs, n.outputs, f.outputs);
    copy_list(from.losses, n.losses, f.losses);
    return f;
}

// Most graphs fit; elements that stay at their defaults cost a compiler next to nothing.
inline constexpr graph_sizes room{4095, 8191, 16383, 2047, 2047, 15, 1023, 511, 511, 63, 63};
using draft = frozen_graph<room.nodes, room.arguments, room.words, room.numbers, room.scopes, room.inputs,
                           room.parameters, room.states, room.taps, room.outputs, room.losses>;

constexpr draft first_copy(const graph& g) {
    const graph_sizes n = graph_sizes::of(g);
    if (n.within(room)) return copy<draft>(g, n);
    draft d;
    copy_heading(g, n, d);
    return d;
}

// the type for a graph of known sizes. A variable of it is evaluated once; one of type auto would be twice.
template <const graph_sizes& S> struct as_large_as {
    using type = frozen_graph<S.nodes, S.arguments, S.words, S.numbers, S.scopes, S.inputs, S.parameters, S.states,
                              S.taps, S.outputs, S.losses>;
};

}  // namespace freezing

// The graph that Source::make() returns, as a constant. It is made once, into a draft with room to spare, and copied
// from there to its exact size; a second time only where it is too large for the draft.
template <class Source> class frozen {
    static constexpr freezing::draft draft = freezing::first_copy(Source::make());
    static constexpr graph_sizes sizes = {draft.node_count,      draft.argument_count, draft.word_count,
                                          draft.number_count,    draft.scope_count,    draft.input_count,
                                          draft.parameter_count, draft.state_count,    draft.tap_count,
                                          draft.output_count,    draft.loss_count};

  public:
    using type = typename freezing::as_large_as<sizes>::type;
    static constexpr type graph = [] {
        if constexpr (sizes.within(freezing::room))
            return freezing::copy<type>(draft, sizes);
        else
            return freezing::copy<type>(Source::make(), sizes);
    }();
};

}  // namespace tessera::detail
