// packing: copies of operands in the order in which the register tile reads them.
#pragma once
#include <algorithm>
#include <cstring>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/tile.hpp>

namespace tessera::detail::simd {

// Workspaces are made of pieces of 64-byte multiples.
constexpr std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

// Elements added to a row so that rows do not share their sets of L1.
template <class T> inline constexpr int packing_gap = int(64 / sizeof(T));

template <class Arch, class T> constexpr std::size_t packed_columns_bytes(int k, int n) {
    constexpr int panel = tile_columns<T, Arch>;
    return padded(static_cast<std::size_t>(k) * static_cast<std::size_t>((n + panel - 1) / panel * panel) * sizeof(T));
}

// One panel: b (k, columns) of any strides to (k, tile_columns), filled up with zeros.
template <class Arch, class T>
[[gnu::noinline]] void pack_panel(T* to, const T* b, int k, int columns, std::ptrdiff_t b_row,
                                  std::ptrdiff_t b_col) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>, panel = tile_columns<T, Arch>;
    if (b_col == 1) {
        const int one = std::min(columns, width), two = columns - one;
        const prefix<V> first_end = first<V>(one), second_end = first<V>(two);
        for (int i = 0; i < k; ++i, to += panel, b += b_row) {
            store_to(to, load<V>(b, first_end));
            store_to(to + width, two > 0 ? load<V>(b + width, second_end) : V(T(0)));
        }
        return;
    }
    constexpr int run = 16;  // a cache line of every column at a time
    for (int i = 0; i < k; i += run) {
        const int last = std::min(i + run, k);
        int j = 0;
        if (b_row == 1 && last == i + run)
            for (; j + 4 <= columns; j += 4)
                for (int r = i; r < last; r += 4)
                    transpose_block<Arch>(b + r + j * b_col, b_col, to + r * panel + j, panel);
        for (; j < panel; ++j)
            for (int r = i; r < last; ++r) to[r * panel + j] = j < columns ? b[r * b_row + j * b_col] : T(0);
    }
}

template <class Arch, class T>
[[gnu::noinline]] void pack_columns(T* to, const T* b, int k, int n, std::ptrdiff_t b_row,
                                    std::ptrdiff_t b_col) noexcept {
    constexpr int panel = tile_columns<T, Arch>;
    if (k < 1) return;  // b is empty, and may be null, from which no address may be computed
    const int panels = (n + panel - 1) / panel;
    const auto one = [=](int p) noexcept {
        pack_panel<Arch>(to + std::ptrdiff_t(p) * k * panel, b + std::ptrdiff_t(p) * panel * b_col, k,
                         std::min(panel, n - p * panel), b_row, b_col);
    };
    if (std::ptrdiff_t(k) * n < 1 << 15)
        for (int p = 0; p < panels; ++p) one(p);
    else
        threads::parallel(panels, one);
}

// rows of `length` elements, from one pitch to another
template <class Arch, class T>
[[gnu::noinline]] void copy_rows(T* to, std::ptrdiff_t to_pitch, const T* from, std::ptrdiff_t from_pitch, int rows,
                                 int length) noexcept {
    constexpr int group = 16;
    threads::parallel((rows + group - 1) / group, [=](int item) noexcept {
        for (int r = item * group; r < std::min(rows, (item + 1) * group); ++r)
            std::memcpy(to + r * to_pitch, from + r * from_pitch, static_cast<std::size_t>(length) * sizeof(T));
    });
}

}  // namespace tessera::detail::simd
