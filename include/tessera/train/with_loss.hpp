// The graph of a network with a loss after it: what training, scoring and explanations begin with.
//
// Inputs are the network's, then the loss's. graph.losses holds one number: the loss of a sample, auxiliary losses that
// layers added included.
//
// Errors  compile time: this_network_does_not_fit<where<"loss">, ...>.
#pragma once
#include <concepts>
#include <tessera/ir/operations.hpp>
#include <tessera/program.hpp>

namespace tessera {

template <class T>
concept a_loss = requires(graph& g, const values& y) {
    { T::apply(g, y) } -> std::same_as<value>;
};

namespace detail {

// A loss whose mean over a batch is not that of its samples, such as one over the labels that count, has apply_alone:
// the loss of a sample by itself.
template <class Loss> constexpr value loss_of(graph& g, const values& y, bool alone) {
    if constexpr (requires { Loss::apply_alone(g, y); })
        if (alone) return Loss::apply_alone(g, y);
    return Loss::apply(g, y);
}

template <class Loss> constexpr void add_loss_behind(graph& g, bool alone = false) {
    values y;
    for (int o : g.outputs) y.push({&g, o});
    const scope_guard inside(g, "loss", text("loss"), true);
    value total = cast_to(loss_of<Loss>(g, y, alone), element::real);
    for (int l : g.losses) total = total + cast_to({&g, l}, element::real);
    g.losses.assign(1, total.id);
}

template <class Net, class Loss, phase Purpose> struct with_loss {
    static constexpr graph make() { return append(Net::template graph_for<Purpose>::graph.thaw()); }
    static constexpr graph append(graph g) {
        g.taps.clear();
        add_loss_behind<Loss>(g);
        return raise(std::move(g));
    }
};

template <class Net, class Loss, phase Purpose>
inline constexpr const auto& forward_graph = frozen<with_loss<Net, Loss, Purpose>>::graph;

}  // namespace detail

}  // namespace tessera
