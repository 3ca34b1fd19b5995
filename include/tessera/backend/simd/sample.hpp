// sample: an image (rows, columns, channels) read between its pixels at some points, a vector of channels at a time.
//
//   y_c = sum over the four pixels (i, j) around the point of row_i column_j x_ijc
//
// Cost        a point: for each vector of channels four loads and multiply-adds. Points that do not read all four pixels
//             take a branch for each.
#pragma once
#include <tessera/backend/simd/sample_points.hpp>

namespace tessera::detail::simd {

// y (points, channels). What is stored beyond the channels of a point is overwritten by the points after it, and what is
// loaded beyond those of a pixel are others, but for the last ones.
template <class Arch, class T>
[[gnu::noinline]] void sample_read(const sample_image& image, const T* x, const sample_points<T>& at, int points,
                                   T* y) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const std::ptrdiff_t channels = image.channels, line = image.line();
    const std::ptrdiff_t readable = image.size() - (channels + width - 1) / width * width;
    const std::ptrdiff_t all_readable = readable - line - channels;
    const T* const y_end = y + points * channels;
    for (int p = 0; p < points; ++p, y += channels) {
        const auto store = [&](std::ptrdiff_t c, const V& sum) {
            const std::ptrdiff_t room = y_end - y - c;
            if (room >= width)
                store_to(y + c, sum);
            else
                store_to(y + c, sum, first<V>(static_cast<int>(room)));
        };
        const std::ptrdiff_t offset = at.offset[2 * p];
        if (at.all[2 * p] != T(0) && offset <= all_readable) {
            const V w00(at.along[2 * p]), w01(at.across[2 * p]), w10(at.across[2 * p + 1]), w11(at.along[2 * p + 1]);
            const T* pixel = x + offset;
            for (std::ptrdiff_t c = 0; c < channels; c += width, pixel += width) {
                V sum = load<V>(pixel) * w00;
                sum = fmadd(load<V>(pixel + channels), w01, sum);
                sum = fmadd(load<V>(pixel + line), w10, sum);
                store(c, fmadd(load<V>(pixel + line + channels), w11, sum));
            }
            continue;
        }
        std::ptrdiff_t pixel[4];
        T weight[4];
        const int count = at.pixels(image, p, pixel, weight);
        const bool inside = count == 0 || pixel[count - 1] <= readable;
        const T nothing = count == 0 ? at.near[2 * p] * T(0) : T(0);  // NaN at a row that is
        for (std::ptrdiff_t c = 0; c < channels; c += width) {
            V sum(nothing);
            if (inside || channels - c >= width) {
                for (int k = 0; k < count; ++k) sum = fmadd(load<V>(x + pixel[k] + c), V(weight[k]), sum);
            } else {
                const prefix<V> end = first<V>(static_cast<int>(channels - c));
                for (int k = 0; k < count; ++k) sum = fmadd(load<V>(x + pixel[k] + c, end), V(weight[k]), sum);
            }
            store(c, sum);
        }
    }
}

}  // namespace tessera::detail::simd
