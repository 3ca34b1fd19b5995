// The anchor of einsum: a product of matrices inside loops over the axes that do not fold into one.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/batched_product.hpp>
#include <utility>

namespace tessera::detail::simd {

template <class Arch, class T> struct anchor<Arch, T, op::einsum> {
    static constexpr bool native = true, takes_tail = true, takes_prologue = true;

    struct prepared : contraction {
        beforehand form = beforehand::nothing;  // of an operand that was prepared before the call
        bool computed = false;                  // the first one is, in place of being read
        long made[capacity] = {};               // by outer loop: from one matrix of the prepared operand to the next
        long matrices = 1;                      // of it
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        prepared p{contraction::of(g, self)};
        const bool second = is_fixed_parameter(g, self, 1);
        if (!second && !is_fixed_parameter(g, self, 0)) return p;
        p.form = form_of_prepared<T>(shape(p, 1), second);
        const auto one = static_cast<long>(prepared_bytes<Arch, T>(shape(p, 1), p.form) / sizeof(T));
        for (int i = p.outer_count - 1; i >= 0; --i) {
            if ((second ? p.outer[i].b : p.outer[i].a) == 0) continue;
            p.made[i] = one * p.matrices;
            p.matrices *= p.outer[i].extent;
        }
        return p;
    }
    // Of finished rows: short ones that do not lie one after another would each cost a tail more than reading them again.
    static constexpr bool accepts_tail(const prepared& p) {
        constexpr long enough = 32;
        if (p.accumulating() > 0) return false;
        const bool turned = p.n.c != 1 && p.m.c == 1;
        const contraction::axis &columns = turned ? p.m : p.n, &rows = turned ? p.n : p.m;
        const long wide = columns.extent * (columns.counted ? enough : 1);
        if (wide >= enough) return columns.c == 1;
        const bool one_row = rows.extent == 1 && !rows.counted;
        return one_row ? p.outer_count == 0 : columns.c == 1 && rows.c == wide;
    }
    // Rows of the first operand that lie one after another, or columns, as in a weight gradient, each read by one
    // product; other than the vectors of a matrix times a vector.
    static constexpr bool accepts_prologue(const graph_view&, const node&, const prepared& p) {
        bool once = p.accumulating() == 0;
        for (int i = 0; i < p.outer_count; ++i) once = once && p.outer[i].a != 0;
        const bool rows = !p.k.counted && p.k.a == 1 && p.m.a == p.k.extent;
        const bool columns = !p.m.counted && p.m.a == 1 && p.k.a == p.m.extent;
        return once && (rows || columns) && !p.n.counted && p.n.extent > 1 && p.n.c == 1;
    }

    // As many axes fold into the product's own as of a copy, and one of them has no gaps.
    static constexpr bool accepts_view(const graph_view& g, const node& self, int k, const layout& l) {
        bool unit = l.size() == 1;
        for (int a = 1; a < l.axes; ++a) unit = unit || (l.stride[a] == 1 && l.extent[a] > 1);
        if (!unit) return false;
        layout x[2] = {layout_of(g, g.argument(self, 0)), layout_of(g, g.argument(self, 1))};
        const int copied = contraction::of(g, self, x[0], x[1]).outer_count;
        x[k] = l;
        return contraction::of(g, self, x[0], x[1]).outer_count <= copied;
    }

    static constexpr int extent(const contraction::axis& a, int count) {
        return static_cast<int>(a.counted ? a.extent * count : a.extent);
    }
    static constexpr product_shape shape(const prepared& p, int count) {
        return {extent(p.m, count), extent(p.n, count), extent(p.k, count), p.m.a, p.k.a, p.k.b, p.n.b, p.m.c, p.n.c};
    }
    // The loops that run as a batch: the two longest that do not accumulate, that of the nearest results inside, so that
    // what is written goes on where it ended. -1: there is none.
    struct batch_loops {
        int outside = -1, inside = -1;

        constexpr bool has(int loop) const { return loop == outside || loop == inside; }
    };
    static constexpr batch_loops loops_of_batch(const prepared& p, int count) {
        batch_loops l;
        const auto longest_but = [&](int other) {
            int best = -1;
            for (int i = 0; i < p.outer_count; ++i)
                if (i != other && p.outer[i].c != 0 &&
                    (best < 0 || extent(p.outer[i], count) > extent(p.outer[best], count)))
                    best = i;
            return best;
        };
        l.outside = longest_but(-1);
        if (l.outside >= 0) l.inside = longest_but(l.outside);
        if (l.inside >= 0 && p.outer[l.inside].c > p.outer[l.outside].c) std::swap(l.outside, l.inside);
        return l;
    }
    static constexpr int extent_of(const prepared& p, int loop, int count) {
        return loop < 0 ? 1 : extent(p.outer[loop], count);
    }
    static constexpr std::size_t workspace(const prepared& p, int count) {
        const batch_loops l = loops_of_batch(p, count);
        return batched_product_workspace<Arch, T>(
            shape(p, count), extent_of(p, l.outside, count) * extent_of(p, l.inside, count), p.form, p.computed);
    }
    static constexpr std::size_t packed_bytes(const prepared& p) {
        return static_cast<std::size_t>(p.matrices) * prepared_bytes<Arch, T>(shape(p, 1), p.form);
    }
    static constexpr int packed_argument(const prepared& p) { return is_of_second(p.form) ? 1 : 0; }
    static void pack(const prepared& p, const T* weights, T* to) noexcept { pack_matrices(p, 0, weights, to); }

    static constexpr int turns = product_plan<Arch, T>::turns + 1;
    static constexpr bool is_small(int turn, const prepared& p, int count) {
        const product_shape s = shape(p, count);
        return turn + 1 < turns ? product_plan<Arch, T>(s).is_small(turn) : is_small_product(s);
    }

    static void run(const prepared& p, const call<T>& c, const copied_operand<T>& x, const tail& after,
                    std::byte* room) noexcept {
        loops(p, 0, loops_of_batch(p, c.count), c, x, c.x[1], c.packed, c.y, false, true, after, room);
    }

  private:
    static void pack_matrices(const prepared& p, int depth, const T* weights, T* to) noexcept {
        if (depth == p.outer_count) return prepare_operand<Arch>(shape(p, 1), p.form, weights, to);
        const contraction::axis& o = p.outer[depth];
        const long step = is_of_second(p.form) ? o.b : o.a, count = step == 0 ? 1 : o.extent;
        for (long i = 0; i < count; ++i) pack_matrices(p, depth + 1, weights + i * step, to + i * p.made[depth]);
    }
    static batch_strides strides_of(const prepared& p, int loop) noexcept {
        if (loop < 0) return {};
        return {p.outer[loop].a, p.outer[loop].b, p.outer[loop].c, p.made[loop]};
    }
    static void loops(const prepared& p, int depth, const batch_loops& batch, const call<T>& c,
                      const copied_operand<T>& a, const T* b, const T* made, T* y, bool accumulate, bool final,
                      const tail& after, std::byte* room) noexcept {
        if (batch.has(depth)) return loops(p, depth + 1, batch, c, a, b, made, y, accumulate, final, after, room);
        if (depth == p.outer_count) {
            const int rows = extent_of(p, batch.outside, c.count), length = extent_of(p, batch.inside, c.count);
            const shifted_tail shifted{final ? after : tail{}, y - c.y};
            batched_product<Arch>(shape(p, c.count), rows * length, strides_of(p, batch.outside), a, b, y, accumulate,
                                  shifted.get(), room, {made, p.form}, {length, strides_of(p, batch.inside)});
            return;
        }
        const contraction::axis& o = p.outer[depth];
        const int n = extent(o, c.count);
        for (int i = 0; i < n; ++i)
            loops(p, depth + 1, batch, c, a + i * o.a, b + i * o.b, made + i * p.made[depth], y + i * o.c,
                  accumulate || (o.c == 0 && i > 0), final && (o.c != 0 || i == n - 1), after, room);
    }
};

}  // namespace tessera::detail::simd
