// The anchors of sum and maximum. Their input may be computed as it is read: a pointwise prologue is a source.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/reduction.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, op Kind> struct reduction_anchor {
    static constexpr bool native = true, takes_tail = false;

    // (outer, reduced, inner); the samples multiply what they are part of
    struct prepared {
        reduction_shape shape;
        bool over_batch = false, batched = false;
        double factor = 1;
        bool divide = false;

        constexpr reduction_shape of(int count) const {
            reduction_shape s = shape;
            if (batched) (over_batch ? s.reduced : s.outer) *= count;
            return s;
        }
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const auto own = g.attributes<reduce_attributes>(self);
        const node& x = g.operand(self, 0);
        prepared p;
        p.over_batch = g.sums_batch(self);
        p.batched = x.batched;
        p.factor = own.factor;
        p.divide = own.divides_by_count != 0;
        const extents& e = x.shape;
        bool seen = p.over_batch;  // the batch is the outermost axis
        for (int a = 0; a < e.rank; ++a) {
            if (e.size_of[a] == 1) continue;  // of no matter, and not counted where a mask is cut into two
            if (own.axes >> a & 1u) {
                p.shape.reduced *= e.size_of[a];
                seen = true;
            } else {
                (seen ? p.shape.inner : p.shape.outer) *= e.size_of[a];
            }
        }
        return p;
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }
    static constexpr std::size_t workspace(const prepared& p, int count) {
        return reduction_workspace<Arch, T>(p.of(count));
    }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte* room) noexcept {
        run_from(p, c, memory<Arch>(c.x[0]), room);
    }
    static void run_from(const prepared& p, const call<T>& c, const source<T>& x, std::byte* room) noexcept {
        const reduction_shape s = p.of(c.count);
        reduce<Kind == op::sum ? fold::sum : fold::max, Arch>(s, x, c.y, false, tail{}, room);
        const double factor = p.divide ? p.factor / c.count : p.factor;
        if (Kind == op::sum && factor != 1)
            for (int i = 0; i < s.outer * s.inner; ++i) c.y[i] *= static_cast<T>(factor);
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::sum> : reduction_anchor<Arch, T, op::sum> {};
template <class Arch, class T> struct anchor<Arch, T, op::maximum> : reduction_anchor<Arch, T, op::maximum> {};

}  // namespace tessera::detail::simd
