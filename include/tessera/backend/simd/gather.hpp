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

// rows begin to end of y
template <class T>
void gather_rows(int begin, int end, std::ptrdiff_t columns, int table_rows, const T* table, const std::int32_t* index,
                 T* y) noexcept {
    for (int i = begin; i < end; ++i)
        if (index[i] >= 0 && index[i] < table_rows)
            std::memcpy(y + i * columns, table + index[i] * columns, static_cast<std::size_t>(columns) * sizeof(T));
        else
            std::fill_n(y + i * columns, columns, T(0));
}

template <class Arch, class T>
void gather(int rows, int columns, int table_rows, const T* table, const std::int32_t* index, T* y,
            const tail& after) noexcept {
    const int group = std::clamp(4096 / std::max(columns, 1), 1, 1024);
    const std::ptrdiff_t pitch = columns;
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        const int begin = item * group, end = std::min(rows, begin + group);
        gather_rows(begin, end, pitch, table_rows, table, index, y);
        after(begin * pitch, end - begin, pitch, columns);
    });
}

// columns `from` to `to` of all rows, added in order
template <class Arch, class T>
void scatter_rows(int rows, std::ptrdiff_t columns, int from, int to, int table_rows, const T* dy,
                  const std::int32_t* index, T* table) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const int whole = from + (to - from) / width * width;
    const prefix<V> end = first<V>(to - whole);
    for (int i = 0; i < rows; ++i) {
        if (index[i] < 0 || index[i] >= table_rows) continue;
        T* const target = table + index[i] * columns;
        const T* const own = dy + i * columns;
        int c = from;
        for (; c < whole; c += width) store_to(target + c, load<V>(target + c) + load<V>(own + c));
        if (c < to) store_to(target + c, load<V>(target + c, end) + load<V>(own + c, end), end);
    }
}

template <class Arch, class T>
void scatter_add(int rows, int columns, int table_rows, const T* dy, const std::int32_t* index, T* table) noexcept {
    constexpr int block = 4 * lanes<vector<T, Arch>>;
    threads::parallel((columns + block - 1) / block, [&](int item) noexcept {
        const int from = item * block;
        scatter_rows<Arch>(rows, columns, from, std::min(columns, from + block), table_rows, dy, index, table);
    });
}

}  // namespace tessera::detail::simd
