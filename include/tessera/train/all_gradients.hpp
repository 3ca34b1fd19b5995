// all_gradients<Loss>: the mode of a program that leaves the gradients of parameters, as training does, and those of
// the real inputs as further outputs. For whoever checks gradients.
#pragma once
#include <tessera/passes/differentiate.hpp>
#include <tessera/train/with_loss.hpp>

namespace tessera {

template <class Loss> struct all_gradients {
    static constexpr phase purpose = phase::training;
    using changes_parameters = void;

    template <class Net> static constexpr graph prepare() {
        graph g = forward_graph<Net, Loss, phase::training>.thaw();
        if (g.failed) return g;
        std::vector<int> roots = g.parameter_ids;
        const std::vector<int> inputs = g.real_inputs();
        roots.insert(roots.end(), inputs.begin(), inputs.end());
        tape t(g, roots);
        t.run({&g, g.losses[0]}, t.mean_seed({&g, g.losses[0]}));
        for (std::size_t k = 0; k < g.parameters.size(); ++k)
            store(t.gradient(roots[k]), store_to::gradient, static_cast<int>(k));
        for (int i : inputs) g.outputs.push_back(t.gradient(i).id);
        return g;
    }
};

}  // namespace tessera
