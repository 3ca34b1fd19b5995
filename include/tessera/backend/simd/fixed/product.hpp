// product: C = A B of constant extents and strides, both read in place, each piece of C handed over in registers.
#pragma once
#include <algorithm>
#include <bit>
#include <tessera/backend/simd/fixed/tile.hpp>
#include <tessera/backend/simd/product.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, product_shape Shape> struct fixed_product {
    using V = vector<T, Arch>;
    static constexpr int columns = std::min((Shape.n + lanes<V> - 1) / lanes<V>, 4);
    static constexpr int rows = std::clamp(accumulators_that_hide / columns, 1, std::min(Shape.m, 4));

    // finish.template operator()<N>(lanes, row, column): N columns of C from a place in it on
    template <class Finish> static void run(const T* a, const T* b, const Finish& finish) noexcept {
        int row = 0;
        for (; row + rows <= Shape.m; row += rows) run_rows<rows>(a + row * Shape.a_row, b, row, finish);
        if constexpr (Shape.m % rows != 0) run_rows<Shape.m % rows>(a + row * Shape.a_row, b, row, finish);
    }

  private:
    template <int Rows, class Finish>
    [[gnu::always_inline]] static void run_rows(const T* a, const T* b, int row, const Finish& finish) noexcept {
        cut_columns<Arch, T, Shape.n, columns>(
            [&]<class W, int Vectors, int Last>(int column) __attribute__((always_inline)) {
                fixed_tile<W, Rows, Vectors, Last, chains_of<Arch>(Rows * Vectors, Shape.k)> tile;
                tile.clear();
                tile.template add<Shape.k, Shape.a_row, Shape.a_col, Shape.b_row>(a, b + column);
                tile.template hand_over<V>(row, column, finish);
            });
    }
};

// Each element of C a sum along lanes: rows of A and columns of B are contiguous.
template <class Arch, class T, product_shape Shape> struct fixed_dots {
    using V = vector<T, Arch>;
    static constexpr int width = lanes<V>;

    template <class Finish> static void run(const T* a, const T* b, const Finish& finish) noexcept {
        for (int r = 0; r < Shape.m; ++r)
            for (int c = 0; c < Shape.n; ++c)
                finish.template operator()<1>(V(dot(a + r * Shape.a_row, b + c * Shape.b_col)), r, c);
    }

  private:
    [[gnu::always_inline]] static T dot(const T* a, const T* b) noexcept {
        constexpr int whole = Shape.k / width, rest = Shape.k % width;
        constexpr int chains = whole >= 8 ? 4 : whole >= 4 ? 2 : 1;
        V sum[chains];
#pragma GCC unroll 4
        for (int s = 0; s < chains; ++s) sum[s] = V(T(0));
        int k = 0;
        for (; k + chains <= whole; k += chains)
#pragma GCC unroll 4
            for (int s = 0; s < chains; ++s)
                sum[s] = fmadd(load<V>(a + (k + s) * width), load<V>(b + (k + s) * width), sum[s]);
        for (; k < whole; ++k) sum[0] = fmadd(load<V>(a + k * width), load<V>(b + k * width), sum[0]);
        if constexpr (rest > 0)
            sum[chains - 1] =
                fmadd(load_part<rest, V>(a + whole * width), load_part<rest, V>(b + whole * width), sum[chains - 1]);
        constexpr int used = whole > 0 ? width : static_cast<int>(std::bit_ceil(static_cast<unsigned>(rest)));
        return sum_lanes<used>(add_chains<chains>(sum));
    }
};

}  // namespace tessera::detail::simd
