// product: C = A B of constant extents and strides, both read in place, each piece of C handed over in registers.
//
// A piece is a few rows by a few vectors. One whose accumulators are too few to hide the latency of a multiply-add cuts
// k into chains, which are added at its end; so the order of a sum follows from the shape alone.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/parts.hpp>
#include <tessera/backend/simd/product.hpp>

namespace tessera::detail::simd {

// adds the upper half of the chains to the lower one until one is left
template <int Chains, class V> [[gnu::always_inline]] inline V add_chains(V* sum) noexcept {
    static_assert(Chains <= 8, "the unroll pragma below must cover the loop");
#pragma GCC unroll 4
    for (int half = Chains / 2; half > 0; half /= 2)
#pragma GCC unroll 4
        for (int s = 0; s < half; ++s) sum[s] = sum[s] + sum[s + half];
    return sum[0];
}

template <class Arch, class T, product_shape Shape> struct fixed_product {
    using V = vector<T, Arch>;
    static constexpr int width = lanes<V>;
    static constexpr int hiding = 8;  // accumulators that hide the latency
    static constexpr int columns = std::min((Shape.n + width - 1) / width, 4);
    static constexpr int rows = std::clamp(hiding / columns, 1, std::min(Shape.m, 4));

    // finish.template operator()<N>(lanes, position): N columns of C from a position in it on
    template <class Finish> static void run(const T* a, const T* b, const Finish& finish) noexcept {
        int row = 0;
        for (; row + rows <= Shape.m; row += rows) run_rows<rows>(a + row * Shape.a_row, b, row, finish);
        if constexpr (Shape.m % rows != 0) run_rows<Shape.m % rows>(a + row * Shape.a_row, b, row, finish);
    }

  private:
    template <int Rows, class Finish>
    [[gnu::always_inline]] static void run_rows(const T* a, const T* b, int row, const Finish& finish) noexcept {
        constexpr int wide = columns * width, last = Shape.n % wide;
        int column = 0;
        for (; column + wide <= Shape.n; column += wide) piece<V, Rows, columns, width>(a, b, row, column, finish);
        if constexpr (last > 0) {
            constexpr int vectors = (last + width - 1) / width, lanes_left = last - (vectors - 1) * width;
            if constexpr (has_half<T, Arch> && lanes_left <= width / 2) {
                if constexpr (vectors > 1) piece<V, Rows, vectors - 1, width>(a, b, row, column, finish);
                piece<half_vector<T, Arch>, Rows, 1, lanes_left>(a, b, row, column + (vectors - 1) * width, finish);
            } else {
                piece<V, Rows, vectors, lanes_left>(a, b, row, column, finish);
            }
        }
    }

    static constexpr int chains_of(int accumulators) {
        int chains = 1;
        while (2 * chains * accumulators <= hiding && 4 * chains <= Shape.k) chains *= 2;
        return chains;
    }

    // `Last` lanes of the last vector
    template <class W, int Rows, int Vectors, int Last, class Finish>
    [[gnu::always_inline]] static void piece(const T* a, const T* b, int row, int column,
                                             const Finish& finish) noexcept {
        constexpr int chains = chains_of(Rows * Vectors), own = lanes<W>;
        static_assert(Rows <= 4 && Vectors <= 4 && chains <= 8, "the unroll pragmas below must cover the loops");
        W sum[Rows][Vectors][chains];
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
#pragma GCC unroll 8
                for (int s = 0; s < chains; ++s) sum[r][v][s] = W(T(0));
        const auto add = [&](int k, int s) __attribute__((always_inline)) {
            const T* const line = b + k * Shape.b_row + column;
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                const W y = v + 1 < Vectors ? load<W>(line + v * own) : load_part<Last, W>(line + v * own);
#pragma GCC unroll 4
                for (int r = 0; r < Rows; ++r)
                    sum[r][v][s] = fmadd(W(a[r * Shape.a_row + k * Shape.a_col]), y, sum[r][v][s]);
            }
        };
        int k = 0;
        for (; k + chains <= Shape.k; k += chains)
#pragma GCC unroll 8
            for (int s = 0; s < chains; ++s) add(k + s, s);
#pragma GCC unroll 8
        for (int s = 0; s < Shape.k % chains; ++s) add(Shape.k / chains * chains + s, s);
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                const V total = whole(add_chains<chains>(sum[r][v]));
                const long position = static_cast<long>(row + r) * Shape.c_row + column + v * own;
                if (v + 1 < Vectors)
                    finish.template operator()<own>(total, position);
                else
                    finish.template operator()<Last>(total, position);
            }
    }
    static V whole(const V& v) noexcept { return v; }
    template <class Half> static V whole(const Half& v) noexcept { return widened<V>(v); }
};

// Each element of C a sum along lanes: rows of A and columns of B are contiguous.
template <class Arch, class T, product_shape Shape> struct fixed_dots {
    using V = vector<T, Arch>;
    static constexpr int width = lanes<V>;

    template <class Finish> static void run(const T* a, const T* b, const Finish& finish) noexcept {
        for (int r = 0; r < Shape.m; ++r)
            for (int c = 0; c < Shape.n; ++c)
                finish.template operator()<1>(V(dot(a + r * Shape.a_row, b + c * Shape.b_col)),
                                              r * Shape.c_row + c * Shape.c_col);
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
        return sum_lanes(add_chains<chains>(sum));
    }
};

}  // namespace tessera::detail::simd
