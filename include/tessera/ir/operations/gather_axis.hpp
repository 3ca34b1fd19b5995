// gather along an axis: elements of x by index, wherever the axis is.
//
//   gather(x, index, axis)   x (..., V, ...), index (T...) to (..., T..., ...): the axis becomes the axes of the index
//
//   numpy's and MLX's take; gather(table, index) is that of axis 0 of a table.
//
// Gradient    as gather: to x, added up where elements came from; to the index none.
// Cost        gather, and a permutation before and after it where the axis is not the first.
// Errors      those of gather; an axis that x lacks; a result of more than 6 axes.
#pragma once
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/permute.hpp>

namespace tessera {

constexpr value gather(value x, value index, int axis) {
    if (!x.valid() || !index.valid()) return {x.owner, -1};
    if (!detail::expects_axis(detail::within{"gather"}, x, axis) || !detail::expects_index(index)) return {x.owner, -1};
    const int along = x.shape().axis(axis), of_index = index.rank(), result = x.rank() - 1 + of_index;
    if (result > max_rank)
        return reject(*x.owner, detail::within{"gather"}, text("a result of rank 6 or less"), text("rank ") + result);
    detail::permutation first, back;  // the axis to the front; the axes of the index to where it was
    first.push(along);
    extents found = index.shape();
    for (int a = 0; a < x.rank(); ++a)
        if (a != along) {
            first.push(a);
            found.push(x.extent(a));
        }
    for (int a = 0; a < result; ++a) back.push(a < along ? of_index + a : a < along + of_index ? a - along : a);
    const value y = gather(reshape(permute(x, first), {x.extent(along), -1}), index);
    return permute(reshape(y, found), back);
}

}  // namespace tessera
