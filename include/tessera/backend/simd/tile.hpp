// tile: the register tile under products and convolutions, and the loop that covers a block of C with tiles.
//
//   C (rows, columns) = sum over s, k of A_s (rows, length) B_s (length, columns)  [+ C]
//
// The inner axis comes in stretches: stretch s starts at offsets (a, b) of A and B and is `length` long. A product has
// one stretch; a convolution has one for every tap that is not contiguous with the last. A is read by broadcasts, so
// any strides do; B and C have unit column stride. Tiles of 1 to tile_rows<Arch> rows by two vectors are
// instantiated, four vectors for one or two rows, one vector, full or of half width, for narrow tails. Strides and
// extents are run time arguments. The sum of an element runs over s, then k, in order, whatever the tiling.
#pragma once
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

struct stretch {
    std::ptrdiff_t a = 0, b = 0;
};

// Where the instruction set has no masks, B must be readable up to a whole vector: pack it, or have a multiple.
template <class T> struct tile_operands {
    const T* a;
    std::ptrdiff_t a_row, a_col;
    const T* b;
    std::ptrdiff_t b_row;
    T* c;
    std::ptrdiff_t c_row;
    const stretch* stretches;
    int stretch_count;
    int length;
    bool accumulate;
    std::ptrdiff_t panel = 0;  // from one panel of B to the next, where a tile spans two
};

template <class Arch> inline constexpr int tile_rows = has_many_registers<Arch> ? 8 : 6;

template <class T, class Arch> inline constexpr int tile_columns = 2 * lanes<vector<T, Arch>>;

// What a tile of fewer columns than whole vectors leaves where the instruction set has no masks: once a unit, not in
// line in every tile.
template <class Arch, class T>
[[gnu::noinline]] void put_columns(const T* sums, int pitch, int rows, int columns, T* c, std::ptrdiff_t c_row,
                                   bool accumulate) noexcept {
    for (int r = 0; r < rows; ++r, sums += pitch, c += c_row)
        for (int j = 0; j < columns; ++j) c[j] = accumulate ? sums[j] + c[j] : sums[j];
}

// The last vector covers `last` columns, 1 <= last <= lanes.
template <class V, int Rows, int Vectors, class Arch>
[[gnu::noinline]] void tile(const tile_operands<scalar_of<V>>& operands, int last) noexcept {
    using T = scalar_of<V>;
    constexpr int width = lanes<V>;
    static_assert(Rows <= 8 && Vectors <= 4, "the unroll pragmas below must cover the loops");
    const prefix<V> end = first<V>(last);
    V sum[Rows][Vectors];
    const T* row[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
        row[r] = operands.a + r * operands.a_row;
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) sum[r][v] = V(T(0));
    }
    const std::ptrdiff_t a_col = operands.a_col, b_row = operands.b_row, panel = operands.panel;
    const auto column = [panel](int v) -> std::ptrdiff_t {
        return Vectors > 2 ? v / 2 * panel + v % 2 * width : v * width;
    };
    for (int s = 0; s < operands.stretch_count; ++s) {
        std::ptrdiff_t i = operands.stretches[s].a;
        const T* b = operands.b + operands.stretches[s].b;
        for (int k = operands.length; k > 0; --k, i += a_col, b += b_row) {
            V line[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors - 1; ++v) line[v] = load<V>(b + column(v));
            line[Vectors - 1] = load_padded<V>(b + column(Vectors - 1), end);
#pragma GCC unroll 8
            for (int r = 0; r < Rows; ++r) {
                const V x(row[r][i]);
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) sum[r][v] = fmadd(x, line[v], sum[r][v]);
            }
        }
    }
    T* const c = operands.c;
    const std::ptrdiff_t c_row = operands.c_row;
    if constexpr (!vector_traits<V>::masked) {
        if (last < width) {
            T sums[Rows * Vectors * width];
#pragma GCC unroll 8
            for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) store_to(sums + (r * Vectors + v) * width, sum[r][v]);
            }
            return put_columns<Arch>(sums, Vectors * width, Rows, (Vectors - 1) * width + last, c, c_row,
                                     operands.accumulate);
        }
    }
    const auto load_last = [&](const T* p) {
        if constexpr (vector_traits<V>::masked)
            return load<V>(p, end);
        else
            return load<V>(p);
    };
    const auto store_last = [&](T* p, const V& v) {
        if constexpr (vector_traits<V>::masked)
            store_within(p, v, end, last == width);
        else
            store_to(p, v);
    };
    if (operands.accumulate) {
#pragma GCC unroll 8
        for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < Vectors - 1; ++v) sum[r][v] = sum[r][v] + load<V>(c + r * c_row + v * width);
            sum[r][Vectors - 1] = sum[r][Vectors - 1] + load_last(c + r * c_row + (Vectors - 1) * width);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < Vectors - 1; ++v) store_to(c + r * c_row + v * width, sum[r][v]);
        store_last(c + r * c_row + (Vectors - 1) * width, sum[r][Vectors - 1]);
    }
}

