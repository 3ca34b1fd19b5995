// check: one case of tests/reference/cases against one backend and one number type; see comparison.hpp.
#pragma once
#include <type_traits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/call/inputs.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/cross_entropy.hpp>

#include "comparison.hpp"

namespace reference {

using namespace tessera;
using namespace tessera::detail;

struct seeded_sum {
    static constexpr value apply(graph& g, const values& y) {
        return sum(y[0] * losses::target(g, text("seed"), y[0].shape(), element::real));
    }
};

template <class Case, class Backend, class T> void check() {
    static constexpr const auto& table = Case::table;
    // a state that is not trained with has no gradients to compare
    static constexpr bool backward = Case::purpose == phase::training || table.state_count == 0;
    using loss = std::conditional_t<Case::labelled, cross_entropy, seeded_sum>;
    using program_type =
        program<Case, Backend, batch<4>, T, std::conditional_t<backward, all_gradients<loss>, inference>>;
    static constexpr const auto& graph = program_type::graph;
    const auto listed = [](const auto& list, int count) { return std::span(list, static_cast<std::size_t>(count)); };
    compare(subject<T>{
        .file = Case::file,
        .labelled = Case::labelled,
        .gradients = backward,
        .capacity = program_type::capacity,
        .inputs = listed(&table.inputs[0], table.input_count),
        .parameters = listed(&table.parameters[0], table.parameter_count),
        .states = listed(&table.states[0], table.state_count),
        .scopes = table.scopes,
        .parameter_elements = Case::parameter_elements,
        .state_elements = Case::state_elements,
        .workspace_elements = program_type::workspace_bytes / static_cast<long>(sizeof(T)),
        .outputs = graph.outputs,
        .losses = graph.losses,
        .output_count = table.output_count,
        .run = [](memory<T>& m) { Backend::template run<program_type>(m); },
        .value_of = [](const memory<T>& m, int node) -> std::span<const T> {
            return calls::view_of<program_type>(m, node);
        },
    });
}

}  // namespace reference
