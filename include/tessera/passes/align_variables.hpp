// align_variables: parameters and states of a network that is traced for training or streaming, brought to the places
// that they have in inference, of which models, files and folding know.
//
//   expect_equal_parameters(g, table)   they must be the same, in the same order
//   align_states(g, table)              states may have been bound in another order, and streams have further ones
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera::detail {

// whether two graphs of one expression name a variable alike
template <class Table>
constexpr bool is_same_variable(const graph& g, const variable_info& v, const Table& table,
                                const variable_info& other) {
    if (v.carried || !(v.name == other.name)) return false;
    int s = v.scope, t = other.scope;
    while (s > 0 && t > 0) {
        const scope &one = g.scopes[static_cast<std::size_t>(s)], &two = table.scopes[t];
        if (one.key != two.key || !(one.name == two.name)) return false;
        s = one.parent;
        t = two.parent;
    }
    return s <= 0 && t <= 0;
}

// a variable of `owner`, which is g or the graph of inference, that the other of them has not, or has otherwise
template <class Owner>
constexpr void reject_variable(graph& g, const Owner& owner, const variable_info& v, text found) {
    const bool streams = g.purpose == phase::streaming;
    g.fail({place_of(owner, v.scope), layer_of(owner, v.scope, g.layer),
            text("'") + v.name + std::string_view("' ") + v.shape.describe() +
                std::string_view(streams ? ", as on whole sequences" : ", as in inference"),
            found,
            text(streams ? "frame by frame, a layer sees one element of time"
                         : "bind variables whatever x.training() says")});
}

// Whatever a network is run for, it reads the parameters of inference.
template <class Table> constexpr void expect_equal_parameters(graph& g, const Table& table) {
    for (int i = 0; i < table.parameter_count && !g.failed; ++i) {
        const variable_info& wanted = table.parameters[i];
        const auto k = static_cast<std::size_t>(i);
        const bool there = k < g.parameters.size() && is_same_variable(g, g.parameters[k], table, wanted);
        if (!there || !(g.parameters[k].shape == wanted.shape))
            reject_variable(g, table, wanted, there ? g.parameters[k].shape.describe() : text("none"));
    }
}

// The states of inference come first, at the places that they have there; after them, when streaming, the carries,
// each under a name that no other has.
template <class Table> constexpr void align_states(graph& g, const Table& table) {
    list<variable_info> states;
    list<int> ids, now(g.states.size(), -1);
    const auto move = [&](std::size_t from) {
        now[from] = static_cast<int>(states.size());
        variable_info v = g.states[from];
        v.name = free_name(states, v);
        v.offset = end_of(states);
        states.push_back(v);
        ids.push_back(g.state_ids[from]);
    };
    for (int i = 0; i < table.state_count && !g.failed; ++i) {
        const variable_info& wanted = table.states[i];
        std::size_t k = 0;
        const auto here = static_cast<std::size_t>(i);
        if (here < g.states.size() && is_same_variable(g, g.states[here], table, wanted)) k = here;
        while (k < g.states.size() && !is_same_variable(g, g.states[k], table, wanted)) ++k;
        if (k == g.states.size() || !(g.states[k].shape == wanted.shape) || g.states[k].type != wanted.type)
            return reject_variable(g, table, wanted,
                                   k == g.states.size() ? text("none") : g.states[k].shape.describe());
        move(k);
    }
    for (std::size_t k = 0; k < g.states.size() && !g.failed; ++k) {
        if (now[k] >= 0) continue;
        if (g.purpose == phase::training) return reject_variable(g, g, g.states[k], text("none in inference"));
        move(k);
    }
    if (g.failed) return;
    for (node& n : g.nodes)
        if (n.kind == op::state || updates_state(g.view(), n)) n.slot = now[static_cast<std::size_t>(n.slot)];
    g.states = states;
    g.state_ids = ids;
}

}  // namespace tessera::detail
