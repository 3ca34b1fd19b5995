// layout_of: where the elements of a node's value are. A node that a program calls a view is not row-major: it is read
// where its operand is, or, a relayout, has memory in an order of its own; see passes/view.hpp. All others have their
// elements one after another.
#pragma once
#include <tessera/ir/layout.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/operations/unfold.hpp>

namespace tessera::detail {

// of a node as a view of an operand with that layout; no axes where none describes it
constexpr layout layout_as_view(const graph_view& g, const node& n, const layout& of_operand) {
    switch (n.kind) {
        case op::reshape: return reshaped(of_operand, n.shape);
        case op::permute: return permuted(of_operand, g.attributes<permute_attributes>(n).order);
        case op::slice: {
            const auto own = g.attributes<slice_attributes>(n);
            return sliced(of_operand, own.first, own.step, n.shape);
        }
        case op::unfold: return reshaped(windows_of(of_operand, g.attributes<unfold_attributes>(n).view), n.shape);
        case op::item: return of_operand.by_iteration == 0 ? item_of(of_operand) : layout{};
        default: return {};
    }
}

constexpr layout layout_of(const graph_view& g, int i) {
    const node& n = g[i];
    if (!g.is_view(i)) return layout::row_major(n.shape, n.batched);
    if (n.kind == op::relayout) return g.attributes<relayout_attributes>(n).arrange(n.shape, n.batched);
    return layout_as_view(g, n, layout_of(g, g.argument(n, 0)));
}

// elements of a sample in the memory of a value that has its own, padding counted; words, of rows of bits
constexpr long elements_in_memory(const graph_view& g, int i) {
    const node& n = g[i];
    if (n.kind == op::relayout && g.is_view(i)) return g.attributes<relayout_attributes>(n).elements(n.shape);
    return stored_size(n);
}

}  // namespace tessera::detail
