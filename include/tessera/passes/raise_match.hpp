// What the patterns of raise look at: nodes by number.
#pragma once
#include <tessera/ir/operations.hpp>

namespace tessera::raising {

using node_list = std::vector<node>;

constexpr const node& at(const node_list& nodes, int i) { return nodes[static_cast<std::size_t>(i)]; }
constexpr bool is(const node& n, scalar_function f) { return n.kind == op::pointwise && n.function == f; }

constexpr bool no_mark_between(const node_list& nodes, int first, int end) {
    for (int i = first; i < end; ++i)
        if (at(nodes, i).kind == op::loop || at(nodes, i).kind == op::loop_end) return false;
    return true;
}

}  // namespace tessera::raising
