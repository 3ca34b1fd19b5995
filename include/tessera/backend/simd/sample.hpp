// sample: an image (rows, columns, channels) read between its pixels at one point, a vector of channels at a time.
//
//   y_c = sum over the four pixels (i, j) around the point of row_i column_j x_ijc
//
// A pixel of weight 0 is not read, as in the reference implementation.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/operations/sample.hpp>

namespace tessera::detail::simd {

template <class Arch, class T>
void sample_point(const neighbours<T>& row, const neighbours<T>& column, int channels, const T* x, T* y) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const std::ptrdiff_t pixel = channels, line = pixel * column.extent;
    for (int c = 0; c < channels; c += width) {
        const bool whole = channels - c >= width;
        const prefix<V> end = first<V>(std::min(width, channels - c));
        V sum(T(0));
        for (int i = 0; i < 2; ++i) {
            if (!row.reads(i)) continue;
            V of_row(T(0));
            for (int j = 0; j < 2; ++j)
                if (column.reads(j))
                    of_row =
                        fmadd(V(column.weight(j)),
                              load_within<V>(x + (row.first + i) * line + (column.first + j) * pixel + c, end, whole),
                              of_row);
            sum = fmadd(V(row.weight(i)), of_row, sum);
        }
        store_within(y + c, sum, end, whole);
    }
}

}  // namespace tessera::detail::simd
