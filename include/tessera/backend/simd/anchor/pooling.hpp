// The anchors of pooling and its gradients.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/pooling.hpp>
#include <tessera/backend/simd/pooling_gradient.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, op Kind> struct pooling_anchor {
    static constexpr bool native = true, takes_tail = true;

    struct prepared {
        pooling_shape shape;
        divisor by = divisor::taps;
    };
    static constexpr prepared prepare(const graph_view& graph, const node& self) {
        const auto g = pooling_operation::geometry(graph, self);
        prepared p;
        for (int i = 0; i < 3; ++i) {
            p.shape.in[i] = g.in[i];
            p.shape.out[i] = g.out[i];
        }
        p.shape.channels = g.in_channels;
        p.shape.w = g.view;
        const padding_counts counted = graph.attributes<pooling_attributes>(self).counted;
        p.by = counted == padding_counts::yes ? divisor::taps : divisor::inside;
        return p;
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }

    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte*) noexcept {
        pooling_shape s = p.shape;
        s.count = c.samples();
        if constexpr (Kind == op::max_pool)
            max_pool<Arch>(s, c.x[0], c.y, after);
        else if constexpr (Kind == op::average_pool)
            average_pool<Arch>(s, p.by, c.x[0], c.y, after);
        else if constexpr (Kind == op::max_pool_input)
            max_pool_gradient<Arch>(s, c.x[0], c.x[1], c.y, false, after);
        else
            average_pool_gradient<Arch>(s, p.by, c.x[0], c.y, false, after);
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::max_pool> : pooling_anchor<Arch, T, op::max_pool> {};
template <class Arch, class T>
struct anchor<Arch, T, op::max_pool_input> : pooling_anchor<Arch, T, op::max_pool_input> {};
template <class Arch, class T> struct anchor<Arch, T, op::average_pool> : pooling_anchor<Arch, T, op::average_pool> {};
template <class Arch, class T>
struct anchor<Arch, T, op::average_pool_input> : pooling_anchor<Arch, T, op::average_pool_input> {};

}  // namespace tessera::detail::simd
