// state_numbers: the numbers of a state, which stand in the flat buffer of a program's own type whatever their width.
//
//   with_state_numbers<Typed>(v, at, f)   f(p), where p points to numbers of the width of v, which begin at `at`
//   numbers_of(v, streams)                how many there are
//
//   Typed   whether a network has states of a width; where none has, there is no code for them
//
// While compiling, where memory has one type for good, a state of the other width cannot be read.
#pragma once
#include <tessera/ir/graph.hpp>
#include <type_traits>

namespace tessera::detail {

template <class Graph> constexpr bool has_typed_states(const Graph& g) {
    for (int i = 0; i < g.state_count; ++i)
        if (has_width(g.states[i].type)) return true;
    return false;
}

template <class Real>
using other_numbers = std::conditional_t<std::is_const_v<Real>, const other_real<std::remove_const_t<Real>>,
                                         other_real<std::remove_const_t<Real>>>;

// whether a state is not made of a program's own numbers
template <class Real> constexpr bool is_of_other_width(const variable_info& v) {
    return has_width(v.type) && v.type != element_of_type<Real>;
}

template <bool Typed, class Real, class F> constexpr void with_state_numbers(const variable_info& v, Real* at, F f) {
    if constexpr (Typed)
        if (is_of_other_width<Real>(v)) return f(reinterpret_cast<other_numbers<Real>*>(at));
    f(at);
}

constexpr long numbers_of(const variable_info& v, int streams) {
    return static_cast<long>(v.shape.size()) * (v.carried ? streams : 1);
}

}  // namespace tessera::detail
