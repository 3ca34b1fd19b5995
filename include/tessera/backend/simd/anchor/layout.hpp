// The anchors of operations that only move: permute, slice, unfold, relayout, pad, concatenate, gather.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/permutation.hpp>
#include <tessera/ir/layout_of.hpp>

namespace tessera::detail::simd {

struct moves {
    static constexpr bool native = true, takes_tail = false;
    static constexpr bool accepts_tail(const auto&) { return false; }
};

// The elements of the operand, copied in the order of the result.
template <class Arch, class T, op Kind> struct view_anchor : moves {
    struct prepared {
        layout from;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        layout x = layout_of(g, g.argument(self, 0));
        x.first = 0;  // its address is that of its first element
        // windows that are no view, as those of images, are copied all the same
        if constexpr (Kind == op::unfold)
            return {windows_of(x, g.attributes<unfold_attributes>(self).view)};
        else
            return {layout_as_view(g, self, x)};
    }
    static constexpr bool accepts_view(const graph_view&, const node&, int, const layout&) { return true; }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        layout from = p.from;
        from.extent[0] = c.samples();
        permute<Arch>(from, c.x[0], c.y);
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::permute> : view_anchor<Arch, T, op::permute> {};
template <class Arch, class T> struct anchor<Arch, T, op::slice> : view_anchor<Arch, T, op::slice> {};
template <class Arch, class T> struct anchor<Arch, T, op::unfold> : view_anchor<Arch, T, op::unfold> {};

// The elements of the operand, copied to where they are arranged.
template <class Arch, class T> struct anchor<Arch, T, op::relayout> : moves {
    struct prepared {
        layout from, to;  // axes in the order of the result's memory
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<relayout_attributes>(self);
        layout x = layout_of(g, g.argument(self, 0));
        x.first = 0;  // its address is that of its first element
        return {permuted(x, own.order), permuted(own.arrange(self.shape, self.batched), own.order)};
    }
    static constexpr bool accepts_view(const graph_view&, const node&, int, const layout&) { return true; }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        layout from = p.from;
        from.extent[0] = c.samples();
        copy_elements<Arch>(from, p.to, c.x[0], c.y);
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::pad> : moves {
    struct prepared {
        layout from, to;  // the operand's elements, there and in the result
        double fill = 0;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<slice_attributes>(self);
        const extents& box = g.operand(self, 0).shape;
        return {layout::row_major(box, self.batched),
                sliced(layout::row_major(self.shape, self.batched), own.first, own.step, box), own.fill};
    }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const std::ptrdiff_t size = c.self->shape.size();
        threads::parallel(c.samples(),
                          [&](int s) noexcept { std::fill_n(c.y + s * size, size, static_cast<T>(p.fill)); });
        layout from = p.from, to = p.to;
        from.extent[0] = to.extent[0] = c.samples();
        copy_elements<Arch>(from, to, c.x[0], c.y);
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::concatenate> : moves {
    struct prepared {
        int rows = 1, width = 1;                                   // of the result, cut before the axis
        int part[max_arguments] = {}, parts = 0;                   // widths of the operands
        long row[max_arguments] = {}, sample[max_arguments] = {};  // from one to the next
    };
    // an operand as rows of the result have it; no axes if they have gaps
    static constexpr layout rows_of(const layout& l, int rows) {
        const layout r = reshaped(l, {rows, static_cast<int>(l.size() / rows)});
        return r.axes > 0 && (r.stride[2] == 1 || r.extent[2] == 1) ? r : layout{};
    }
    static constexpr bool accepts_view(const graph_view& g, const node& self, int, const layout& l) {
        return rows_of(l, self.shape.product(0, g.attributes<concatenate_attributes>(self).axis)).axes > 0;
    }
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        prepared p;
        p.parts = self.argument_count;
        p.rows = self.shape.product(0, g.attributes<concatenate_attributes>(self).axis);
        p.width = self.shape.size() / p.rows;
        for (int k = 0; k < p.parts; ++k) {
            p.part[k] = g.operand(self, k).shape.size() / p.rows;
            p.row[k] = p.part[k];
            p.sample[k] = g.operand(self, k).batched ? g.operand(self, k).shape.size() : 0;
            if (!g.is_view(g.argument(self, k))) continue;
            const layout l = rows_of(layout_of(g, g.argument(self, k)), p.rows);
            p.row[k] = l.stride[1];
            p.sample[k] = l.stride[0];
        }
        return p;
    }
    // some rows of an operand after those of another
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        constexpr int some = 64;
        threads::parallel(c.samples(), [&](int s) noexcept {
            for (int r = 0; r < p.rows; r += some) {
                const int rows = std::min(some, p.rows - r);
                T* y = c.y + (static_cast<std::ptrdiff_t>(s) * p.rows + r) * p.width;
                for (int k = 0; k < p.parts; y += p.part[k++])
                    copy_rows(c.x[k] + s * p.sample[k] + r * p.row[k], p.row[k], rows, p.part[k], y, p.width);
            }
        });
    }
};

}  // namespace tessera::detail::simd
