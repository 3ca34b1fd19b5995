// pooling: maximum and mean of windows of constant extents, lanes along channels.
#pragma once
#include <algorithm>
#include <limits>
#include <tessera/backend/simd/fixed/pooling_rule.hpp>
#include <tessera/backend/simd/fixed/tile.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, fixed_pooling Pool> struct fixed_pooling_kernel {
    using V = vector<T, Arch>;
    static constexpr const pooling_shape& s = Pool.shape;
    static constexpr int channels = s.channels;

    // finish.template operator()<N>(lanes, pixel, channel)
    template <class Finish> static void run(const T* x, const Finish& finish) noexcept {
        constexpr int columns = std::min((channels + lanes<V> - 1) / lanes<V>, 4);
        int pixel = 0;
        for (int i = 0; i < s.count; ++i, x += std::ptrdiff_t{s.in[0]} * s.in[1] * s.in[2] * channels)
            for (int d = 0; d < s.out[0]; ++d)
                for (int h = 0; h < s.out[1]; ++h)
                    for (int w = 0; w < s.out[2]; ++w, ++pixel)
                        cut_columns<Arch, T, channels, columns>(
                            [&]<class W, int Vectors, int Last>(int channel) __attribute__((always_inline)) {
                                fold<Vectors, Last>(x + channel, d, h, w, pixel, channel, finish);
                            });
    }

  private:
    template <int Vectors, int Last, class Finish>
    [[gnu::always_inline]] static void fold(const T* x, int d, int h, int w, int pixel, int channel,
                                            const Finish& finish) noexcept {
        constexpr int own = lanes<V>;
        V all[Vectors];
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) all[v] = V(Pool.largest ? -std::numeric_limits<T>::infinity() : T(0));
        const auto add = [&](const T* at) __attribute__((always_inline)) {
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                const V now = v + 1 < Vectors ? load<V>(at + v * own) : load_part<Last, V>(at + v * own);
                if constexpr (Pool.largest)
                    all[v] = max(all[v], now);
                else
                    all[v] = all[v] + now;
            }
        };
        [[maybe_unused]] int inside = s.w.taps();
        if constexpr (Pool.bordered()) {
            const pooling_window taps(s, {d, h, w});
            inside = taps.inside();
            taps.for_each(s, [&](std::ptrdiff_t at) { add(x + at * channels); });
        } else {
            for (int i = 0; i < s.w.kernel[0]; ++i)
                for (int j = 0; j < s.w.kernel[1]; ++j) {
                    const T* const row = x + ((std::ptrdiff_t{d} * s.w.stride[0] + i * s.w.dilation[0]) * s.in[1] +
                                              h * s.w.stride[1] + j * s.w.dilation[1]) *
                                                 s.in[2] * channels;
#pragma GCC unroll 4
                    for (int k = 0; k < s.w.kernel[2]; ++k)
                        add(row + (w * s.w.stride[2] + k * s.w.dilation[2]) * channels);
                }
        }
        if constexpr (!Pool.largest) {
            const V by(T(std::max(1, Pool.counts_inside ? inside : s.w.taps())));
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) all[v] = all[v] / by;
        }
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            if (v + 1 < Vectors)
                finish.template operator()<own>(all[v], pixel, channel + v * own);
            else
                finish.template operator()<Last>(all[v], pixel, channel + v * own);
    }
};

}  // namespace tessera::detail::simd
