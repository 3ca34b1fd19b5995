// permutation: copies what is under any layout into contiguous memory, or into rows of another layout: permuted axes,
// slices, broadcasts, flips. The samples are an axis as others.
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

// y (rows, columns) = x, both with gaps between rows. Few elements are copied without a call for each row.
template <int Columns, class T>
void copy_columns(const T* x, std::ptrdiff_t x_row, int rows, T* y, std::ptrdiff_t y_row) noexcept {
    for (; rows > 0; --rows, x += x_row, y += y_row) std::memcpy(y, x, Columns * sizeof(T));
}
template <class T>
[[gnu::noinline]] void copy_rows(const T* x, std::ptrdiff_t x_row, int rows, int columns, T* y,
                                 std::ptrdiff_t y_row) noexcept {
    switch (columns) {
        case 1: return copy_columns<1>(x, x_row, rows, y, y_row);
        case 2: return copy_columns<2>(x, x_row, rows, y, y_row);
        case 3: return copy_columns<3>(x, x_row, rows, y, y_row);
        case 4: return copy_columns<4>(x, x_row, rows, y, y_row);
    }
    for (; rows > 0; --rows, x += x_row, y += y_row) std::memcpy(y, x, static_cast<std::size_t>(columns) * sizeof(T));
}

// y (rows, columns, pitch) = x with x_row, x_column between elements
template <class Arch, class T>
[[gnu::noinline]] void copy_plane(T* y, std::ptrdiff_t pitch, const T* x, int rows, std::ptrdiff_t x_row, int columns,
                                  std::ptrdiff_t x_column) noexcept {
    if (x_column == 1) {
        copy_rows(x, x_row, rows, columns, y, pitch);
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

// y, where `to` says, = x, where `from` says; both of the same extents, and `to` without gaps along its last axis
template <class Arch, class T> void copy_elements(const layout& from, const layout& to, const T* x, T* y) noexcept {
    // axes that go on where one ends, in both
    std::ptrdiff_t extent[layout::max_axes + 1], x_stride[layout::max_axes + 1], y_stride[layout::max_axes + 1];
    int axes = 0;
    const auto append = [&](std::ptrdiff_t n, std::ptrdiff_t of_x, std::ptrdiff_t of_y) {
        if (axes > 0 && x_stride[axes - 1] == of_x * n && y_stride[axes - 1] == of_y * n) {
            extent[axes - 1] *= n;
            --axes;
        } else {
            extent[axes] = n;
        }
        x_stride[axes] = of_x;
        y_stride[axes++] = of_y;
    };
    std::ptrdiff_t size = 1;
    for (int a = 0; a < from.axes; ++a) {
        size *= from.extent[a];
        if (from.extent[a] != 1) append(from.extent[a], from.stride[a], to.stride[a]);
    }
    if (size < 1) return;
    if (axes == 0 || y_stride[axes - 1] != 1) {  // nothing but single elements
        extent[axes] = x_stride[axes] = y_stride[axes] = 1;
        ++axes;
    }
    if (axes == 1) {
        extent[1] = extent[0];
        x_stride[1] = x_stride[0];
        y_stride[1] = y_stride[0];
        extent[0] = 1;
        x_stride[0] = y_stride[0] = 0;
        axes = 2;
    }
    x += from.first;
    y += to.first;
    // the plane: y's last axis, and the axis that is contiguous in x, else the one before the last
    const int last = axes - 1;
    int other = last - 1;
    for (int i = 0; i < last; ++i)
        if (x_stride[i] == 1 && x_stride[last] != 1) other = i;
    const auto rows = static_cast<int>(extent[other]), columns = static_cast<int>(extent[last]);
    const std::ptrdiff_t planes = size / (std::ptrdiff_t(rows) * columns);
    // items of some thousand elements
    const int cut = int(std::clamp<std::ptrdiff_t>((1 << 14) / columns / 16 * 16, 16, std::max(rows, 16)));
    const int cuts = (rows + cut - 1) / cut;
    threads::parallel(int(planes * cuts), [&](int item) noexcept {
        std::ptrdiff_t rest = item / cuts, at = 0, to_at = 0;
        for (int i = last - 1; i >= 0; --i) {
            if (i == other) continue;
            at += rest % extent[i] * x_stride[i];
            to_at += rest % extent[i] * y_stride[i];
            rest /= extent[i];
        }
        const int row = item % cuts * cut;
        copy_plane<Arch>(y + to_at + row * y_stride[other], y_stride[other], x + at + row * x_stride[other],
                         std::min(cut, rows - row), x_stride[other], columns, x_stride[last]);
    });
}

// the same with y's elements one after another
template <class Arch, class T> void permute(const layout& from, const T* x, T* y) noexcept {
    layout to = from;
    to.first = 0;
    long step = 1;
    for (int a = from.axes - 1; a >= 0; --a) {
        to.stride[a] = step;
        step *= from.extent[a];
    }
    copy_elements<Arch>(from, to, x, y);
}

}  // namespace tessera::detail::simd
