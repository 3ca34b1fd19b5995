// depthwise: one output row of a convolution whose channels do not mix, lanes along the channels.
//
//   c_(j, i) = sum over s of a_(s, j, i) b_(s, i) [+ c_(j, i)]     j < positions, i < channels
//
// The stretches (see tile.hpp) are the taps; b rows are read whole.
#pragma once
#include <tessera/backend/simd/tile.hpp>

namespace tessera::detail::simd {

template <class Arch, int Positions, class T>
void depthwise_tile(const tile_operands<T>& operands, int channels) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    static_assert(Positions <= 8, "the unroll pragmas below must cover the loops");
    const std::ptrdiff_t a_row = operands.a_row, c_row = operands.c_row;
    const stretch* const stretches = operands.stretches;
    const int stretch_count = operands.stretch_count;
    const bool accumulate = operands.accumulate;
    for (int at = 0; at < channels; at += width) {
        const prefix<V> end = first<V>(std::min(width, channels - at));
        const bool whole = at + width <= channels;
        V sum[Positions];
#pragma GCC unroll 8
        for (int j = 0; j < Positions; ++j) sum[j] = V(T(0));
        for (int s = 0; s < stretch_count; ++s) {
            const T* a = operands.a + stretches[s].a + at;
            const T* b = operands.b + stretches[s].b + at;
            const V weight = load_within<V>(b, end, whole);
#pragma GCC unroll 8
            for (int j = 0; j < Positions; ++j)
                sum[j] = fmadd(load_within<V>(a + j * a_row, end, whole), weight, sum[j]);
        }
#pragma GCC unroll 8
        for (int j = 0; j < Positions; ++j) {
            T* const c = operands.c + j * c_row + at;
            if (accumulate) sum[j] = sum[j] + load_within<V>(c, end, whole);
            store_within(c, sum[j], end, whole);
        }
    }
}

// Positions 8, 4, 2, 1 at a time.
template <class Arch, class T>
[[gnu::noinline]] void depthwise_row(tile_operands<T> operands, int positions, int channels) noexcept {
    const auto cover = [&]<int Positions>(std::integral_constant<int, Positions>) noexcept {
        for (; positions >= Positions; positions -= Positions) {
            depthwise_tile<Arch, Positions>(operands, channels);
            operands.a += Positions * operands.a_row;
            operands.c += Positions * operands.c_row;
        }
    };
    cover(std::integral_constant<int, 8>{});
    cover(std::integral_constant<int, 4>{});
    cover(std::integral_constant<int, 2>{});
    cover(std::integral_constant<int, 1>{});
}

}  // namespace tessera::detail::simd
