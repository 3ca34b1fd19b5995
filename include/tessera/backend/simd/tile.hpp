// tile: the register tile under products and convolutions, and the loop that covers a block of C with tiles.
//
//   C (rows, columns) = sum over s, k of A_s (rows, length) B_s (length, columns)  [+ C]
//
// The inner axis comes in stretches: stretch s starts at offsets (a, b) of A and B and is `length` long. A product has
// one stretch; a convolution has one for every tap that is not contiguous with the last. A is read by broadcasts, so
// any strides do; B and C have unit column stride. Tiles of at most tile_rows<Arch> rows by two vectors are
// instantiated, four vectors for one or two rows, one half-width vector for narrow tails. Strides and extents are run
// time arguments. The sum of an element runs over s, then k, in order, whatever the tiling.
#pragma once
#include <array>
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <utility>

namespace tessera::simd {

struct stretch {
    std::ptrdiff_t a = 0, b = 0;
};

// Where the instruction set has no masks, B must be readable up to a whole vector: pack it, or have a multiple.
template <class T>
struct tile_operands {
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
};

template <class Arch>
inline constexpr int tile_rows = has_many_registers<Arch> ? 8 : 6;

template <class T, class Arch>
inline constexpr int tile_columns = 2 * lanes<vector<T, Arch>>;

// The last vector covers `last` columns, 1 <= last <= lanes.
template <class V, int Rows, int Vectors, class Arch>
void tile(const tile_operands<element<V>>& operands, int last) noexcept {
    using T = element<V>;
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
    const std::ptrdiff_t a_col = operands.a_col, b_row = operands.b_row;
    for (int s = 0; s < operands.stretch_count; ++s) {
        std::ptrdiff_t i = operands.stretches[s].a;
        const T* b = operands.b + operands.stretches[s].b;
        for (int k = operands.length; k > 0; --k, i += a_col, b += b_row) {
            V line[Vectors];
#pragma GCC unroll 4
            for (int v = 0; v < Vectors - 1; ++v) line[v] = load<V>(b + v * width);
            line[Vectors - 1] = load_padded<V>(b + (Vectors - 1) * width, end);
#pragma GCC unroll 8
            for (int r = 0; r < Rows; ++r) {
                const V x(row[r][i]);
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v) sum[r][v] = fmadd(x, line[v], sum[r][v]);
            }
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
        T* c = operands.c + r * operands.c_row;
#pragma GCC unroll 4
        for (int v = 0; v < Vectors - 1; ++v) {
            if (operands.accumulate) sum[r][v] = sum[r][v] + load<V>(c + v * width);
            store_to(c + v * width, sum[r][v]);
        }
        c += (Vectors - 1) * width;
        if (operands.accumulate) sum[r][Vectors - 1] = sum[r][Vectors - 1] + load<V>(c, end);
        store_to(c, sum[r][Vectors - 1], end);
    }
}

template <class T>
using tile_function = void (*)(const tile_operands<T>&, int) noexcept;

// The tiles of 1, 2, ... rows.
template <class V, int Vectors, class Arch, std::size_t... R>
constexpr std::array<tile_function<element<V>>, sizeof...(R)> tiles_of(std::index_sequence<R...>) {
    return {&tile<V, int(R) + 1, Vectors, Arch>...};
}

// Covers `columns` columns of one row tile. B lies in panels of tile_columns: `panel` is from one to the next.
template <class Arch, class T>
void tile_strip(tile_operands<T> operands, int rows, int columns, std::ptrdiff_t panel) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    constexpr auto every = std::make_index_sequence<tile_rows<Arch>>{};
    static constexpr auto one = tiles_of<V, 1, Arch>(every), two = tiles_of<V, 2, Arch>(every);
    const std::size_t index = static_cast<std::size_t>(rows - 1);
    if (rows <= 2 && panel == 2 * width) {  // in place: few rows need many accumulators to hide the latency
        static constexpr auto four = tiles_of<V, 4, Arch>(std::make_index_sequence<2>{});
        for (; columns >= 4 * width; columns -= 4 * width, operands.b += 4 * width, operands.c += 4 * width)
            four[index](operands, width);
    }
    for (; columns > width; columns -= 2 * width, operands.b += panel, operands.c += 2 * width)
        two[index](operands, columns >= 2 * width ? width : columns - width);
    if (columns <= 0) return;
    if constexpr (has_half<T, Arch>) {
        static constexpr auto half = tiles_of<half_vector<T, Arch>, 1, Arch>(every);
        if (columns <= width / 2) return half[index](operands, columns);
    }
    one[index](operands, columns);
}

// Covers (rows, columns) of C with row tiles of equal height, give or take one, and runs the tail over a few kilobytes
// of finished rows at a time; offset is that of operands.c in the tail's output.
template <class Arch, class T>
void tile_block(tile_operands<T> operands, int rows, int columns, std::ptrdiff_t panel, const tail& after,
                std::ptrdiff_t offset) noexcept {
    const int strips = (rows + tile_rows<Arch> - 1) / tile_rows<Arch>;
    const int batch = columns * int(sizeof(T)) >= 512 ? 1 : 4096 / (tile_rows<Arch> * columns * int(sizeof(T)));
    T* const c = operands.c;
    const T* const a = operands.a;
    int waiting = 0;  // first row that the tail has not seen
    for (int strip = 0; strip < strips; ++strip) {
        const int begin = rows * strip / strips, end = rows * (strip + 1) / strips;
        operands.a = a + begin * operands.a_row;
        operands.c = c + begin * operands.c_row;
        tile_strip<Arch>(operands, end - begin, columns, panel);
        if ((strip + 1) % batch == 0 || strip + 1 == strips) {
            after(offset + waiting * operands.c_row, end - waiting, operands.c_row, columns);
            waiting = end;
        }
    }
}

}  // namespace tessera::simd
