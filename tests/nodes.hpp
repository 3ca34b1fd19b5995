// What tests ask of the nodes of graphs: the numbers of those that a node reads, and whether two are the same.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <tessera/ir/graph.hpp>

namespace tessera {

using namespace detail;

// in a graph, growing or frozen
template <class Graph> std::span<const int> arguments_of(const Graph& g, const node& n) {
    return {g.view().arguments_of(n), static_cast<std::size_t>(n.argument_count)};
}
template <class Graph> std::span<const int> words_of(const Graph& g, const node& n) {
    return {g.view().words + n.first_word, static_cast<std::size_t>(n.word_count)};
}

// in all but shape and place
inline bool same_operation(const graph& g, const node& n, const graph& h, const node& m) {
    const auto bits = [](double x) { return std::bit_cast<std::uint64_t>(x); };
    const bool equal = n.kind == m.kind && n.function == m.function && n.type == m.type && n.batched == m.batched;
    if (!equal || !std::ranges::equal(arguments_of(g, n), arguments_of(h, m))) return false;
    if (!std::ranges::equal(words_of(g, n), words_of(h, m))) return false;
    if (n.kind != op::constant) return n.slot == m.slot;
    for (int i = 0; i < n.shape.size() && n.shape == m.shape; ++i)
        if (bits(g.view().number(n, i)) != bits(h.view().number(m, i))) return false;
    return true;
}
inline bool same_nodes(const graph& g, const graph& h) {
    return std::ranges::equal(g.nodes, h.nodes, [&](const node& n, const node& m) {
        return same_operation(g, n, h, m) && n.shape == m.shape && n.scope == m.scope;
    });
}

}  // namespace tessera
