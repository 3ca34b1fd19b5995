// depthwise_weight_gradient: the gradient of one tap of a convolution whose channels do not mix.
//
//   c_i = sum over s, j of a_(s, j, i) b_(s, j, i) [+ c_i]     i < channels, j < length; stretches as in tile.hpp
//
// a_row and b_row are the pitches of the positions j. Every lane keeps four sums, added in a fixed order.
#pragma once
#include <tessera/backend/simd/tile.hpp>

namespace tessera::simd {

template <class Arch, class T>
[[gnu::noinline]] void depthwise_weight_gradient(const tile_operands<T>& operands, int channels) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    for (int at = 0; at < channels; at += width) {
        const prefix<V> end = first<V>(std::min(width, channels - at));
        V sum[4] = {V(T(0)), V(T(0)), V(T(0)), V(T(0))};
        for (int s = 0; s < operands.stretch_count; ++s) {
            const T* a = operands.a + operands.stretches[s].a + at;
            const T* b = operands.b + operands.stretches[s].b + at;
            int j = 0;
            for (; j + 4 <= operands.length; j += 4)
#pragma GCC unroll 4
                for (int u = 0; u < 4; ++u, a += operands.a_row, b += operands.b_row)
                    sum[u] = fmadd(load<V>(a, end), load<V>(b, end), sum[u]);
            for (; j < operands.length; ++j, a += operands.a_row, b += operands.b_row)
                sum[0] = fmadd(load<V>(a, end), load<V>(b, end), sum[0]);
        }
        V all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        if (operands.accumulate) all = all + load<V>(operands.c + at, end);
        store_to(operands.c + at, all, end);
    }
}

}  // namespace tessera::simd
