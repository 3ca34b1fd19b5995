// anchor: the operations that have a kernel of their own here. Each says what it prepares when compiling, how much
// room its kernel needs for a number of samples, and runs with a pointwise tail.
//
// The primary template is the fallback: the reference implementation, its items shared out over the threads.
#pragma once
#include <tessera/backend/simd/batched_product.hpp>
#include <tessera/backend/simd/convolution_input_gradient.hpp>
#include <tessera/backend/simd/convolution_weight_gradient.hpp>
#include <tessera/ir/operations.hpp>

namespace tessera::simd {

template <class Arch, class T, op Kind>
struct anchor {
    static constexpr bool native = false, takes_tail = false;

    struct prepared {};
    static constexpr prepared prepare(const node&, const node* const*) { return {}; }
    static constexpr bool accepts_tail(const prepared&) { return false; }
    static constexpr std::size_t workspace(const prepared&, int) { return 0; }

    static void run(const prepared&, const call<T>& c, const tail&, std::byte*) noexcept {
        with_operation(Kind, [&](auto operation) {
            constexpr int share = 256;
            const int items = operation.items(c);
            threads::parallel((items + share - 1) / share, [&](int part) noexcept {
                const int end = (part + 1) * share < items ? (part + 1) * share : items;
                for (int i = part * share; i < end; ++i) operation.run(c, i);
            });
        });
    }
};

template <class Arch, class T>
struct anchor<Arch, T, op::einsum> {
    static constexpr bool native = true, takes_tail = true;

    using prepared = contraction;
    static constexpr prepared prepare(const node& self, const node* const* arg) {
        return contraction::of(self, *arg[0], *arg[1]);
    }
    static constexpr bool accepts_tail(const prepared& p) { return p.accumulating() == 0; }

    static constexpr int extent(const contraction::axis& a, int count) {
        return static_cast<int>(a.counted ? a.extent * count : a.extent);
    }
    static constexpr product_shape shape(const prepared& p, int count) {
        return {extent(p.m, count), extent(p.n, count), extent(p.k, count), p.m.a, p.k.a, p.k.b, p.n.b, p.m.c, p.n.c};
    }
    // the loop that runs as a batch: the longest that does not accumulate
    static constexpr int batch_loop(const prepared& p, int count) {
        int best = -1;
        for (int i = 0; i < p.outer_count; ++i)
            if (p.outer[i].c != 0 && (best < 0 || extent(p.outer[i], count) > extent(p.outer[best], count))) best = i;
        return best;
    }
    static constexpr std::size_t workspace(const prepared& p, int count) {
        const int b = batch_loop(p, count);
        return batched_product_workspace<Arch, T>(shape(p, count), b < 0 ? 1 : extent(p.outer[b], count));
    }

    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte* room) noexcept {
        loops(p, 0, batch_loop(p, c.count), c, c.x[0], c.x[1], c.y, false, true, after, room);
    }

  private:
    static void loops(const prepared& p, int depth, int batch, const call<T>& c, const T* a, const T* b, T* y,
                      bool accumulate, bool final, const tail& after, std::byte* room) noexcept {
        if (depth == batch) return loops(p, depth + 1, batch, c, a, b, y, accumulate, final, after, room);
        if (depth == p.outer_count) {
            const contraction::axis over = batch < 0 ? contraction::axis{} : p.outer[batch];
            const shifted_tail shifted{final ? after : tail{}, y - c.y};
            batched_product<Arch>(shape(p, c.count), extent(over, c.count), {over.a, over.b, over.c}, a, b, y,
                                  accumulate, shifted.get(), room);
            return;
        }
        const contraction::axis& o = p.outer[depth];
        const int n = extent(o, c.count);
        for (int i = 0; i < n; ++i)
            loops(p, depth + 1, batch, c, a + i * o.a, b + i * o.b, y + i * o.c, accumulate || (o.c == 0 && i > 0),
                  final && (o.c != 0 || i == n - 1), after, room);
    }
};

template <class Arch, class T, op Kind>
struct convolution_anchor {
    static constexpr bool native = true, takes_tail = Kind != op::convolution_weight;

    using prepared = convolution_shape;
    static constexpr prepared prepare(const node& self, const node* const* arg) {
        const auto g = convolution_geometry::of(self, *arg[0], *arg[1]);
        convolution_shape s;
        for (int i = 0; i < 3; ++i) {
            s.in[i] = g.in[i];
            s.out[i] = g.out[i];
        }
        s.in_channels = g.in_channels;
        s.out_channels = g.out_channels;
        s.groups = g.groups;
        s.w = g.view;
        return s;
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }

    static constexpr std::size_t workspace(prepared s, int count) {
        s.count = count;
        if constexpr (Kind == op::convolution)
            return convolution_workspace<Arch, T>(s);
        else if constexpr (Kind == op::convolution_input)
            return convolution_input_gradient_workspace<Arch, T>(s);
        else
            return convolution_weight_gradient_workspace<Arch, T>(s);
    }
    static void run(prepared s, const call<T>& c, const tail& after, std::byte* room) noexcept {
        constexpr bool weight = Kind == op::convolution_weight;
        const bool first = c.arg[0]->batched, second = c.arg[1]->batched;
        // kernels see one set of weights and one sum over the samples; anything else is a call a sample
        const bool apart = weight ? c.self->batched || first != second : second;
        s.count = apart || !first ? 1 : c.count;
        for (int sample = 0; sample < (apart ? c.count : 1); ++sample) {
            const T *a = c.x[0] + c.origin(0, sample), *b = c.x[1] + c.origin(1, sample);
            const std::ptrdiff_t by = c.self->batched ? static_cast<std::ptrdiff_t>(sample) * c.self->shape.size() : 0;
            const shifted_tail shifted{after, by};
            if constexpr (Kind == op::convolution)
                convolution<Arch>(s, a, b, c.y + by, false, shifted.get(), room);
            else if constexpr (Kind == op::convolution_input)
                convolution_input_gradient<Arch>(s, a, b, c.y + by, false, shifted.get(), room);
            else
                convolution_weight_gradient<Arch>(s, a, b, c.y + by, !c.self->batched && sample > 0, room);
        }
    }
};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution> : convolution_anchor<Arch, T, op::convolution> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_input> : convolution_anchor<Arch, T, op::convolution_input> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_weight> : convolution_anchor<Arch, T, op::convolution_weight> {};

// f(anchor) for the anchor of a kind
template <class Arch, class T, class F>
constexpr auto with_anchor(op kind, F f) {
    switch (kind) {
        case op::einsum: return f(anchor<Arch, T, op::einsum>{});
        case op::convolution: return f(anchor<Arch, T, op::convolution>{});
        case op::convolution_input: return f(anchor<Arch, T, op::convolution_input>{});
        case op::convolution_weight: return f(anchor<Arch, T, op::convolution_weight>{});
        default: return f(anchor<Arch, T, op::reshape>{});
    }
}

}  // namespace tessera::simd
