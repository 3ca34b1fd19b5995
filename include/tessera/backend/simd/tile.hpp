// tile: the register tile under products and convolutions, and the loop that covers a block of C with tiles.
//
//   C (rows, columns) = sum over s, k of A_s (rows, length) B_s (length, columns)  [+ C]
//
// The inner axis comes in stretches: stretch s starts at offsets (a, b) of A and B and is `length` long. A product has
// one stretch; a convolution has one for every tap that is not contiguous with the last. A is read by broadcasts, so
// any strides do; B and C have unit column stride. Tiles of 1 to tile_rows<Arch> rows by two vectors are
// instantiated, four vectors for one or two rows, one vector, full or of half width, for narrow tails, which have up to
// narrow_rows rows. A call makes several tiles, one under the other: where the inner axis is short, calls would cost
// as much as sums, and the latencies of one tile hide behind the next. Strides and extents are run time arguments. The sum of an element runs over s, then k, in order, whatever the tiling.
#pragma once
#include <algorithm>
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
// of one vector: fewer accumulators do not hide the latency of a multiply-add
inline constexpr int narrow_rows = 8;

template <class T, class Arch> inline constexpr int tile_columns = 2 * lanes<vector<T, Arch>>;

// What a tile of fewer columns than whole vectors leaves where the instruction set has no masks: once a unit, not in
// line in every tile.
template <class Arch, class T>
[[gnu::noinline]] void put_columns(const T* sums, int pitch, int rows, int columns, T* c, std::ptrdiff_t c_row,
                                   bool accumulate) noexcept {
    for (int r = 0; r < rows; ++r, sums += pitch, c += c_row)
        for (int j = 0; j < columns; ++j) c[j] = accumulate ? sums[j] + c[j] : sums[j];
}

// So many tiles, each below the one before. The last vector covers `last` columns, 1 <= last <= lanes.
template <class V, int Rows, int Vectors, class Arch>
[[gnu::noinline]] void tile(const tile_operands<scalar_of<V>>& operands, int last, int count) noexcept {
    using T = scalar_of<V>;
    constexpr int width = lanes<V>;
    static_assert(Rows <= 8 && Vectors <= 4, "the unroll pragmas below must cover the loops");
    const prefix<V> end = first<V>(last);
    const std::ptrdiff_t a_col = operands.a_col, b_row = operands.b_row, panel = operands.panel;
    std::ptrdiff_t a_row = operands.a_row, c_row = operands.c_row;
    const auto column = [panel](int v) -> std::ptrdiff_t {
        return Vectors > 2 ? v / 2 * panel + v % 2 * width : v * width;
    };
    const auto load_last = [&](const T* p) {
        if constexpr (vector_traits<V>::masked)
            return load<V>(p, end);
        else
            return load<V>(p);
    };
    // Rows that may be stored in whole vectors: what goes too far is written again by rows below. Partial stores cost as
    // much as all else on some processors.
    const int columns = (Vectors - 1) * width + last;
    const int whole = last == width               ? Rows
                      : operands.c_row == columns ? Rows - (width - last + columns - 1) / columns
                                                  : 0;
    const auto store_last = [&](T* p, const V& v, int r) {
        if constexpr (vector_traits<V>::masked)
            store_within(p, v, end, r < whole);
        else
            store_to(p, v);
    };
    const T* a = operands.a;
    T* c = operands.c;
    for (; count > 0; --count) {
        // May change, for all that compilers know: places of rows are found when they are needed. Kept from tile to tile
        // they would be in memory, and a call of one tile would compute all of them first.
        asm("" : "+r"(a_row), "+r"(c_row));
        V sum[Rows][Vectors];
        const T* row[Rows];
#pragma GCC unroll 8
        for (int r = 0; r < Rows; ++r, a += a_row) {
            row[r] = a;
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) sum[r][v] = V(T(0));
        }
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
        if constexpr (!vector_traits<V>::masked) {
            if (last < width) {
                T sums[Rows * Vectors * width];
#pragma GCC unroll 8
                for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
                    for (int v = 0; v < Vectors; ++v) store_to(sums + (r * Vectors + v) * width, sum[r][v]);
                }
                put_columns<Arch>(sums, Vectors * width, Rows, (Vectors - 1) * width + last, c, c_row,
                                  operands.accumulate);
                c += Rows * c_row;
                continue;
            }
        }
        if (operands.accumulate) {
            const T* from = c;
#pragma GCC unroll 8
            for (int r = 0; r < Rows; ++r, from += c_row) {
#pragma GCC unroll 4
                for (int v = 0; v < Vectors - 1; ++v) sum[r][v] = sum[r][v] + load<V>(from + v * width);
                sum[r][Vectors - 1] = sum[r][Vectors - 1] + load_last(from + (Vectors - 1) * width);
            }
        }
#pragma GCC unroll 8
        for (int r = 0; r < Rows; ++r, c += c_row) {
#pragma GCC unroll 4
            for (int v = 0; v < Vectors - 1; ++v) store_to(c + v * width, sum[r][v]);
            store_last(c + (Vectors - 1) * width, sum[r][Vectors - 1], r);
        }
    }
}

