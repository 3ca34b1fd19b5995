// row_rule: which rows of rings, and rows that an index selects, have a fixed kernel.
#pragma once
#include <tessera/backend/simd/anchor/gather.hpp>
#include <tessera/backend/simd/anchor/layout.hpp>
#include <tessera/backend/simd/anchor/loop.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct fixed_ring {
    bool exists = false;
    int taps = 1, step = 1, rows = 1, wide = 1;
    int samples = 1;
    int ring = 0, row = 0, x = 0;  // from sample to sample
};
template <class Arch, class T> constexpr fixed_ring fixed_ring_of(const graph_view& g, const node& self, int capacity) {
    const auto by_sample = [&](int k) {
        const node& n = g.operand(self, k);
        return n.batched ? n.shape.size() : 0;
    };
    fixed_ring f;
    f.samples = self.batched ? capacity : 1;
    if (self.kind == op::delay_line) {
        const auto p = anchor<Arch, T, op::delay_line>::prepare(g, self);
        f = {true,      p.taps,       p.step,       p.rows,      static_cast<int>(p.wide),
             f.samples, by_sample(0), by_sample(1), by_sample(2)};
    } else {
        const auto p = anchor<Arch, T, op::store>::prepare(g, self);
        f = {p.rows > 0,
             1,
             1,
             p.rows,
             static_cast<int>(p.all.size),
             f.samples,
             0,
             by_sample(1),
             static_cast<int>(p.all.from)};
        f.ring = p.rows * f.wide;
    }
    return f;
}

struct fixed_gather {
    bool exists = false;
    int rows = 1, columns = 1, table_rows = 1;
};
// of indices that the caller gives: the workspace holds numbers of one type after those of another
template <class Arch, class T>
constexpr fixed_gather fixed_gather_of(const graph_view& g, const node& self, int capacity) {
    const auto p = anchor<Arch, T, op::gather>::prepare(g, self);
    const node &table = g.operand(self, 0), &index = g.operand(self, 1);
    return {p.plain && self.is_real() && table.is_real() && index.kind == op::input && index.type == element::int32,
            p.rows * (self.batched ? capacity : 1), p.columns, p.table_rows};
}

}  // namespace tessera::detail::simd
