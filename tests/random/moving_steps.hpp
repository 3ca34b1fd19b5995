// Steps of random networks that say where things are: reshapes, slices, padding, rows of tables.
#pragma once
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/layers/embedding.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

constexpr value reshape_step(writer& w) {
    const value x = w.operand();
    const int which = w.pick(5);
    if (which == 0) return reshape(x, {-1});
    if (which == 1 && x.rank() < 4) return w.ranked(x, x.rank() + 1);
    if (which == 2 && x.rank() > 1) return w.ranked(x, x.rank() - 1);
    extents e;
    int rest = x.size();
    for (int divisor : {2, 3, 5})
        if (rest % divisor == 0 && w.chance(2)) {
            e.push(divisor);
            rest /= divisor;
        }
    e.push(rest);
    if (w.chance(3)) e.push(1);
    return reshape(x, e);
}
constexpr value permute_step(writer& w) {
    const value x = w.operand();
    permutation order;
    for (int a = 0; a < x.rank(); ++a) order.push(a);
    for (int a = x.rank() - 1; a > 0; --a) {
        const int b = w.pick(a + 1), held = order[a];
        order[a] = order[b];
        order[b] = held;
    }
    return permute(x, order);
}
// an order of axes in memory, and rows of a multiple
constexpr value relayout_step(writer& w) {
    const value x = w.operand();
    permutation order;
    for (int a = 0; a < x.rank(); ++a) order.push(a);
    for (int a = x.rank() - 1; a > 0 && w.chance(2); --a) {
        const int b = w.pick(a + 1), held = order[a];
        order[a] = order[b];
        order[b] = held;
    }
    return relayout(x, order, w.chance(2) ? 1 : 1 << w.pick(5));
}
constexpr value slice_step(writer& w) {
    const value x = w.operand();
    if (x.rank() == 0) return x;
    const int axis = w.pick(x.rank()), n = x.extent(axis), step = 1 + w.pick(2), first = w.pick(n);
    const auto most = [](int extent, int from, int by) {
        return by > 0 ? (extent - 1 - from) / by + 1 : from / -by + 1;
    };
    switch (w.pick(6)) {
        case 0: return reversed(x, axis);
        case 1: return slice(x, axis, first, 1 + w.pick(most(n, first, -step)), -step);
        case 2: {  // on all axes
            slice_box b{x.shape(), x.shape(), x.shape()};
            for (int a = 0; a < x.rank(); ++a) {
                const int which = w.raw(), by = (which & 1) + 1;
                b.step[a] = (which & 2) != 0 ? -by : by;
                b.first[a] = (which >> 2) % x.extent(a);
                b.shape[a] = 1 + (which >> 8) % most(x.extent(a), b.first[a], b.step[a]);
            }
            return place_box(op::slice, x, b, x.shape(), 0);
        }
        default: return slice(x, axis, first, 1 + w.pick(most(n, first, step)), step);
    }
}
// set into a larger box with gaps, or the other way round
constexpr value scatter_step(writer& w) {
    const value x = w.operand();
    slice_box b{x.shape(), x.shape(), x.shape()};
    extents outer = x.shape();
    for (int a = 0; a < x.rank(); ++a) {
        const int which = w.raw(), by = (which & 3) == 0 ? 2 : 1, span = (x.extent(a) - 1) * by;
        const bool backwards = (which >> 2 & 3) == 0;
        b.step[a] = backwards ? -by : by;
        b.first[a] = (which >> 4 & 3) % 3 + (backwards ? span : 0);
        outer[a] = (which >> 4 & 3) % 3 + span + 1 + (which >> 6 & 3) % 3;
    }
    return w.fits(outer) ? place_box(op::pad, x, b, outer, w.chance(2) ? 0 : w.pick(5) - 2) : x;
}
constexpr value pad_step(writer& w) {
    if (w.chance(4)) return scatter_step(w);
    value x = w.operand();
    if (x.rank() == 0) x = w.ranked(x, 1);
    extents before, after, shape;
    for (int a = 0; a < x.rank(); ++a) {
        const int n = w.raw();
        before.push(n % 3 == 0 ? 1 + n / 3 % 2 : 0);
        after.push(n / 8 % 3 == 0 ? 1 + n / 32 % 2 : 0);
        shape.push(x.extent(a) + before[a] + after[a]);
    }
    return w.fits(shape) ? padded(x, before, after, w.chance(2) ? 0 : w.pick(5) - 2) : x;
}
constexpr value concatenate_step(writer& w) {
    value x = w.operand();
    if (x.rank() == 0 || x.rank() > 4) x = w.ranked(x, 1);
    const int axis = w.pick(x.rank());
    const value y = w.matching(w.operand(), x, axis), z = w.matching(w.operand(), x, axis);
    extents e = x.shape();
    e[axis] += y.extent(axis) + z.extent(axis) + 2 * x.extent(axis);
    if (!w.fits(e)) return x;
    switch (w.pick(4)) {
        case 0: return concatenate({x, y}, axis);
        case 1: return concatenate({y, x, z}, axis);
        case 2: return concatenate({x, slice(x, axis, x.extent(axis) - 1, 1)}, axis);
        default: return concatenate({x, y, x, z, x * 2}, axis);
    }
}
constexpr value row_step(writer& w) {
    if (w.indices.empty()) return slice_step(w);
    const value index = w.indices[static_cast<std::size_t>(w.pick(static_cast<int>(w.indices.size())))];
    switch (w.pick(4)) {
        case 0:
            if (w.chance(3)) return to_real(index) * 0.5;
            return one_hot(index, recipe::indices + w.pick(3));
        case 1: return gather(w.weight({recipe::indices + w.pick(3), 1 + w.pick(9)}), index);
        case 2: return gather(w.weight({recipe::indices, 1 + w.pick(9)}), reshape(index, {-1}));
        default: {
            value table = w.ranked(w.operand(), 2);
            if (table.extent(1) > 24) table = slice(table, 1, 0, 24);
            const int missing = recipe::indices - table.extent(0);
            if (missing > 0) table = padded(table, {0, 0}, {missing, 0}, 1);
            return gather(table, index);
        }
    }
}

}  // namespace tessera::random_networks
