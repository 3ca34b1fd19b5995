// What the patterns of raise look at: nodes by number.
#pragma once
#include <tessera/ir/operations.hpp>

namespace tessera::detail::raising {

constexpr bool is(const node& n, scalar_function f) { return n.kind == op::pointwise && n.function == f; }

constexpr bool no_mark_between(const graph_view& g, int first, int end) {
    for (int i = first; i < end; ++i)
        if (g[i].kind == op::loop || g[i].kind == op::loop_end) return false;
    return true;
}

}  // namespace tessera::detail::raising
