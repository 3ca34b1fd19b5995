// training<Loss, Frozen...>: the mode of a program that runs forward and back and leaves every parameter's gradient.
//
// The graph has the network's inputs, then the loss's (labels or targets). The loss is a scalar a sample; what is
// differentiated is its mean over the samples present, plus the auxiliary losses that layers added. A frozen path
// (freeze<"stage1">, freeze<"encoder.*.bias">: see path_pattern.hpp) keeps its parameters, and those below, out of the
// backward half altogether.
//
// Errors  compile time: this_network_does_not_fit<where<"loss">, ...>, as for a network.
#pragma once
#include <tessera/network/path_pattern.hpp>
#include <tessera/passes/differentiate.hpp>
#include <tessera/train/with_loss.hpp>
#include <type_traits>

namespace tessera {

template <fixed_text Path> struct freeze {
    static constexpr std::string_view path = Path.view();

    // the path itself and everything below it
    static constexpr bool covers(std::string_view other) { return detail::covers_path(path, other); }
};

namespace detail {

// A path that freezes nothing is a mistake.
template <class Frozen> constexpr void expect_covered(graph& g) {
    for (const variable_info& p : g.parameters)
        if (Frozen::covers(g.path_of(p).view())) return;
    const int count = static_cast<int>(g.parameters.size());
    g.fail({Frozen::path, text("freeze"), text("a parameter of that path, or below it"),
            paths_like(Frozen::path, g, count), text("nearest first; * stands for any letters")});
}

// Stores the gradients of the parameters that are not frozen; those of `further` nodes become outputs.
template <class... Frozen> constexpr void add_gradients(graph& g, const detail::list<int>& further = {}) {
    detail::list<int> roots, slots;
    for (std::size_t i = 0; i < g.parameters.size(); ++i) {
        const text path = sizeof...(Frozen) > 0 ? g.path_of(g.parameters[i]) : text();
        if ((Frozen::covers(path.view()) || ...)) continue;
        roots.push_back(g.parameter_ids[i]);
        slots.push_back(static_cast<int>(i));
    }
    roots.insert(roots.end(), further.begin(), further.end());
    tape t(g, roots);
    t.run({&g, g.losses[0]}, t.mean_seed({&g, g.losses[0]}));
    for (std::size_t k = 0; k < slots.size(); ++k) store(t.gradient(roots[k]), store_to::gradient, slots[k]);
    for (int i : further) g.outputs.push_back(t.gradient(i).id);
}

}  // namespace detail

template <class Loss, class... Frozen> struct training {
    static constexpr phase purpose = phase::training;
    using changes_parameters = void;

    template <class Net> static constexpr graph prepare() {
        return differentiate(detail::forward_graph<Net, Loss, phase::training>.thaw());
    }

  private:
    static constexpr graph differentiate(graph g) {
        (expect_covered<Frozen>(g), ...);
        if (!g.failed) add_gradients<Frozen...>(g);
        return g;
    }
};

}  // namespace tessera
