// folded<Net>: a network rewritten for inference. Batch norms behind products are folded into them, and whatever
// depends on parameters and states alone is computed once, when a trained model is folded.
//
//     struct fast : folded<resnet50> {};
//     model<fast> deployed;
//     fold(trained, deployed);                   // deployed has parameters of its own, and usually no states
//     save(deployed, "fast.safetensors");
//
// Weights of products and convolutions are packed by fold and load, not in calls, where the backend has an order of its
// own for them: model<fast>::packed_bytes. That changes no bit of a result. So the parameters of a folded model are for
// reading; fold and load alone change them.
// Values agree with the network's but for rounding. Parameters keep the path of the first one that they are made from.
// Dropout needs no folding: for inference it is not there.
//
// Cost        fold: one pass over the parameters. Saved: a product and a sum a batch norm, and the states.
// Errors      compile time: this_network_does_not_fit<...> for a folded network that is trained or streamed; fold
//             between models of other networks.
#pragma once
#include <algorithm>
#include <tessera/model.hpp>
#include <tessera/passes/fold.hpp>

namespace tessera {

namespace detail {

namespace folding {

template <class Net> struct rewritten {
    static constexpr graph make() {
        graph g = outputs_alone<Net, phase::inference>();
        if (g.failed) return g;
        return fold_scales(std::move(g));
    }
};
template <class Net> struct rest_of {
    static constexpr graph make() {
        if (frozen<rewritten<Net>>::graph.failed) return frozen<rewritten<Net>>::graph.thaw();
        return folded_part(frozen<rewritten<Net>>::graph.thaw());
    }
};
// a folded network run for anything but inference
template <class Net, phase Purpose> struct refused {
    static constexpr graph make() {
        graph g = frozen<rest_of<Net>>::graph.thaw();
        constexpr bool trains = Purpose == phase::training;
        g.fail(
            {text("folded"), g.layer, text("inference"), text(trains ? "training" : "streaming"),
             text(trains ? "train the network, then fold it" : "stream the network as it was before it was folded")});
        return stand_in(std::move(g));
    }
};
// the mode of a program that computes the parameters of folded<Net>
struct computing {
    static constexpr phase purpose = phase::inference;
    template <class Net> static constexpr graph prepare() { return folding_part(frozen<rewritten<Net>>::graph.thaw()); }
};

}  // namespace folding

}  // namespace detail

template <class Net> struct folded : detail::network_table<detail::folding::rest_of<Net>> {
    using unfolded_type = Net;

    template <phase Purpose>
    using graph_for = detail::frozen<std::conditional_t<Purpose == phase::inference, detail::folding::rest_of<Net>,
                                                        detail::folding::refused<Net, Purpose>>>;
    static constexpr graph trace(phase) { return detail::folding::rest_of<Net>::make(); }
};

namespace detail {

// the parameters of `to` from the parameters and states of `from`; states that inference changes are copied
template <class From, class To> constexpr void fold(const From& from, To& to) {
    static_assert(std::is_base_of_v<folded<typename From::network_type>, typename To::network_type>,
                  "tessera: fold(from, to): the network of `to` is not folded<the network of `from`>");
    using number = typename From::real_type;
    static_assert(std::is_same_v<number, typename To::real_type>, "tessera: fold(from, to): of two number types");
    using part =
        program<typename From::network_type, typename From::backend_type, batch<1>, number, folding::computing>;
    constexpr const auto& table = To::network_type::table;

    buffer<number, part::workspace_bytes / static_cast<long>(sizeof(number)), part::backend_type::uses_heap> room;
    memory<number> m;
    m.parameters = from.parameters().data();
    m.states = const_cast<number*>(from.states().data());  // read, and not written: nothing in the part stores
    m.workspace = room.data();
    part::backend_type::template run<part>(m);
    change_of_parameters change(to);
    for (int i = 0; i < table.parameter_count; ++i)
        std::ranges::copy(calls::view_of<part>(m, part::graph.outputs[i]),
                          change.parameters().subspan(static_cast<std::size_t>(table.parameters[i].offset)).begin());
    constexpr const auto& whole = From::network_type::table;
    for (int i = 0; i < table.state_count; ++i)  // those that inference changes
        for (int k = 0; k < whole.state_count; ++k)
            if (whole.path_of(whole.states[k]) == table.path_of(table.states[i]))
                std::ranges::copy(from.states().subspan(static_cast<std::size_t>(whole.states[k].offset),
                                                        static_cast<std::size_t>(whole.states[k].shape.size())),
                                  to.states().subspan(static_cast<std::size_t>(table.states[i].offset)).begin());
}

}  // namespace detail

}  // namespace tessera
