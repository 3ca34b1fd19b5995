// gather: rows of a table by index, y_i = table_(index_i), and its adjoint, table_(index_i) += dy_i.
//
// Rows are `columns` long, without gaps. An index outside [0, table_rows) reads as a row of zeros and adds nothing.
// scatter_add runs over blocks of columns in parallel, rows in order: equal indices add up in one order.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

template <class Arch, class T>
void gather(int rows, int columns, int table_rows, const T* table, const std::int32_t* index, T* y,
            const tail& after) noexcept {
    const int group = std::clamp(4096 / std::max(columns, 1), 1, 1024);
    const std::ptrdiff_t pitch = columns;
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        const int begin = item * group, end = std::min(rows, begin + group);
        for (int i = begin; i < end; ++i)
            if (index[i] >= 0 && index[i] < table_rows)
                std::memcpy(y + i * pitch, table + index[i] * pitch, std::size_t(columns) * sizeof(T));
            else
                std::fill_n(y + i * pitch, columns, T(0));
        after(begin * pitch, end - begin, pitch, columns);
    });
}

template <class Arch, class T>
void scatter_add(int rows, int columns, int table_rows, const T* dy, const std::int32_t* index, T* table) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>, block = 4 * width;
    const std::ptrdiff_t pitch = columns;
    threads::parallel((columns + block - 1) / block, [&](int item) noexcept {
        const int from = item * block, to = std::min(columns, from + block);
        for (int i = 0; i < rows; ++i) {
            if (index[i] < 0 || index[i] >= table_rows) continue;
            T* const target = table + index[i] * pitch;
            for (int c = from; c < to; c += width) {
                const prefix<V> end = first<V>(std::min(width, to - c));
                store_to(target + c, load<V>(target + c, end) + load<V>(dy + i * pitch + c, end), end);
            }
        }
    });
}

}  // namespace tessera::detail::simd
