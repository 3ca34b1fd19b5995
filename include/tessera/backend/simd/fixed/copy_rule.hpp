// copy_rule: which steps only move elements, and the plan of it: some pieces, the same for each row and sample; or a walk
// over the axes of a layout.
#pragma once
#include <tessera/backend/simd/anchor/layout.hpp>
#include <tessera/backend/simd/anchor/loop.hpp>
#include <tessera/backend/simd/anchor/reduction.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct copied_piece {
    int argument = 0;
    int from = 0, to = 0, length = 0;
    int by_row = 0, by_sample = 0;  // how far `from` moves
};
struct fixed_copy {
    int count = 0;  // 0: there is none
    copied_piece of[fixed_limits::pieces];
    int rows = 1, samples = 1;
    int to_row = 0, to_sample = 0;  // how far `to` moves
    int read = 0, wrote = 0;        // between what two iterations of a loop read, and write

    constexpr void add(const copied_piece& p) {
        if (count < 0) return;
        if (count > 0) {  // the next of the last piece
            copied_piece& last = of[count - 1];
            if (last.argument == p.argument && last.from + last.length == p.from && last.to + last.length == p.to &&
                last.by_row == p.by_row && last.by_sample == p.by_sample) {
                last.length += p.length;
                return;
            }
        }
        if (count == fixed_limits::pieces)
            count = -1;
        else
            of[count++] = p;
    }
};

// Elements of an operand, or of the result, without gaps; of the other one by axes. The result is filled before where
// it has more.
struct fixed_walk {
    int axes = 0;  // 0: there is none
    int extent[max_rank + 1] = {};
    std::ptrdiff_t stride[max_rank + 1] = {};
    std::ptrdiff_t first = 0;
    bool into = false;  // the axes are those of the result
    int fills = 0;      // elements of the result, 0: none
    double fill = 0;
};

template <class InstructionSet> constexpr fixed_copy copy_of_view(const layout& from, int samples) {
    fixed_copy c;
    c.samples = samples;
    const auto size = static_cast<int>(from.size()), run = static_cast<int>(from.run());
    c.to_sample = size;
    for (int i = 0; i < size && c.count >= 0; i += run)
        c.add({0, static_cast<int>(from.at(i)), i, run, 0, static_cast<int>(from.stride[0])});
    return c;
}
template <class InstructionSet> constexpr fixed_walk walk_of_view(layout l, int samples) {
    fixed_walk w;
    l.extent[0] = samples;
    const layout m = merged(l);
    w.first = m.first;
    const bool in_runs = m.axes > 0 && m.stride[m.axes - 1] == 1 && m.extent[m.axes - 1] >= 8;
    if (m.axes > max_rank || (!in_runs && m.size() > fixed_limits::walked)) return w;
    w.axes = m.axes;
    for (int a = 0; a < m.axes; ++a) {
        w.extent[a] = static_cast<int>(m.extent[a]);
        w.stride[a] = m.stride[a];
    }
    return w;
}

template <class Arch, class T, op Kind>
constexpr fixed_copy copy_of_loop(const graph_view& g, const node& self, int samples) {
    using work = anchor<Arch, T, Kind>;
    const auto p = [&] {
        if constexpr (Kind == op::store)
            return work::prepare(g, self).all;
        else
            return work::prepare(g, self);
    }();
    fixed_copy c;
    c.samples = samples;
    c.to_sample = static_cast<int>(p.step);
    c.add({Kind == op::next ? 1 : 0, 0, 0, static_cast<int>(p.size), 0, static_cast<int>(p.from)});
    c.read = static_cast<int>(p.read);
    c.wrote = static_cast<int>(p.wrote);
    return c;
}

template <class Arch, class T> constexpr layout layout_of_moved(const graph_view& g, const node& self) {
    switch (self.kind) {
        case op::slice: return anchor<Arch, T, op::slice>::prepare(g, self).from;
        case op::unfold: return anchor<Arch, T, op::unfold>::prepare(g, self).from;
        default: return anchor<Arch, T, op::permute>::prepare(g, self).from;
    }
}

template <class Arch, class T> constexpr fixed_copy copy_of_step(const graph_view& g, const node& self, int capacity) {
    fixed_copy c;
    const int samples = self.batched ? capacity : 1;
    switch (self.kind) {
        case op::slice:
        case op::unfold:
        case op::permute: return copy_of_view<Arch>(layout_of_moved<Arch, T>(g, self), samples);
        case op::concatenate: {
            const auto p = anchor<Arch, T, op::concatenate>::prepare(g, self);
            if (p.parts > fixed_limits::pieces) return c;
            c.rows = p.rows;
            c.samples = samples;
            c.to_row = p.width;
            c.to_sample = p.rows * p.width;
            for (int k = 0, to = 0; k < p.parts; to += p.part[k++])
                c.add({k, 0, to, p.part[k], static_cast<int>(p.row[k]), static_cast<int>(p.sample[k])});
            return c;
        }
        case op::sum: {  // of no axis: a copy
            const auto p = anchor<Arch, T, op::sum>::prepare(g, self);
            const bool plain = p.of(capacity).reduced == 1 && p.factor == 1 && !p.divide;
            if (plain) c.add({0, 0, 0, self.shape.size() * samples});
            return c;
        }
        case op::store:
            if (g.attributes<store_attributes>(self).rows != 0) return c;
            return copy_of_loop<Arch, T, op::store>(g, self, samples);
        case op::carry: return copy_of_loop<Arch, T, op::carry>(g, self, samples);
        case op::item: return copy_of_loop<Arch, T, op::item>(g, self, samples);
        case op::next: return copy_of_loop<Arch, T, op::next>(g, self, samples);
        case op::stack: return copy_of_loop<Arch, T, op::stack>(g, self, samples);
        default: return c;
    }
}

template <class Arch, class T> constexpr fixed_walk walk_of_step(const graph_view& g, const node& self, int capacity) {
    const int samples = self.batched ? capacity : 1;
    switch (self.kind) {
        case op::slice:
        case op::unfold:
        case op::permute: return walk_of_view<Arch>(layout_of_moved<Arch, T>(g, self), samples);
        case op::pad: {
            if (g.is_view(g.argument(self, 0)) || g.operand(self, 0).batched != self.batched) return {};
            const auto p = anchor<Arch, T, op::pad>::prepare(g, self);
            layout to = p.to;
            to.stride[0] = self.shape.size();
            fixed_walk w = walk_of_view<Arch>(to, samples);
            w.into = true;
            w.fills = self.shape.size() * samples;
            w.fill = p.fill;
            return w;
        }
        default: return {};
    }
}

}  // namespace tessera::detail::simd
