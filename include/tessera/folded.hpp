// folded<Net>: a network rewritten for inference. Batch norms after products are folded into them, and whatever
// depends on parameters and states alone is computed once, when a trained model is folded.
//
//     struct fast : folded<resnet50> {};
//     model<fast> deployed;
//     fold(trained, deployed);                   // deployed has parameters of its own, and usually no states
//     save(deployed, "fast.safetensors");        // deployed may also be weights_of<fast>, which many models borrow
//
// Weights of products and convolutions are packed by fold and load, not in calls, where the backend has an order of its
// own for them, and so are bits and whole numbers made of parameters: model<fast>::packed_bytes. That changes no bit of a
// result. So the parameters of a folded model are for reading; fold and load alone change them. A model that borrows has
// nothing made ahead but what fold has computed.
// A network that runs frame by frame is folded for that. Carries are no part of what fold, save and load know:
//
//     struct listening : folded<recogniser, streaming> {};
//     model<listening, streaming> deployed;
//     fold(trained, deployed);                   // trained is a model of recogniser, streaming or not
//
// Values agree with the network's but for rounding. Parameters keep the path of the first one that they are made from.
// Dropout needs no folding: for inference it is not there.
//
// Cost        fold: one pass over the parameters. Saved: a product and a sum a batch norm, and the states.
// Errors      compile time: this_network_does_not_fit<...> for a folded network that is trained, or run in
//             another mode than it is folded for; fold between models of other networks.
#pragma once
#include <algorithm>
#include <tessera/model.hpp>
#include <tessera/passes/fold.hpp>

namespace tessera {

namespace detail {

namespace folding {

template <class Net, phase Purpose> struct rewritten {
    static constexpr graph make() { return fold(outputs_alone<Net, Purpose>()); }
    static constexpr graph fold(graph g) {
        if (g.failed) return g;
        return fold_scales(std::move(g));
    }
};
template <class Net, phase Purpose> struct rest_of {
    static constexpr graph make() {
        if (frozen<rewritten<Net, Purpose>>::graph.failed) return frozen<rewritten<Net, Purpose>>::graph.thaw();
        return folded_part(frozen<rewritten<Net, Purpose>>::graph.thaw());
    }
};

constexpr std::string_view name_of(phase p) {
    return p == phase::inference ? "inference" : p == phase::streaming ? "streaming" : "training";
}
// a folded network run for anything but what it is folded for
template <class Net, phase Folded, phase Purpose> struct refused {
    static constexpr graph make() {
        graph g = frozen<rest_of<Net, Folded>>::graph.thaw();
        g.fail({text("folded"), g.layer, text(name_of(Folded)), text(name_of(Purpose)),
                text(Purpose == phase::training    ? "train the network, then fold it"
                     : Purpose == phase::streaming ? "use folded<net, streaming>"
                                                   : "use folded<net>")});
        return stand_in(std::move(g));
    }
};
// the mode of a program that computes the parameters of folded<Net>
template <phase Folded> struct computing {
    static constexpr phase purpose = phase::inference;
    template <class Net> static constexpr graph prepare() {
        return folding_part(frozen<rewritten<Net, Folded>>::graph.thaw());
    }
};

// whether To is folded from From, itself or by a base
template <class From, class To> inline constexpr bool is_folded_from = false;
template <class From, class To>
    requires requires { typename To::unfolded_type; }
inline constexpr bool is_folded_from<From, To> = std::is_same_v<typename To::unfolded_type, From>;

}  // namespace folding

}  // namespace detail

template <class Net, class Mode = inference>
struct folded : detail::network_table<detail::folding::rest_of<Net, Mode::purpose>> {
    static_assert(std::is_same_v<Mode, inference> || std::is_same_v<Mode, streaming>,
                  "tessera: folded<net, mode>: the mode is inference or streaming");
    using unfolded_type = Net;
    static constexpr phase folded_for = Mode::purpose;

    template <phase Purpose>
    using graph_for =
        detail::frozen<std::conditional_t<Purpose == Mode::purpose, detail::folding::rest_of<Net, Mode::purpose>,
                                          detail::folding::refused<Net, Mode::purpose, Purpose>>>;
    static constexpr graph trace(phase) { return detail::folding::rest_of<Net, Mode::purpose>::make(); }
};

// the parameters of `to` from the parameters and states of `from`; states that inference changes are copied
template <class From, class To> constexpr void fold(const From& from, To& to) {
    static_assert(detail::folding::is_folded_from<typename From::network_type, typename To::network_type>,
                  "tessera: fold(from, to): the network of `to` is not folded<the network of `from`>");
    using number = typename From::real_type;
    static_assert(detail::owns_parameters<To>,
                  "tessera: fold(from, to): a model that borrows does not write its parameters; fold into the weights");
    static_assert(std::is_same_v<number, typename To::real_type>, "tessera: fold(from, to): of two number types");
    using part = program<typename From::network_type, typename From::backend_type, batch<1>, number,
                         detail::folding::computing<To::network_type::folded_for>>;
    constexpr const auto& table = To::network_type::table;

    detail::buffer<number, part::workspace_bytes / static_cast<long>(sizeof(number)), part::backend_type::uses_heap>
        room;
    detail::memory<number> m;
    m.parameters = from.parameters().data();
    m.states = const_cast<number*>(from.states().data());  // read, and not written: nothing in the part stores
    m.workspace = room.data();
    part::backend_type::template run<part>(m);
    detail::change_of_parameters change(to);
    for (int i = 0; i < table.parameter_count; ++i)
        std::ranges::copy(detail::calls::view_of<part>(m, part::graph.outputs[i]),
                          change.parameters().subspan(static_cast<std::size_t>(table.parameters[i].offset)).begin());
    constexpr const auto& whole = From::network_type::table;
    for (int i = 0; i < table.state_count; ++i)  // those that inference changes
        for (int k = 0; k < whole.state_count; ++k)
            if (whole.path_of(whole.states[k]) == table.path_of(table.states[i]))
                std::ranges::copy(from.states().subspan(static_cast<std::size_t>(whole.states[k].offset),
                                                        static_cast<std::size_t>(elements_of(whole.states[k], 1))),
                                  to.states().subspan(static_cast<std::size_t>(table.states[i].offset)).begin());
}

}  // namespace tessera
