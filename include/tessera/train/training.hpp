// training<Loss, Frozen...>: the mode of a program that runs forward and back and leaves every parameter's gradient.
//
// The graph has the network's inputs, then the loss's (labels or targets). The loss is a scalar a sample; what is
// differentiated is its mean over the samples present, plus the auxiliary losses that layers added. A frozen path
// (freeze<"stage1">) keeps its parameters out of the backward half altogether.
// gradients_of<Loss> is the same with the gradients of the inputs as further outputs.
//
// Errors  compile time: this_network_does_not_fit<where<"loss">, ...>, as for a network.
#pragma once
#include <tessera/passes/differentiate.hpp>
#include <tessera/program.hpp>
#include <type_traits>

namespace tessera {

template <fixed_text Path> struct freeze {
    // the path itself and everything below it
    static constexpr bool covers(std::string_view path) {
        const std::string_view own = Path.view();
        return path == own ||
               (path.size() > own.size() && path.substr(0, own.size()) == own && path[own.size()] == '.');
    }
};

namespace training_graph {

template <class Net, class Loss> constexpr graph with_loss() {
    graph g = Net::template graph_for<phase::training>.thaw();
    g.taps.clear();
    values y;
    for (int o : g.outputs) y.push({&g, o});
    const scope_guard inside(g, "loss", text("loss"));
    value total = Loss::apply(g, y);
    for (int l : g.losses) total = total + value{&g, l};
    g.losses.assign(1, total.id);
    return g;
}

template <class Net, class Loss> inline constexpr graph_sizes forward_sizes = graph_sizes::of(with_loss<Net, Loss>());
template <class Net, class Loss>
inline constexpr frozen_as<forward_sizes<Net, Loss>> forward =
    copy_into<frozen_as<forward_sizes<Net, Loss>>>(with_loss<Net, Loss>());

// gradients of parameters are stored, those of inputs become outputs
template <class... Frozen> constexpr void add_gradients(graph& g, bool of_inputs) {
    if (g.failed) return;
    std::vector<int> roots, slots;
    for (std::size_t i = 0; i < g.parameters.size(); ++i) {
        const text path = g.path_of(g.parameters[i]);
        if ((Frozen::covers(path.view()) || ...)) continue;
        roots.push_back(g.parameter_ids[i]);
        slots.push_back(static_cast<int>(i));
    }
    if (of_inputs)
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            if (g.nodes[i].kind == op::input && g.nodes[i].type == element::real) roots.push_back(static_cast<int>(i));
    const value loss{&g, g.losses[0]};
    tape t(g, roots);
    const value one = loss.batched() ? t.inverse_count() : constant(g, 1);
    t.run(loss, stretch(one, loss.shape(), loss.batched()));
    for (std::size_t k = 0; k < roots.size(); ++k) {
        const value d = t.gradient(roots[k]);
        if (k < slots.size())
            store(d, store_to::gradient, slots[k]);
        else
            g.outputs.push_back(d.id);
    }
}

}  // namespace training_graph

template <class Loss, class... Frozen> struct training {
    static constexpr phase purpose = phase::training;
    template <class Net> static constexpr graph prepare() {
        graph g = training_graph::forward<Net, Loss>.thaw();
        training_graph::add_gradients<Frozen...>(g, false);
        return g;
    }
};

template <class Loss> struct gradients_of {
    static constexpr phase purpose = phase::training;
    template <class Net> static constexpr graph prepare() {
        graph g = training_graph::forward<Net, Loss>.thaw();
        training_graph::add_gradients<>(g, true);
        return g;
    }
};

}  // namespace tessera
