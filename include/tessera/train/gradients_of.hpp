// gradients_of<Loss, Path...>: the mode of a model that also computes what a loss changes by with the network's real
// inputs and with the values that named<> marked: for explanations, attacks, prompts.
//
//     model<net, batch<8>, gradients_of<selected_output, "stage3">> explain;
//     explain(images, classes);                      // the network's inputs, then the loss's
//     auto saliency = explain.gradient();            // (count, H, W, C): of the first input
//     auto weights = explain.gradient<"stage3">();   // of a tapped value; explain.tap<"stage3">() is the value
//
// The network runs as for inference: no dropout, batch norm by its running statistics. Each sample has the gradient of
// its own loss, whatever else is in the batch. The losses that layers add are left out. For the gradients of any other
// number, write it as a loss; weighted_outputs gives vector-Jacobian products.
//
// Cost        a forward and a backward run; nothing is computed for parameters.
// Errors      compile time: this_network_does_not_fit<...> for a path that nothing has, of indices, or inside a scan,
//             and as the loss says.
#pragma once
#include <tessera/passes/differentiate.hpp>
#include <tessera/train/with_loss.hpp>

namespace tessera {

template <class Loss, fixed_text... Path> struct gradients_of {
    static constexpr phase purpose = phase::inference;
    using gives_gradients = void;

    template <class Net> static constexpr graph prepare() {
        return differentiate(Net::template graph_for<phase::inference>::graph.thaw(), Net::table.input_count);
    }

  private:
    static constexpr graph differentiate(graph g, int inputs) {
        g.losses.clear();
        keep_taps<Path...>(g);
        add_loss_behind<Loss>(g, true);
        g = raise(std::move(g));
        if (g.failed) return g;
        detail::list<int> roots = g.real_inputs(inputs);
        for (const detail::tap_info& t : g.taps) roots.push_back(t.id);
        detail::tape t(g, roots);
        const value loss{&g, g.losses[0]};
        t.run(loss, broadcast_to(constant(g, 1), loss.shape(), loss.batched()));
        for (int r : roots) g.outputs.push_back(t.gradient(r).id);
        return g;
    }
};

}  // namespace tessera
