// The anchors of attention and its gradients.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/attention.hpp>
#include <tessera/backend/simd/attention_gradient.hpp>
#include <tessera/backend/simd/cached_attention.hpp>
#include <tessera/backend/simd/lane_attention.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, op Kind> struct attention_anchor {
    static constexpr bool native = true, takes_tail = false;

    static constexpr int operands = Kind == op::attention ? 3 : 6;

    struct prepared {
        attention_shape shape;
        layout of[operands];  // the rows of the arguments, but of a bias
        int bias = -1;
        long bias_of_head = 0, bias_of_query = 0, bias_at = 0;
        bool batched = true;      // the result
        bool sums_batch = false;  // of a bias that all samples share
    };
    static constexpr prepared prepare(const graph_view& graph, const node& self) {
        const auto g = attention_geometry::of(graph, self);
        prepared p{{g.queries, g.keys, g.heads, g.width, g.depth, g.scale, g.cap, g.causal, g.by_offset, g.bias >= 0},
                   {},
                   g.bias,
                   g.bias_of_head,
                   g.bias_of_query,
                   g.bias_at,
                   self.batched,
                   graph.sums_batch(self)};
        for (int k = 0; k < operands; ++k) p.of[k] = layout_of(graph, graph.argument(self, k));
        return p;
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }
    // rows of queries, keys and values without gaps
    static constexpr bool accepts_view(const graph_view&, const node&, int k, const layout& l) {
        return Kind == op::attention && k < 3 && (l.stride[3] == 1 || l.extent[3] == 1);
    }
    static constexpr std::size_t workspace(const prepared& p, int count) {
        const int samples = p.batched ? count : 1;
        if (Kind != op::attention_bias && takes_lanes<Arch, T>(p.shape))
            return lane_attention_plan<Arch, T>(p.shape, samples, Kind == op::attention_gradient).bytes();
        if constexpr (Kind == op::attention)
            return attention_workspace<Arch, T>(p.shape, samples);
        else
            return attention_gradient_workspace<Arch, T>(p.shape, samples, Kind == op::attention_bias);
    }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte* room) noexcept {
        const attention_shape& s = p.shape;
        // one head of an argument
        const auto rows = [&](int k, int sample, int head) -> attention_rows<T> {
            const layout& l = p.of[k];
            return {c.x[k] + sample * l.stride[0] + head * l.stride[2], l.stride[1]};
        };
        const auto bias = [&](int sample, int head) -> attention_rows<T> {
            if (p.bias < 0) return {};
            const std::ptrdiff_t first = p.bias_at + static_cast<std::ptrdiff_t>(head) * p.bias_of_head;
            return {c.x[p.bias] + c.origin(p.bias, sample) + first, p.bias_of_query};
        };
        // one head of a result (length, H, wide); null where nothing reads it
        const auto result = [&](T* y, int length, int wide, int sample, int head) -> T* {
            if (y == nullptr) return nullptr;
            return y + (static_cast<std::ptrdiff_t>(sample) * length * s.heads + head) * wide;
        };
        if constexpr (Kind == op::attention) {
            const auto head_of = [&](int sample, int head) {
                attention_head<T> h{rows(0, sample, head), rows(1, sample, head), rows(2, sample, head),
                                    bias(sample, head)};
                h.step = static_cast<std::ptrdiff_t>(s.heads) * s.depth;
                h.log_step = s.heads;
                h.y = result(c.y, s.queries, s.depth, sample, head);
                h.log_sum = result(c.result(1), s.queries, 1, sample, head);
                return h;
            };
            if (takes_lanes<Arch, T>(s))
                lane_attention<Arch, T>(s, c.samples(), head_of, room);
            else
                attention<Arch, T>(s, c.samples(), head_of, room);
        } else {
            const auto head_of = [&](int sample, int head) {
                attention_gradient_head<T> h{rows(0, sample, head), rows(1, sample, head), rows(2, sample, head),
                                             rows(3, sample, head), rows(4, sample, head), rows(5, sample, head),
                                             bias(sample, head)};
                h.q_step = static_cast<std::ptrdiff_t>(s.heads) * s.width;
                h.v_step = static_cast<std::ptrdiff_t>(s.heads) * s.depth;
                if constexpr (Kind == op::attention_gradient) {
                    h.dq = result(c.y, s.queries, s.width, sample, head);
                    h.dk = result(c.result(1), s.keys, s.width, sample, head);
                    h.dv = result(c.result(2), s.keys, s.depth, sample, head);
                }
                return h;
            };
            if constexpr (Kind == op::attention_gradient)
                if (takes_lanes<Arch, T>(s))
                    lane_attention_gradient<Arch, T>(s, c.samples(), head_of, room);
                else
                    attention_gradient<Arch, T>(s, c.samples(), head_of, room);
            else
                attention_bias_gradient<Arch, T>(s, c.samples(), p.sums_batch ? c.count : 1, c.y, head_of, room);
        }
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::attention> : attention_anchor<Arch, T, op::attention> {};
template <class Arch, class T>
struct anchor<Arch, T, op::attention_gradient> : attention_anchor<Arch, T, op::attention_gradient> {};
template <class Arch, class T>
struct anchor<Arch, T, op::attention_bias> : attention_anchor<Arch, T, op::attention_bias> {};

template <class Arch, class T> struct anchor<Arch, T, op::cached_attention> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        attention_shape shape;  // of a whole ring
    };
    static constexpr prepared prepare(const graph_view& graph, const node& self) {
        const auto g = attention_geometry::of(graph, self);
        return {{1, g.keys, g.heads, g.width, g.depth, g.scale, g.cap, false}};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const attention_shape& s = p.shape;
        const auto one = [&](int item) noexcept {
            const int sample = item / s.heads, head = item % s.heads;
            const auto at = [&](int k, int wide) { return c.x[k] + c.origin(k, sample) + std::ptrdiff_t{head} * wide; };
            const cached_head<T> h{at(0, s.width),
                                   {at(1, s.width), std::ptrdiff_t{s.heads} * s.width},
                                   {at(2, s.depth), std::ptrdiff_t{s.heads} * s.depth},
                                   at(4, s.width),
                                   at(5, s.depth),
                                   c.y + std::ptrdiff_t{item} * s.depth};
            cached_query<Arch, T>(s, h).run(kept_keys::of(c.x[3][c.origin(3, sample)], s.keys));
        };
        // heads together that are little work
        int filled = 1;
        for (int i = 0; i < c.samples(); ++i)
            filled = std::max(filled, kept_keys::of(c.x[3][c.origin(3, i)], s.keys).filled);
        const int items = c.samples() * s.heads, group = 1 + (1 << 16) / (filled * (s.width + s.depth));
        threads::parallel((items + group - 1) / group, [&](int part) noexcept {
            for (int i = part * group; i < std::min(items, (part + 1) * group); ++i) one(i);
        });
    }
};

}  // namespace tessera::detail::simd
