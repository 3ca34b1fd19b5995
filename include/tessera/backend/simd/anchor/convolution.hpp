// The anchors of convolution and its two gradients.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/convolution_backward_data.hpp>
#include <tessera/backend/simd/convolution_backward_filter.hpp>
#include <tessera/ir/layout_of.hpp>
#include <type_traits>

namespace tessera::detail::simd {

// Runs the work of one sample for all of a call. What differs between forward and backward is in the work.
template <class Arch, convolution_method Method, class Work, class T>
[[gnu::noinline]] void run_convolution(const Work& one, const call<T>& c, const copied_operand<T>& x, const tail& after,
                                       std::byte* room) noexcept {
    constexpr bool filter = std::is_same_v<Work, convolution_weight_work>;
    const bool first = c.argument(0).batched, second = c.argument(1).batched;
    // kernels see one set of weights and one sum over the samples; anything else is a call a sample
    const bool apart = filter ? c.self->batched || first != second : second;
    const auto work = one.of(apart || !first ? 1 : c.count);
    for (int sample = 0; sample < (apart ? c.count : 1); ++sample) {
        const copied_operand<T> a = x + (first ? sample * one.sample_step() : 0);
        const T* const b = c.x[1] + c.origin(1, sample);
        const std::ptrdiff_t by = c.self->batched ? static_cast<std::ptrdiff_t>(sample) * c.self->shape.size() : 0;
        const shifted_tail shifted{after, by};
        if constexpr (filter)
            work.template run<Arch, Method>(a, b, c.y + by, !c.self->batched && sample > 0, shifted.get(), room);
        else
            work.template run<Arch, Method>(a, b, c.y + by, false, shifted.get(), room, c.packed);
    }
}

template <class Arch, class T, op Kind> struct convolution_anchor {
    static constexpr bool native = true, takes_tail = Kind != op::convolution_backward_filter, takes_prologue = true;

    static constexpr auto work_of(const convolution_shape& s) {
        if constexpr (Kind == op::convolution)
            return forward_work(s);
        else if constexpr (Kind == op::convolution_backward_data)
            return backward_data_work(s);
        else
            return backward_filter_work(s);
    }
    // its first operand, under any layout whose channels have no gaps
    static constexpr bool reads_images = Kind != op::convolution_backward_data;

    struct prepared {
        decltype(work_of(convolution_shape{})) one;  // of one sample
        bool packed = false;                         // the weights are, before the call
        bool computed = false;                       // the first operand is, in place of being read
    };
    // x: where the first operand of a convolution, or of its gradient to the weights, is
    static constexpr convolution_shape shape_of(const graph_view& graph, const node& self, const layout& x) {
        const auto g = convolution_geometry::of(graph, self);
        convolution_shape s;
        for (int i = 0; i < 3; ++i) {
            s.in[i] = g.in[i];
            s.out[i] = g.out[i];
        }
        s.in_channels = g.in_channels;
        s.out_channels = g.out_channels;
        s.groups = g.groups;
        s.w = g.view;
        s.image = layout::row_major({s.in[0], s.in[1], s.in[2], s.in_channels}, true);
        if (!reads_images) return s;
        for (int a = 1; a < 5; ++a) {
            const int own = x.axes - 5 + a;
            if (own > 0) s.image.stride[a] = x.stride[own];
        }
        s.image.stride[0] = x.stride[0];
        return s;
    }
    static constexpr prepared prepare(const graph_view& graph, const node& self) {
        prepared p{work_of(shape_of(graph, self, layout_of(graph, graph.argument(self, 0))))};
        if constexpr (takes_tail)
            p.packed = is_fixed_parameter(graph, self, 1) && p.one.template packed_bytes<Arch, T>() > 0;
        return p;
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }
    // An image that is read once, in bands that stay in L2. Planes of a volume are read for each plane of the result that
    // they are under, and weights of each sample read one image for all once for each.
    static constexpr bool accepts_prologue(const graph_view& g, const node& self, const prepared& p) {
        if constexpr (!takes_tail) {
            if (self.batched || g.operand(self, 0).batched != g.operand(self, 1).batched) return false;
            const auto work = p.one.of(16);
            if (work.method() == convolution_method::product) return work.product.m > 1 && work.product.n > 1;
            const backward_filter_plan<Arch, T> plan(work.shape, true);
            return plan.repeat == 1 && plan.extent[0] == 1 && plan.halo_bytes <= std::size_t{1} << 19;
        } else {
            if (g.operand(self, 1).batched && !g.operand(self, 0).batched) return false;
            const auto work = p.one.of(16);  // so many that bands are as high as they get
            if (work.method() == convolution_method::product) return work.product.n > 1;
            if (work.method() == convolution_method::narrow)
                return narrow_plan<Arch, T>(work.sweep, true).slot_bytes <= std::size_t{1} << 17;
            const sweep_plan<Arch, T> plan(work.sweep, false, true);
            return plan.repeat == 1 && plan.extent[0] == 1 && plan.halo_bytes <= std::size_t{1} << 19;
        }
    }

    // An image with gaps whose pixels are rows of a matrix still, where that is what they are without; else one that is
    // copied with its border anyway, or whose pixels alone are long enough.
    static constexpr bool accepts_view(const graph_view& g, const node& self, int k, const layout& l) {
        if (!reads_images || k != 0 || (l.stride[l.axes - 1] != 1 && l.extent[l.axes - 1] != 1)) return false;
        const convolution_shape s = shape_of(g, self, l);
        const auto copied = work_of(shape_of(g, self, layout::row_major(g.operand(self, 0).shape, true)));
        const auto work = work_of(s);
        if (copied.method() == convolution_method::product) return work.method() == convolution_method::product;
        if (s.in_channels / s.groups >= 16) return true;
        if constexpr (takes_tail) {
            if (copied.method() == convolution_method::narrow) return true;
            return sweep_plan<Arch, T>(work.sweep).merged == sweep_plan<Arch, T>(copied.sweep).merged;
        } else {
            return backward_filter_plan<Arch, T>(work.shape).merged ==
                   backward_filter_plan<Arch, T>(copied.shape).merged;
        }
    }

    static constexpr std::size_t workspace(const prepared& p, int count) {
        if constexpr (takes_tail)
            return p.one.of(count).template workspace<Arch, T>(p.packed, p.computed);
        else
            return p.one.of(count).template workspace<Arch, T>(p.computed);
    }
    static constexpr std::size_t packed_bytes(const prepared& p) {
        return p.packed ? p.one.template packed_bytes<Arch, T>() : 0;
    }
    static constexpr int packed_argument(const prepared&) { return 1; }
    static void pack(const prepared& p, const T* weights, T* to) noexcept { p.one.template pack<Arch>(weights, to); }
    // a convolution of 1x1 is a product and turns where that does; others do not
    static constexpr int turns = product_plan<Arch, T>::turns;
    static constexpr bool is_small(int turn, const prepared& p, int count) {
        return p.one.method() != convolution_method::product ||
               product_plan<Arch, T>(p.one.of(count).product).is_small(turn);
    }

    static constexpr int variants = 4;  // the methods
    static constexpr int variant_of(const prepared& p) { return static_cast<int>(p.one.method()); }
    template <int Variant>
    static void run(const prepared& p, const call<T>& c, const copied_operand<T>& x, const tail& after,
                    std::byte* room) noexcept {
        run_convolution<Arch, convolution_method{Variant}>(p.one, c, x, after, room);
    }
};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution> : convolution_anchor<Arch, T, op::convolution> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_backward_data> : convolution_anchor<Arch, T, op::convolution_backward_data> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_backward_filter> : convolution_anchor<Arch, T, op::convolution_backward_filter> {
};

}  // namespace tessera::detail::simd
