// depthwise: one output row of a convolution whose channels do not mix, lanes along the channels.
//
//   c_(j, i) = sum over s of a_(s, j, i) b_(s, i) [+ c_(j, i)]     j < positions, i < channels
//
// The stretches (see tile.hpp) are the taps; b rows are read whole.
#pragma once
#include <tessera/backend/simd/tile.hpp>

namespace tessera::simd {

template <class Arch, int Positions, class T>
void depthwise_tile(const tile_operands<T>& operands, int channels) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    static_assert(Positions <= 8, "the unroll pragmas below must cover the loops");
    for (int at = 0; at < channels; at += width) {
        const prefix<V> end = first<V>(std::min(width, channels - at));
        const bool whole = at + width <= channels;
        V sum[Positions];
#pragma GCC unroll 8
        for (int j = 0; j < Positions; ++j) sum[j] = V(T(0));
        for (int s = 0; s < operands.stretch_count; ++s) {
            const T* a = operands.a + operands.stretches[s].a + at;
            const T* b = operands.b + operands.stretches[s].b + at;
            const V weight = whole ? load<V>(b) : load<V>(b, end);
#pragma GCC unroll 8
            for (int j = 0; j < Positions; ++j)
                sum[j] = fmadd(whole ? load<V>(a + j * operands.a_row) : load<V>(a + j * operands.a_row, end), weight,
                               sum[j]);
        }
#pragma GCC unroll 8
        for (int j = 0; j < Positions; ++j) {
            T* c = operands.c + j * operands.c_row + at;
            if (operands.accumulate) sum[j] = sum[j] + load<V>(c, end);
            store_to(c, sum[j], end);
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

}  // namespace tessera::simd
