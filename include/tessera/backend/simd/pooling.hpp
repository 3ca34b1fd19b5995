// pooling: maximum and average over windows, and their gradients, channels last, lanes along the channels.
//
//   x (count, D, H, W, channels), y (count, OD, OH, OW, channels); dx and dy alike
//
// Maximum     padding never wins; NaN wins. A window without any element gives minus infinity.
// Average     the divisor is the number of taps, or of those inside the image, as `divisor` says.
// Gradients   dx [+=]. That of the maximum goes to the first one in row-major order of the window, found again from x.
//             They run over samples (and blocks of channels) in parallel, windows in order.
// The tail runs on rows of y, for the gradients on whole images of dx.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/window.hpp>

namespace tessera::detail::simd {

enum class divisor { taps, inside };

struct pooling_shape {
    int count = 1;
    int in[3] = {1, 1, 1}, out[3] = {1, 1, 1};
    int channels = 1;
    window w;
};

// The taps of one output that fall inside the image: [begin, end) on every axis, and where tap 0 reads. A template, as
// shifted_tail_for is.
template <class InstructionSet> struct pooling_window_for {
    int begin[3], end[3], origin[3];

    constexpr pooling_window_for(const pooling_shape& s, const int (&output)[3]) : begin{}, end{}, origin{} {
        for (int i = 0; i < 3; ++i) {
            const int d = s.w.dilation[i];
            origin[i] = output[i] * s.w.stride[i] - s.w.before[i];
            begin[i] = origin[i] >= 0 ? 0 : (-origin[i] + d - 1) / d;
            end[i] = std::clamp((s.in[i] - origin[i] + d - 1) / d, begin[i], std::max(begin[i], s.w.kernel[i]));
        }
    }
    constexpr int inside() const { return (end[0] - begin[0]) * (end[1] - begin[1]) * (end[2] - begin[2]); }

    // f(pixel) for every tap inside, in row-major order
    template <class Function> void for_each(const pooling_shape& s, Function f) const noexcept {
        for (int d = begin[0]; d < end[0]; ++d)
            for (int h = begin[1]; h < end[1]; ++h)
                for (int w = begin[2]; w < end[2]; ++w)
                    f((std::ptrdiff_t(origin[0] + d * s.w.dilation[0]) * s.in[1] + origin[1] + h * s.w.dilation[1]) *
                          s.in[2] +
                      origin[2] + w * s.w.dilation[2]);
    }
};
using pooling_window = pooling_window_for<instruction_set::native>;

// One output pixel: fold the vectors of every tap, then write finish(folded, taps inside).
template <class Arch, class T, class Fold, class Finish>
void pool_pixel(const pooling_shape& s, const pooling_window& taps, const T* x, T* y, T start, Fold fold,
                Finish finish) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    for (int c = 0; c < s.channels; c += width) {
        const prefix<V> end = first<V>(std::min(width, s.channels - c));
        V value(start);
        taps.for_each(s, [&](std::ptrdiff_t pixel) { value = fold(value, load<V>(x + pixel * s.channels + c, end)); });
        store_to(y + c, finish(value, taps.inside()), end);
    }
}

// Rows of y in parallel; pixel(taps, x of the sample, y of the pixel) for every pixel.
template <class T, class Pixel>
void pool_rows(const pooling_shape& s, const T* x, T* y, const tail& after, Pixel pixel) noexcept {
    const int rows = s.count * s.out[0] * s.out[1];
    const std::ptrdiff_t work = std::ptrdiff_t(s.out[2]) * s.channels * s.w.taps();
    const int group = int(std::clamp<std::ptrdiff_t>((1 << 14) / std::max<std::ptrdiff_t>(work, 1), 1, 64));
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        for (int row = item * group; row < std::min(rows, (item + 1) * group); ++row) {
            const int h = row % s.out[1], d = row / s.out[1] % s.out[0], sample = row / s.out[1] / s.out[0];
            const T* from = x + std::ptrdiff_t(sample) * s.in[0] * s.in[1] * s.in[2] * s.channels;
            const std::ptrdiff_t offset = std::ptrdiff_t(row) * s.out[2] * s.channels;
            for (int w = 0; w < s.out[2]; ++w)
                pixel(pooling_window(s, {d, h, w}), from, y + offset + std::ptrdiff_t(w) * s.channels);
            after(offset, s.out[2], s.channels, s.channels);
        }
    });
}

template <class Arch, class T> void max_pool(const pooling_shape& s, const T* x, T* y, const tail& after) noexcept {
    using V = vector<T, Arch>;
    pool_rows(s, x, y, after, [&](const pooling_window& taps, const T* from, T* to) noexcept {
        pool_pixel<Arch>(
            s, taps, from, to, -std::numeric_limits<T>::infinity(), [](const V& a, const V& b) { return max(a, b); },
            [](const V& a, int) { return a; });
    });
}

template <class Arch, class T>
void average_pool(const pooling_shape& s, divisor by, const T* x, T* y, const tail& after) noexcept {
    using V = vector<T, Arch>;
    pool_rows(s, x, y, after, [&](const pooling_window& taps, const T* from, T* to) noexcept {
        pool_pixel<Arch>(
            s, taps, from, to, T(0), [](const V& a, const V& b) { return a + b; },
            [&](const V& sum, int inside) {
                return sum / V(T(std::max(1, by == divisor::taps ? s.w.taps() : inside)));
            });
    });
}

}  // namespace tessera::detail::simd
