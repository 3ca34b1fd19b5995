// The anchors of gather and scatter_add: whole rows, of one table or of one each sample has.
#pragma once
#include <tessera/backend/simd/anchor/layout.hpp>
#include <tessera/backend/simd/gather.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct anchor<Arch, T, op::gather> : moves {
    struct prepared {
        int rows, columns, table_rows;
        bool own_table, own_index;  // whether each sample has one
        bool plain;                 // one table for all, an index of each: samples are further rows
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const node &table = g.operand(self, 0), &index = g.operand(self, 1);
        return {self.shape.size() / self.shape[-1],
                self.shape[-1],
                table.shape[0],
                table.batched,
                index.batched,
                !table.batched && index.batched == self.batched};
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        if (p.plain) return gather<Arch>(p.rows * c.samples(), p.columns, p.table_rows, c.x[0], c.index[1], c.y, {});
        const std::ptrdiff_t table = p.own_table ? std::ptrdiff_t{p.table_rows} * p.columns : 0;
        const std::ptrdiff_t index = p.own_index ? p.rows : 0, result = std::ptrdiff_t{p.rows} * p.columns;
        threads::parallel(c.samples(), [&](int s) noexcept {
            gather_rows(0, p.rows, p.columns, p.table_rows, c.x[0] + s * table, c.index[1] + s * index,
                        c.y + s * result);
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::scatter_add> : moves {
    struct prepared {
        int rows, columns, table_rows;
        bool own_rows, own_index, own_table;  // whether each sample has them
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const node &rows = g.operand(self, 0), &index = g.operand(self, 1);
        return {index.shape.size(), self.shape[-1], self.shape[0], rows.batched, index.batched, self.batched};
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const std::ptrdiff_t rows = p.own_rows ? std::ptrdiff_t{p.rows} * p.columns : 0;
        const std::ptrdiff_t index = p.own_index ? p.rows : 0, size = std::ptrdiff_t{p.table_rows} * p.columns;
        if (p.own_table)
            return threads::parallel(c.samples(), [&](int s) noexcept {
                std::fill_n(c.y + s * size, size, T(0));
                scatter_rows<Arch>(p.rows, p.columns, 0, p.columns, p.table_rows, c.x[0] + s * rows,
                                   c.index[1] + s * index, c.y + s * size);
            });
        std::fill_n(c.y, size, T(0));
        const int samples = p.own_rows || p.own_index ? c.count : 1;
        if (p.own_rows && p.own_index)
            return scatter_add<Arch>(p.rows * samples, p.columns, p.table_rows, c.x[0], c.index[1], c.y);
        for (int s = 0; s < samples; ++s)
            scatter_add<Arch>(p.rows, p.columns, p.table_rows, c.x[0] + s * rows, c.index[1] + s * index, c.y);
    }
};

}  // namespace tessera::detail::simd
