// check: one case of tests/reference/cases against one backend and one number type; see comparison.hpp.
#pragma once
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <type_traits>

#include "comparison.hpp"

namespace reference {

using namespace tessera;
using namespace tessera::detail;

struct seeded_sum {
    static constexpr value apply(graph& g, const values& y) {
        return sum(y[0] * losses::target(g, text("seed"), y[0].shape(), element::real));
    }
};

template <class Case> constexpr double float_error_of() {
    if constexpr (requires { Case::float_error; })
        return Case::float_error;
    else
        return 1e-5;
}

template <class Case, class Backend, class T> void check() {
    static constexpr const auto& table = Case::table;
    // a state that is not trained with has no gradients to compare
    static constexpr bool backward = Case::purpose == phase::training || table.state_count == 0;
    using loss = std::conditional_t<Case::labelled, cross_entropy, seeded_sum>;
    using program_type =
        program<Case, Backend, batch<4>, T, std::conditional_t<backward, all_gradients<loss>, inference>>;
    compare(subject<T>{
        .file = Case::file,
        .labelled = Case::labelled,
        .gradients = backward,
        .output_count = table.output_count,
        .float_error = float_error_of<Case>(),
        .program = erased::program_of<program_type>(),
    });
}

}  // namespace reference
