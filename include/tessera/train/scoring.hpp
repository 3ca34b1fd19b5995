// scoring<Loss>: the mode of a program that runs the network as for inference and computes the loss, without gradients.
//
// Its inputs are the network's, then the loss's. Auxiliary losses of layers count as in training.
#pragma once
#include <tessera/program.hpp>

namespace tessera {

template <class Loss> struct scoring {
    static constexpr phase purpose = phase::inference;

    template <class Net> static constexpr graph prepare() {
        graph g = Net::template graph_for<phase::inference>.thaw();
        g.taps.clear();
        values y;
        for (const int o : g.outputs) y.push({&g, o});
        value total = Loss::apply(g, y);
        for (const int l : g.losses) total = total + value{&g, l};
        g.losses.assign(1, total.id);
        return g;
    }
};

}  // namespace tessera
