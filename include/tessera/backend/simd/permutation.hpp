// permutation: copies what is under any layout into contiguous memory: permuted axes, slices, broadcasts, flips. The
// samples are an axis as others.
//
//   y[i0][i1]... = x[first + i0 stride0 + i1 stride1 + ...]      y contiguous, of the layout's extents
//
// Axes that continue one another are merged first. If no source axis runs along y's last one, the two are transposed
// in blocks, so that both sides use whole cache lines.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/layout.hpp>

namespace tessera::detail::simd {

// y (rows, columns, pitch) = x with x_row, x_column between elements
template <class Arch, class T>
[[gnu::noinline]] void copy_plane(T* y, std::ptrdiff_t pitch, const T* x, int rows, std::ptrdiff_t x_row, int columns,
                                  std::ptrdiff_t x_column) noexcept {
    if (x_column == 1) {
        for (int r = 0; r < rows; ++r) std::memcpy(y + r * pitch, x + r * x_row, std::size_t(columns) * sizeof(T));
        return;
    }
    constexpr int block = 16;
    for (int c = 0; c < columns; c += block)
        for (int r = 0; r < rows; r += block) {
            const int wide = std::min(block, columns - c), high = std::min(block, rows - r);
            if (x_row == 1 && wide == block && high == block) {
                for (int i = 0; i < block; i += 4)
                    for (int j = 0; j < block; j += 4)
                        transpose_block<Arch>(x + r + i + (c + j) * x_column, x_column, y + (r + i) * pitch + c + j,
                                              pitch);
                continue;
            }
            for (int i = r; i < r + high; ++i)
                for (int j = c; j < c + wide; ++j) y[i * pitch + j] = x[i * x_row + j * x_column];
        }
}

template <class Arch, class T> void permute(const layout& from, const T* x, T* y) noexcept {
    layout v = merged(from);
    const std::ptrdiff_t size = v.size();
    if (size < 1) return;
    while (v.axes < 2) {  // leading axes of one
        for (int i = v.axes; i > 0; --i) v.extent[i] = v.extent[i - 1], v.stride[i] = v.stride[i - 1];
        v.extent[0] = 1;
        v.stride[0] = 0;
        ++v.axes;
        if (v.axes == 1) v.stride[0] = 1;
    }
    x += v.first;
    // the plane: y's last axis, and the axis that is contiguous in x, else the one before the last
    const int last = v.axes - 1;
    int other = last - 1;
    for (int i = 0; i < last; ++i)
        if (v.stride[i] == 1 && v.stride[last] != 1) other = i;
    std::ptrdiff_t y_stride[layout::max_axes];
    y_stride[last] = 1;
    for (int i = last; i > 0; --i) y_stride[i - 1] = y_stride[i] * v.extent[i];
    const auto rows = static_cast<int>(v.extent[other]), columns = static_cast<int>(v.extent[last]);
    const std::ptrdiff_t planes = size / (std::ptrdiff_t(rows) * columns);
    // items of some thousand elements
    const int cut = int(std::clamp<std::ptrdiff_t>((1 << 14) / columns / 16 * 16, 16, std::max(rows, 16)));
    const int cuts = (rows + cut - 1) / cut;
    threads::parallel(int(planes * cuts), [&](int item) noexcept {
        std::ptrdiff_t rest = item / cuts, at = 0, to = 0;
        for (int i = last - 1; i >= 0; --i) {
            if (i == other) continue;
            at += rest % v.extent[i] * v.stride[i];
            to += rest % v.extent[i] * y_stride[i];
            rest /= v.extent[i];
        }
        const int row = item % cuts * cut;
        copy_plane<Arch>(y + to + row * y_stride[other], y_stride[other], x + at + row * v.stride[other],
                         std::min(cut, rows - row), v.stride[other], columns, v.stride[last]);
    });
}

}  // namespace tessera::detail::simd
