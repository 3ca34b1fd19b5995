// The anchors of convolution and its two gradients.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/convolution_input_gradient.hpp>
#include <tessera/backend/simd/convolution_weight_gradient.hpp>

namespace tessera::simd {

template <class Arch, class T, op Kind> struct convolution_anchor {
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
    // a convolution of 1x1 is a product and turns where that does; others do not
    static constexpr int turns = product_plan<Arch, T>::turns;
    static constexpr bool is_small(int turn, prepared s, int count) {
        s.count = count;
        const auto product = Kind == op::convolution         ? dense_product(s.pixels(), s.out_channels, s.in_channels)
                             : Kind == op::convolution_input ? input_gradient_product(s)
                                                             : weight_gradient_product(s);
        return !s.pointwise() || product_plan<Arch, T>(product).is_small(turn);
    }
    static constexpr int variants = 3;
    static constexpr int variant_of(const prepared& s) {
        return static_cast<int>(Kind == op::convolution         ? forward_method(s)
                                : Kind == op::convolution_input ? input_gradient_method(s)
                                                                : weight_gradient_method(s));
    }
    template <int Variant> static void run(prepared s, const call<T>& c, const tail& after, std::byte* room) noexcept {
        constexpr auto method = convolution_method{Variant};
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
                convolution<Arch, method>(s, a, b, c.y + by, false, shifted.get(), room);
            else if constexpr (Kind == op::convolution_input)
                convolution_input_gradient<Arch, method>(s, a, b, c.y + by, false, shifted.get(), room);
            else
                convolution_weight_gradient<Arch, method>(s, a, b, c.y + by, !c.self->batched && sample > 0, room);
        }
    }
};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution> : convolution_anchor<Arch, T, op::convolution> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_input> : convolution_anchor<Arch, T, op::convolution_input> {};
template <class Arch, class T>
struct anchor<Arch, T, op::convolution_weight> : convolution_anchor<Arch, T, op::convolution_weight> {};

}  // namespace tessera::simd
