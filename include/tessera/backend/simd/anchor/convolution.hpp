// The anchors of convolution and its two gradients.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/convolution_backward_data.hpp>
#include <tessera/backend/simd/convolution_backward_filter.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, op Kind> struct convolution_anchor {
    static constexpr bool native = true, takes_tail = Kind != op::convolution_backward_filter, takes_prologue = true;

    struct prepared : convolution_shape {
        bool packed = false;    // the weights are, before the call
        bool computed = false;  // the first operand is, in place of being read
    };
    static constexpr prepared prepare(const graph_view& graph, const node& self) {
        const auto g = convolution_geometry::of(graph, self);
        prepared s;
        for (int i = 0; i < 3; ++i) {
            s.in[i] = g.in[i];
            s.out[i] = g.out[i];
        }
        s.in_channels = g.in_channels;
        s.out_channels = g.out_channels;
        s.groups = g.groups;
        s.w = g.view;
        if constexpr (takes_tail) s.packed = is_fixed_parameter(graph, self, 1) && packed_bytes_of(s) > 0;
        return s;
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }
    // An image that is read once, in bands that stay in L2. Planes of a volume are read for each plane of the result that
    // they are under, and weights of each sample read one image for all once for each.
    static constexpr bool accepts_prologue(const graph_view& g, const node& self, const prepared& s) {
        if constexpr (!takes_tail) {
            return false;
        } else {
            if (g.operand(self, 1).batched && !g.operand(self, 0).batched) return false;
            const auto work = work_of(s, 16);  // so many that bands are as high as they get
            if (work.method() == convolution_method::product) return work.product.n > 1;
            const sweep_plan<Arch, T> plan(work.sweep, false, true);
            return plan.repeat == 1 && plan.extent[0] == 1 && plan.halo_bytes <= std::size_t{1} << 19;
        }
    }

    static constexpr auto work_of(convolution_shape s, int count) {
        s.count = count;
        if constexpr (Kind == op::convolution)
            return forward_work(s);
        else if constexpr (Kind == op::convolution_backward_data)
            return backward_data_work(s);
        else
            return backward_filter_work(s);
    }
    static constexpr std::size_t workspace(const prepared& s, int count) {
        if constexpr (takes_tail)
            return work_of(s, count).template workspace<Arch, T>(s.packed, s.computed);
        else
            return work_of(s, count).template workspace<Arch, T>();
    }
    static constexpr std::size_t packed_bytes(const prepared& s) { return s.packed ? packed_bytes_of(s) : 0; }
    static void pack(const prepared& s, const T* weights, T* to) noexcept {
        work_of(s, 1).template pack<Arch>(weights, to);
    }
    // a convolution of 1x1 is a product and turns where that does; others do not
    static constexpr int turns = product_plan<Arch, T>::turns;
    static constexpr bool is_small(int turn, const prepared& s, int count) {
        const auto work = work_of(s, count);
        return work.method() != convolution_method::product || product_plan<Arch, T>(work.product).is_small(turn);
    }

    static constexpr int variants = 3;  // the methods
    static constexpr int variant_of(const prepared& s) { return static_cast<int>(work_of(s, 1).method()); }
    template <int Variant>
    static void run(const prepared& s, const call<T>& c, const copied_operand<T>& x, const tail& after,
                    std::byte* room) noexcept {
        constexpr auto method = convolution_method{Variant};
        constexpr bool weight = Kind == op::convolution_backward_filter;
        const bool first = c.argument(0).batched, second = c.argument(1).batched;
        // kernels see one set of weights and one sum over the samples; anything else is a call a sample
        const bool apart = weight ? c.self->batched || first != second : second;
        const auto work = work_of(s, apart || !first ? 1 : c.count);
        for (int sample = 0; sample < (apart ? c.count : 1); ++sample) {
            const copied_operand<T> a = x + c.origin(0, sample);
            const T* const b = c.x[1] + c.origin(1, sample);
            const std::ptrdiff_t by = c.self->batched ? static_cast<std::ptrdiff_t>(sample) * c.self->shape.size() : 0;
            const shifted_tail shifted{after, by};
            const bool adds = weight && !c.self->batched && sample > 0;
            if constexpr (weight)
                work.template run<Arch, method>(a.at, b, c.y + by, adds, shifted.get(), room);
            else
                work.template run<Arch, method>(a, b, c.y + by, adds, shifted.get(), room, c.packed);
        }
    }

  private:
    static constexpr std::size_t packed_bytes_of(const convolution_shape& s) {
        return work_of(s, 1).template packed_bytes<Arch, T>();
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
