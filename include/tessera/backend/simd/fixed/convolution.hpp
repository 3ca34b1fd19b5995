// convolution: of constant extents, output pixels by channels in register tiles that are handed over.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/fixed/convolution_rule.hpp>
#include <tessera/backend/simd/fixed/copy.hpp>
#include <tessera/backend/simd/fixed/tile.hpp>

namespace tessera::detail::simd {

// f(distance in x, how many before it) for every index of all axes but the last `Left`
template <fixed_axes Axes, int Left, int Axis = 0, class F>
[[gnu::always_inline]] inline void for_axes(const F& f, std::ptrdiff_t distance = 0, int index = 0) noexcept {
    if constexpr (Axis >= Axes.count - Left)
        f(distance, index);
    else
        for (int i = 0; i < Axes.extent[Axis]; ++i)
            for_axes<Axes, Left, Axis + 1>(f, distance + i * Axes.step[Axis], index * Axes.extent[Axis] + i);
}

template <class Arch, class T, fixed_convolution Shape> struct fixed_convolution_kernel {
    using V = vector<T, Arch>;
    static constexpr int width = lanes<V>;
    static constexpr bool depthwise = Shape.form == fixed_form::depthwise;
    static constexpr int across = depthwise ? Shape.groups : Shape.outputs;  // columns along lanes
    // pixels that stand in a line, and what of them is one tile
    static constexpr int line = Shape.pixels.count == 0 ? 1 : Shape.pixels.extent[Shape.pixels.count - 1];
    static constexpr std::ptrdiff_t step = Shape.pixels.count == 0 ? 0 : Shape.pixels.step[Shape.pixels.count - 1];
    static constexpr int columns = std::min((across + width - 1) / width, 4);
    static constexpr int rows = std::clamp(accumulators_that_hide / columns, 1, std::min(line, 4));

    // finish.template operator()<N>(lanes, pixel, channel)
    template <class Finish> static void run(const T* x, const T* w, const Finish& finish) noexcept {
        if constexpr (Shape.bordered) {
            alignas(64) T wide[Shape.elements];
            put_border(x, wide);
            run_lines(wide, w, finish);
        } else {
            run_lines(x, w, finish);
        }
    }

  private:
    [[gnu::always_inline]] static void put_border(const T* x, T* wide) noexcept {
        constexpr int channels = Shape.inputs * Shape.groups;
        constexpr bool gapless = Shape.image_step[3] == channels;
        fill_run<Arch, T, Shape.elements>(T(0), wide);
        for (int s = 0; s < Shape.images; ++s)
            for (int d = 0; d < Shape.in[0]; ++d)
                for (int h = 0; h < Shape.in[1]; ++h) {
                    const T* const from =
                        x + s * Shape.image_step[0] + d * Shape.image_step[1] + h * Shape.image_step[2];
                    T* const to =
                        wide + (((s * Shape.wide[0] + d + Shape.before[0]) * Shape.wide[1] + h + Shape.before[1]) *
                                    Shape.wide[2] +
                                Shape.before[2]) *
                                   channels;
                    if constexpr (gapless)
                        copy_run<Arch, T, Shape.in[2] * channels>(from, to);
                    else
                        for (int p = 0; p < Shape.in[2]; ++p)
                            copy_run<Arch, T, channels>(from + p * Shape.image_step[3], to + p * channels);
                }
    }
    template <class Finish>
    [[gnu::always_inline]] static void run_lines(const T* x, const T* w, const Finish& finish) noexcept {
        for_axes<Shape.pixels, 1>([&](std::ptrdiff_t distance, int before) __attribute__((always_inline)) {
            const T* const from = x + distance;
            int p = 0;
            for (; p + rows <= line; p += rows) run_pixels<rows>(from + p * step, w, before * line + p, finish);
            if constexpr (line % rows != 0) run_pixels<line % rows>(from + p * step, w, before * line + p, finish);
        });
    }
    template <int Pixels, class Finish>
    [[gnu::always_inline]] static void run_pixels(const T* x, const T* w, int pixel, const Finish& finish) noexcept {
        if constexpr (depthwise) {
            cut_columns<Arch, T, across, columns>(
                [&]<class W, int Vectors, int Last>(int channel) __attribute__((always_inline)) {
                    run_channels<W, Pixels, Vectors, Last>(x + channel, w + channel, pixel, channel, finish);
                });
        } else {
            for (int group = 0; group < Shape.groups; ++group)
                cut_columns<Arch, T, across, columns>([&]<class W, int Vectors, int Last>(
                                                          int column) __attribute__((always_inline)) {
                    const int channel = group * Shape.outputs + column;
                    fixed_tile<W, Pixels, Vectors, Last, chains_of<Arch>(Pixels * Vectors, Shape.run)> tile;
                    tile.clear();
                    for_axes<Shape.taps, 0>([&](std::ptrdiff_t distance, int tap) __attribute__((always_inline)) {
                        tile.template add<Shape.run, step, 1, Shape.weight_row()>(
                            x + group * Shape.inputs + distance, w + tap * Shape.run * Shape.weight_row() + channel);
                    });
                    tile.template hand_over<V>(pixel, channel, finish);
                });
        }
    }
    // each channel for itself
    template <class W, int Pixels, int Vectors, int Last, class Finish>
    [[gnu::always_inline]] static void run_channels(const T* x, const T* w, int pixel, int channel,
                                                    const Finish& finish) noexcept {
        constexpr int own = lanes<W>;
        fixed_tile<W, Pixels, Vectors, Last, 1> tile;
        tile.clear();
        for_axes<Shape.taps, 0>([&](std::ptrdiff_t distance, int tap) __attribute__((always_inline)) {
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                const auto part = [&](const T* p) __attribute__((always_inline)) {
                    return v + 1 < Vectors ? load<W>(p + v * own) : load_part<Last, W>(p + v * own);
                };
                const W weight = part(w + tap * Shape.groups);
#pragma GCC unroll 4
                for (int r = 0; r < Pixels; ++r)
                    tile.sum[r][v][0] = fmadd(part(x + distance + r * step), weight, tile.sum[r][v][0]);
            }
        });
        tile.template hand_over<V>(pixel, channel, finish);
    }
};

}  // namespace tessera::detail::simd
