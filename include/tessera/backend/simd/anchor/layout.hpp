// The anchors of operations that only move: permute, slice, pad, concatenate, gather.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/gather.hpp>
#include <tessera/backend/simd/permutation.hpp>

namespace tessera::detail::simd {

struct moves {
    static constexpr bool native = true, takes_tail = false;
    static constexpr bool accepts_tail(const auto&) { return false; }
};

// A view of x whose elements, in order, are the result. The samples are its first axis.
template <class Arch, class T> struct view_anchor : moves {
    struct prepared {
        strided_view view;
        std::ptrdiff_t first = 0;
    };
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        strided_view v = p.view;
        v.extent[0] = c.samples();
        permute<Arch>(v, c.x[0] + p.first, c.y);
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::permute> : view_anchor<Arch, T> {
    using prepared = typename view_anchor<Arch, T>::prepared;
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<permute_attributes>(self);
        const extents& x = g.operand(self, 0).shape;
        prepared p;
        p.view.rank = self.shape.rank + 1;
        p.view.extent[0] = 1;
        p.view.stride[0] = self.shape.size();
        for (int a = 0; a < self.shape.rank; ++a) {
            p.view.extent[a + 1] = self.shape.size_of[a];
            p.view.stride[a + 1] = x.stride(own.order[a]);
        }
        return p;
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::slice> : view_anchor<Arch, T> {
    using prepared = typename view_anchor<Arch, T>::prepared;
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<slice_attributes>(self);
        const extents& x = g.operand(self, 0).shape;
        prepared p;
        p.view.rank = self.shape.rank + 1;
        p.view.extent[0] = 1;
        p.view.stride[0] = x.size();
        for (int a = 0; a < self.shape.rank; ++a) {
            const std::ptrdiff_t stride = x.stride(a);
            p.view.extent[a + 1] = self.shape.size_of[a];
            p.view.stride[a + 1] = stride * own.step[a];
            p.first += stride * own.first[a];
        }
        return p;
    }
};

// Samples of x set into samples of y, element p at first + p * stride; along the last axis a run at a time.
template <class T> void set_into(const extents& from, const T* x, const std::ptrdiff_t* stride, T* y) noexcept {
    const int last = from.rank - 1, run = from.rank == 0 ? 1 : from.size_of[last];
    const int rows = from.rank == 0 ? 1 : from.size() / run;
    extents outer = from;
    if (outer.rank > 0) --outer.rank;
    for (int r = 0; r < rows; ++r) {
        const position p = position::of(r, outer);
        std::ptrdiff_t at = 0;
        for (int a = 0; a < outer.rank; ++a) at += p.at[a] * stride[a];
        if (from.rank == 0 || stride[last] == 1)
            std::memcpy(y + at, x + static_cast<std::ptrdiff_t>(r) * run, static_cast<std::size_t>(run) * sizeof(T));
        else
            for (int i = 0; i < run; ++i) y[at + i * stride[last]] = x[static_cast<std::ptrdiff_t>(r) * run + i];
    }
}

template <class Arch, class T> struct anchor<Arch, T, op::pad> : moves {
    struct prepared {
        std::ptrdiff_t first = 0, stride[max_rank] = {};
        double fill = 0;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<slice_attributes>(self);
        prepared p;
        p.fill = own.fill;
        for (int a = 0; a < self.shape.rank; ++a) {
            p.first += static_cast<std::ptrdiff_t>(own.first[a]) * self.shape.stride(a);
            p.stride[a] = static_cast<std::ptrdiff_t>(own.step[a]) * self.shape.stride(a);
        }
        return p;
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const std::ptrdiff_t to = c.self->shape.size(), from = c.argument(0).shape.size();
        threads::parallel(c.samples(), [&](int s) noexcept {
            std::fill_n(c.y + s * to, to, static_cast<T>(p.fill));
            set_into(c.argument(0).shape, c.x[0] + s * from, p.stride, c.y + s * to + p.first);
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::concatenate> : moves {
    struct prepared {
        int rows = 1, width = 1;                  // of the result, cut before the axis
        int part[max_arguments] = {}, parts = 0;  // widths of the operands
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        prepared p;
        p.parts = self.argument_count;
        p.rows = self.shape.product(0, g.attributes<concatenate_attributes>(self).axis);
        p.width = self.shape.size() / p.rows;
        for (int k = 0; k < p.parts; ++k) p.part[k] = g.operand(self, k).shape.size() / p.rows;
        return p;
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        threads::parallel(c.samples(), [&](int s) noexcept {
            T* y = c.y + static_cast<std::ptrdiff_t>(s) * p.rows * p.width;
            for (int r = 0; r < p.rows; ++r)
                for (int k = 0; k < p.parts; y += p.part[k++])
                    std::memcpy(y, c.x[k] + c.origin(k, s) + static_cast<std::ptrdiff_t>(r) * p.part[k],
                                static_cast<std::size_t>(p.part[k]) * sizeof(T));
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::gather> : moves {
    struct prepared {
        int rows, columns, table_rows;
        bool plain;  // one table for all samples, an index of each
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const node &table = g.operand(self, 0), &index = g.operand(self, 1);
        return {self.shape.size() / self.shape[-1], self.shape[-1], table.shape[0],
                !table.batched && index.batched == self.batched};
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        if (!p.plain) return run_reference<op::gather>(c);
        gather<Arch>(p.rows * c.samples(), p.columns, p.table_rows, c.x[0], c.index[1], c.y, tail{});
    }
};

}  // namespace tessera::detail::simd