template <class T> using tile_function = void (*)(const tile_operands<T>&, int, int) noexcept;

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
    tile_rows<Arch> < 8 && Vectors > 1 ? nullptr
                                       : &tile<V, (Vectors > 1 ? tile_rows<Arch> : narrow_rows), Vectors, Arch>};

template <class V, class Arch>
inline constexpr tile_function<scalar_of<V>> wide_tiles_of[2] = {&tile<V, 1, 4, Arch>, &tile<V, 2, 4, Arch>};

// The height of the next tile when `rows` are left: as few tiles as can be, as equal as can be.
template <class Arch> constexpr int tile_height(int rows) {
    const int tiles = (rows + tile_rows<Arch> - 1) / tile_rows<Arch>;
    return (rows + tiles - 1) / tiles;
}

// The next tiles of one height when `rows` are left.
struct equal_tiles {
    int height, count;
};
template <class Arch> constexpr equal_tiles next_tiles(int rows, bool narrow) {
    if (narrow && rows >= narrow_rows) return {narrow_rows, rows / narrow_rows};
    const int tiles = (rows + tile_rows<Arch> - 1) / tile_rows<Arch>, height = (rows + tiles - 1) / tiles;
    return {height, rows - tiles * (height - 1)};
}

// Covers (rows, columns) with tiles of so many vectors, `tiles`, at the index rows - 1.
template <class Arch, class T>
[[gnu::noinline]] void tile_column(tile_operands<T>& operands, const tile_function<T>* tiles, int rows, int last,
                                   bool narrow) noexcept {
    const T* const a = operands.a;
    T* const c = operands.c;
    while (rows > 0) {
        const equal_tiles next = next_tiles<Arch>(rows, narrow);
        tiles[next.height - 1](operands, last, next.count);
        const int done = next.height * next.count;
        operands.a += done * operands.a_row;
        operands.c += done * operands.c_row;
        rows -= done;
    }
    operands.a = a;
    operands.c = c;
}

// Covers (rows, columns) of C. B lies in panels of tile_columns: `panel` is from one to the next. Operands are taken by
// reference, and are as they were at the end: a copy would read them in wider pieces than they were just written in, and
// wait for that.
template <class Arch, class T>
void tile_strip(tile_operands<T>& operands, int rows, int columns, std::ptrdiff_t panel) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const T* const b = operands.b;
    T* const c = operands.c;
    const auto put = [&](const tile_function<T>* tiles, int last, bool narrow) __attribute__((always_inline)) {
        if (rows <= tile_rows<Arch>)
            tiles[rows - 1](operands, last, 1);
        else
            tile_column<Arch>(operands, tiles, rows, last, narrow);
    };
    if (rows <= 2) {  // few rows need many accumulators to hide the latency
        operands.panel = panel;
        for (; columns >= 4 * width; columns -= 4 * width, operands.b += 2 * panel, operands.c += 4 * width)
            wide_tiles_of<V, Arch>[rows - 1](operands, width, 1);
    }
    for (; columns > width; columns -= 2 * width, operands.b += panel, operands.c += 2 * width)
        put(tiles_of<V, 2, Arch>, columns >= 2 * width ? width : columns - width, false);
    if (columns > 0) {
        if (has_half<T, Arch> && columns <= width / 2) {
            if constexpr (has_half<T, Arch>) put(tiles_of<half_vector<T, Arch>, 1, Arch>, columns, true);
        } else {
            put(tiles_of<V, 1, Arch>, columns, true);
        }
    }
    operands.b = b;
    operands.c = c;
}

template <class Arch, class T>
void tile_strip(tile_operands<T>&& operands, int rows, int columns, std::ptrdiff_t panel) noexcept {
    tile_strip<Arch>(operands, rows, columns, panel);
}

// Covers (rows, columns) of C with strips of rows and runs the tail over a few kilobytes of finished rows at a time;
// offset is that of operands.c in the tail's output.
template <class Arch, class T>
[[gnu::noinline]] void tile_block(tile_operands<T> operands, int rows, int columns, std::ptrdiff_t panel,
                                  const tail& after, std::ptrdiff_t offset) noexcept {
    constexpr int few = int(4096 / sizeof(T));
    // wide rows of C are written whole, a tile at a time: finishing several in turns costs more than calls
    const int tiles = columns <= 3 * tile_columns<T, Arch> ? std::max(1, few / columns / tile_rows<Arch>) : 1;
    const int strip = tiles * tile_rows<Arch>;
    int waiting = 0;  // rows that the tail has not seen
    while (rows > 0) {
        const int height = tiles > 1 ? std::min(rows, strip) : tile_height<Arch>(rows);
        tile_strip<Arch>(operands, height, columns, panel);
        operands.a += height * operands.a_row;
        operands.c += height * operands.c_row;
        rows -= height;
        waiting += height;
        if (rows == 0 || waiting * columns >= few) {
            after(offset, waiting, operands.c_row, columns);
            offset += waiting * operands.c_row;
            waiting = 0;
        }
    }
}

}  // namespace tessera::detail::simd
