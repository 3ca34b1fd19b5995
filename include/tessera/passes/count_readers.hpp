// How many arguments each node is; what callers see counts as two, so a count of one means one reader and no other.
#pragma once
#include <tessera/ir/graph.hpp>

namespace tessera::detail {

constexpr list<int> count_readers(const graph& g) {
    list<int> readers(g.nodes.size(), 0);
    for (const node& n : g.nodes)
        for (int k = 0; k < n.argument_count; ++k) ++readers[static_cast<std::size_t>(g.view().argument(n, k))];
    for (int i : g.outputs) readers[static_cast<std::size_t>(i)] += 2;
    for (int i : g.losses) readers[static_cast<std::size_t>(i)] += 2;
    for (const tap_info& t : g.taps) readers[static_cast<std::size_t>(t.id)] += 2;
    return readers;
}

}  // namespace tessera::detail
