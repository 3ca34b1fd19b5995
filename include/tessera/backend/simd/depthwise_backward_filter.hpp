// depthwise_backward_filter: the gradient of a row of taps of a convolution whose channels do not mix.
//
//   c_(t, i) = sum over s, j of a_(s, j, t, i) b_(s, j, i) [+ c_(t, i)]   t < Taps, i < channels, j < length
//
// Stretches as in tile.hpp; a_row, b_row and c_row are the pitches of positions in a, positions in b and taps in c,
// a_col that of taps in a. Even and odd positions have sums of their own, added at the end.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/tile.hpp>

namespace tessera::detail::simd {

template <class Arch, int Taps, class T>
[[gnu::noinline]] void depthwise_backward_filter(const tile_operands<T>& operands, int channels) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    static_assert(Taps <= 4, "the unroll pragmas below must cover the loops");
    const std::ptrdiff_t a_row = operands.a_row, a_col = operands.a_col, b_row = operands.b_row;
    for (int at = 0; at < channels; at += width) {
        const prefix<V> end = first<V>(std::min(width, channels - at));
        const bool whole = at + width <= channels;
        V even[Taps], odd[Taps];
#pragma GCC unroll 4
        for (int t = 0; t < Taps; ++t) even[t] = odd[t] = V(T(0));
        for (int s = 0; s < operands.stretch_count; ++s) {
            const T* a = operands.a + operands.stretches[s].a + at;
            const T* b = operands.b + operands.stretches[s].b + at;
            int j = 0;
            for (; j + 2 <= operands.length; j += 2, a += 2 * a_row, b += 2 * b_row) {
                const V one = load_within<V>(b, end, whole), two = load_within<V>(b + b_row, end, whole);
#pragma GCC unroll 4
                for (int t = 0; t < Taps; ++t) {
                    even[t] = fmadd(load_within<V>(a + t * a_col, end, whole), one, even[t]);
                    odd[t] = fmadd(load_within<V>(a + t * a_col + a_row, end, whole), two, odd[t]);
                }
            }
            if (j == operands.length) continue;
            const V one = load_within<V>(b, end, whole);
#pragma GCC unroll 4
            for (int t = 0; t < Taps; ++t) even[t] = fmadd(load_within<V>(a + t * a_col, end, whole), one, even[t]);
        }
#pragma GCC unroll 4
        for (int t = 0; t < Taps; ++t) {
            T* const c = operands.c + t * operands.c_row + at;
            V all = even[t] + odd[t];
            if (operands.accumulate) all = all + load_within<V>(c, end, whole);
            store_within(c, all, end, whole);
        }
    }
}

}  // namespace tessera::detail::simd
