// all_gradients<Loss>: the mode of a program that leaves the gradients of parameters, as training does, and those of
// the real inputs as further outputs. For whoever checks gradients.
#pragma once
#include <tessera/train/training.hpp>

namespace tessera {

template <class Loss> struct all_gradients {
    static constexpr phase purpose = phase::training;
    using changes_parameters = void;

    template <class Net> static constexpr graph prepare() {
        return differentiate(detail::forward_graph<Net, Loss, phase::training>.thaw());
    }

  private:
    static constexpr graph differentiate(graph g) {
        if (!g.failed) add_gradients<>(g, g.real_inputs());
        return g;
    }
};

}  // namespace tessera