template <class T> using tile_function = void (*)(const tile_operands<T>&, int) noexcept;

// The tiles of 1, 2, ... rows, at the index rows - 1.
template <class V, int Vectors, class Arch>
inline constexpr tile_function<scalar_of<V>> tiles_of[8] = {
    &tile<V, 1, Vectors, Arch>,
    &tile<V, 2, Vectors, Arch>,
    &tile<V, 3, Vectors, Arch>,
    &tile<V, 4, Vectors, Arch>,
    &tile<V, 5, Vectors, Arch>,
    &tile<V, 6, Vectors, Arch>,
    tile_rows<Arch> < 8 ? nullptr : &tile<V, tile_rows<Arch> - 1, Vectors, Arch>,
    tile_rows<Arch> < 8 ? nullptr : &tile<V, tile_rows<Arch>, Vectors, Arch>};

template <class V, class Arch>
inline constexpr tile_function<scalar_of<V>> wide_tiles_of[2] = {&tile<V, 1, 4, Arch>, &tile<V, 2, 4, Arch>};

// The height of the next tile when `rows` are left: as few tiles as can be, as equal as can be.
template <class Arch> constexpr int tile_height(int rows) {
    const int tiles = (rows + tile_rows<Arch> - 1) / tile_rows<Arch>;
    return (rows + tiles - 1) / tiles;
}

// Covers `columns` columns of one row tile. B lies in panels of tile_columns: `panel` is from one to the next.
template <class Arch, class T>
void tile_strip(tile_operands<T> operands, int rows, int columns, std::ptrdiff_t panel) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const int index = rows - 1;
    if (rows <= 2) {  // few rows need many accumulators to hide the latency
        operands.panel = panel;
        for (; columns >= 4 * width; columns -= 4 * width, operands.b += 2 * panel, operands.c += 4 * width)
            wide_tiles_of<V, Arch>[index](operands, width);
    }
    for (; columns > width; columns -= 2 * width, operands.b += panel, operands.c += 2 * width)
        tiles_of<V, 2, Arch>[index](operands, columns >= 2 * width ? width : columns - width);
    if (columns <= 0) return;
    if constexpr (has_half<T, Arch>) {
        if (columns <= width / 2) return tiles_of<half_vector<T, Arch>, 1, Arch>[index](operands, columns);
    }
    tiles_of<V, 1, Arch>[index](operands, columns);
}

// Covers (rows, columns) of C with row tiles and runs the tail over a few kilobytes of finished rows at a time; offset
// is that of operands.c in the tail's output.
template <class Arch, class T>
[[gnu::noinline]] void tile_block(tile_operands<T> operands, int rows, int columns, std::ptrdiff_t panel,
                                  const tail& after, std::ptrdiff_t offset) noexcept {
    int waiting = 0;  // rows that the tail has not seen
    while (rows > 0) {
        const int height = tile_height<Arch>(rows);
        tile_strip<Arch>(operands, height, columns, panel);
        operands.a += height * operands.a_row;
        operands.c += height * operands.c_row;
        rows -= height;
        waiting += height;
        if (rows == 0 || waiting * columns >= int(4096 / sizeof(T))) {
            after(offset, waiting, operands.c_row, columns);
            offset += waiting * operands.c_row;
            waiting = 0;
        }
    }
}

}  // namespace tessera::detail::simd
