// copy: what only moves elements, every distance a constant.
#pragma once
#include <tessera/backend/simd/fixed/copy_rule.hpp>
#include <tessera/backend/simd/parts.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, int Length> [[gnu::always_inline]] inline void copy_run(const T* from, T* to) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>, rest = Length % width;
    for (int i = 0; i + width <= Length; i += width) store_to(to + i, load<V>(from + i));
    if constexpr (rest > 0) store_part<rest>(to + Length - rest, load_part<rest, V>(from + Length - rest));
}
template <class Arch, class T, int Length> [[gnu::always_inline]] inline void fill_run(T number, T* to) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>, rest = Length % width;
    for (int i = 0; i + width <= Length; i += width) store_to(to + i, V(number));
    if constexpr (rest > 0) store_part<rest>(to + Length - rest, V(number));
}

// operand.template operator()<K>(): where argument K begins
template <class Arch, class T, fixed_copy Plan, class Operand>
[[gnu::always_inline]] inline void copy_pieces(const Operand& operand, T* y, int iteration) noexcept {
    y += std::ptrdiff_t{iteration} * Plan.wrote;
    for (int sample = 0; sample < Plan.samples; ++sample)
        for (int row = 0; row < Plan.rows; ++row)
            [&]<int... P>(std::integer_sequence<int, P...>) __attribute__((always_inline)) {
                (copy_run<Arch, T, Plan.of[P].length>(
                     operand.template operator()<Plan.of[P].argument>() + Plan.of[P].from + row * Plan.of[P].by_row +
                         sample * Plan.of[P].by_sample + std::ptrdiff_t{iteration} * Plan.read,
                     y + Plan.of[P].to + row * Plan.to_row + sample * Plan.to_sample),
                 ...);
            }(std::make_integer_sequence<int, Plan.count>{});
}

// the axes from `Axis` on; `gapless` is the side that has no gaps and `by_axes` the other one
template <class Arch, class T, fixed_walk Walk, int Axis>
[[gnu::always_inline]] inline void walk_axis(const T* x, T* y) noexcept {
    if constexpr (Axis == Walk.axes) {
        *y = *x;
    } else if constexpr (Axis + 1 == Walk.axes && Walk.stride[Axis] == 1) {
        copy_run<Arch, T, Walk.extent[Axis]>(x, y);
    } else {
        constexpr std::ptrdiff_t inner = [] {
            std::ptrdiff_t n = 1;
            for (int a = Axis + 1; a < Walk.axes; ++a) n *= Walk.extent[a];
            return n;
        }();
        constexpr std::ptrdiff_t read = Walk.into ? inner : Walk.stride[Axis];
        constexpr std::ptrdiff_t wrote = Walk.into ? Walk.stride[Axis] : inner;
        for (int i = 0; i < Walk.extent[Axis]; ++i) walk_axis<Arch, T, Walk, Axis + 1>(x + i * read, y + i * wrote);
    }
}
template <class Arch, class T, fixed_walk Walk>
[[gnu::always_inline]] inline void walk_axes(const T* x, T* y) noexcept {
    if constexpr (Walk.fills > 0) fill_run<Arch, T, Walk.fills>(static_cast<T>(Walk.fill), y);
    walk_axis<Arch, T, Walk, 0>(x + (Walk.into ? 0 : Walk.first), y + (Walk.into ? Walk.first : 0));
}

}  // namespace tessera::detail::simd
