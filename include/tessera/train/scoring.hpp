// scoring<Loss>: the mode of a program that runs the network as for inference and computes the loss, without gradients.
//
// Its inputs are the network's, then the loss's. Auxiliary losses of layers count as in training.
#pragma once
#include <tessera/train/with_loss.hpp>

namespace tessera {

template <class Loss> struct scoring {
    static constexpr phase purpose = phase::inference;

    template <class Net> static constexpr graph prepare() {
        return detail::forward_graph<Net, Loss, phase::inference>.thaw();
    }
};

}  // namespace tessera
