// tapped<"stage1", ...>: the mode of a model that also keeps the values that named<> marked.
//
//     model<net, batch<8>, tapped<"stage1", "stage2.1">> looks_inside;
//     looks_inside(images);
//     auto features = looks_inside.tap<"stage1">();     // a view, valid until the next call
//
// Cost        the kept values have memory to themselves, and no loop is fused across them.
// Errors      compile time: this_network_does_not_fit<...> for a path that nothing has, of indices, or inside a scan.
#pragma once
#include <tessera/passes/taps.hpp>
#include <tessera/program.hpp>

namespace tessera {

template <fixed_text... Path> struct tapped {
    static constexpr phase purpose = phase::inference;
    template <class Net> static constexpr graph prepare() {
        graph g = Net::template graph_for<phase::inference>::graph.thaw();
        g.losses.clear();
        keep_taps<Path...>(g);
        return raise(std::move(g));
    }
};

}  // namespace tessera
