// graphviz: a network's graph in the DOT language.
//
//     graphviz<digits>()                                       as traced, a cluster for each layer
//     graphviz<digits>(stage::simplified)
//     graphviz<digits>(stage::differentiated<cross_entropy>)   the backward half in another colour
//     graphviz<model<digits>>(stage::fused)                    a cluster for each step of the program
//
//   Net   a network, or a model, a trainer, a program; stage::fused wants one of the last three
//
// An edge is an argument; outputs and losses have a double border; what only names memory is dashed.
// Errors  compile time: stage::fused of a bare network.
#pragma once
#include <string>
#include <tessera/graphviz/dot_writer.hpp>
#include <tessera/passes/simplify.hpp>
#include <tessera/program/plan_table.hpp>
#include <tessera/summary/made_of.hpp>
#include <tessera/train/training.hpp>

namespace tessera {

namespace stage {

struct traced_stage {};
struct simplified_stage {};
template <class Loss> struct differentiated_stage {};
struct fused_stage {};

inline constexpr traced_stage traced{};
inline constexpr simplified_stage simplified{};
template <class Loss> inline constexpr differentiated_stage<Loss> differentiated{};
inline constexpr fused_stage fused{};

}  // namespace stage

template <class Net> std::string graphviz(stage::traced_stage = {}) {
    return detail::dot_writer(detail::its_network<Net>::type::table.thaw()).by_layer();
}

template <class Net> std::string graphviz(stage::simplified_stage) {
    return detail::dot_writer(simplify(detail::its_network<Net>::type::table.thaw())).by_layer();
}

template <class Net, class Loss> std::string graphviz(stage::differentiated_stage<Loss>) {
    using network = typename detail::its_network<Net>::type;
    const int forward = detail::forward_graph<network, Loss, phase::training>.node_count;
    return detail::dot_writer(training<Loss>::template prepare<network>()).by_direction(forward);
}

template <class Net> std::string graphviz(stage::fused_stage) {
    using program = typename detail::its_program<Net>::type;
    static_assert(
        requires { program::places; }, "tessera: graphviz: stage::fused needs a model, a trainer or a program");
    std::vector<std::string> labels;
    for (int k = 0; k < program::steps; ++k)
        labels.push_back("step " + std::to_string(k) +
                         (program::table.elided[k] ? ": written by its producer" : ": " + step_text<program>(k)));
    const auto& of = program::order.step_of;
    return detail::dot_writer(program::graph.thaw()).by_step({of, of + program::nodes}, labels);
}

}  // namespace tessera
