// fixed_tile: sums of a few rows by a few vectors of a product, in registers.
//
// One whose accumulators are too few to hide the latency of a multiply-add cuts k into chains, which are added at its
// end; so the order of a sum follows from the shape alone.
#pragma once
#include <tessera/backend/simd/fixed/limits.hpp>
#include <tessera/backend/simd/parts.hpp>
#include <type_traits>

namespace tessera::detail::simd {

inline constexpr int accumulators_that_hide = 8;  // the latency

// adds the upper half of the chains to the lower one until one is left
template <int Chains, class V> [[gnu::always_inline]] inline V add_chains(V* sum) noexcept {
    static_assert(Chains <= 8, "the unroll pragma below must cover the loop");
#pragma GCC unroll 4
    for (int half = Chains / 2; half > 0; half /= 2)
#pragma GCC unroll 4
        for (int s = 0; s < half; ++s) sum[s] = sum[s] + sum[s + half];
    return sum[0];
}

// chains that so many accumulators and terms make worth while
template <class InstructionSet> constexpr int chains_of(int accumulators, int terms) {
    int chains = 1;
    while (2 * chains * accumulators <= accumulators_that_hide && 4 * chains <= terms) chains *= 2;
    return chains;
}

// W: a vector or a half one; `Last`: lanes of the last vector that count
template <class W, int Rows, int Vectors, int Last, int Chains> struct fixed_tile {
    using T = scalar_of<W>;
    static constexpr int own = lanes<W>;
    static_assert(Rows <= 4 && Vectors <= 4 && Chains <= 8, "the unroll pragmas below must cover the loops");

    W sum[Rows][Vectors][Chains];

    [[gnu::always_inline]] void clear() noexcept {
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
#pragma GCC unroll 8
                for (int s = 0; s < Chains; ++s) sum[r][v][s] = W(T(0));
    }
    // a: rows ARow, terms ACol apart; b: terms BRow apart
    template <int Terms, std::ptrdiff_t ARow, std::ptrdiff_t ACol, std::ptrdiff_t BRow>
    [[gnu::always_inline]] void add(const T* a, const T* b) noexcept {
        int k = 0;
        for (; k + Chains <= Terms; k += Chains)
#pragma GCC unroll 8
            for (int s = 0; s < Chains; ++s) add_term<ARow>(a + (k + s) * ACol, b + (k + s) * BRow, s);
#pragma GCC unroll 8
        for (int s = 0; s < Terms % Chains; ++s)
            add_term<ARow>(a + (Terms / Chains * Chains + s) * ACol, b + (Terms / Chains * Chains + s) * BRow, s);
    }
    // finish.template operator()<N>(lanes, row, first column) for each vector
    template <class V, class Finish> [[gnu::always_inline]] void hand_over(int row, int column, const Finish& finish) {
        if constexpr (Finish::dear && Rows * Vectors > fixed_limits::dear_pieces)
            return hand_over_one_by_one<V>(row, column, finish);
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v) {
                const V total = whole<V>(add_chains<Chains>(sum[r][v]));
                if (v + 1 < Vectors)
                    finish.template operator()<own>(total, row + r, column + v * own);
                else
                    finish.template operator()<Last>(total, row + r, column + v * own);
            }
    }

  private:
    // so that long code is there once or twice, not for each vector
    template <class V, class Finish>
    [[gnu::always_inline]] void hand_over_one_by_one(int row, int column, const Finish& finish) {
        alignas(64) T totals[Rows * Vectors * lanes<V>];
#pragma GCC unroll 4
        for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
            for (int v = 0; v < Vectors; ++v)
                store_to(totals + (r * Vectors + v) * lanes<V>, whole<V>(add_chains<Chains>(sum[r][v])));
        constexpr int same = Last == own ? Vectors : Vectors - 1;
        for (int r = 0; r < Rows; ++r) {
            const T* const line = totals + r * Vectors * lanes<V>;
            for (int v = 0; v < same; ++v)
                finish.template operator()<own>(load<V>(line + v * lanes<V>), row + r, column + v * own);
            if constexpr (same < Vectors)
                finish.template operator()<Last>(load<V>(line + same * lanes<V>), row + r, column + same * own);
        }
    }
    template <std::ptrdiff_t ARow> [[gnu::always_inline]] void add_term(const T* a, const T* line, int s) noexcept {
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            const W y = v + 1 < Vectors ? load<W>(line + v * own) : load_kept<Last, W>(line + v * own);
#pragma GCC unroll 4
            for (int r = 0; r < Rows; ++r) sum[r][v][s] = fmadd(W(a[r * ARow]), y, sum[r][v][s]);
        }
    }
    template <class V> [[gnu::always_inline]] static V whole(const W& v) noexcept {
        if constexpr (std::is_same_v<V, W>)
            return v;
        else
            return widened<V>(v);
    }
};

// Cuts columns of a result into tiles: whole ones of so many vectors, then what is left, in a half vector where that is
// enough. f.template operator()<W, Vectors, Last>(column), W a vector or a half one.
template <class Arch, class T, int Columns, int Vectors, class F>
[[gnu::always_inline]] inline void cut_columns(const F& f) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>, wide = Vectors * width, last = Columns % wide;
    int column = 0;
    for (; column + wide <= Columns; column += wide) f.template operator()<V, Vectors, width>(column);
    if constexpr (last > 0) {
        constexpr int vectors = (last + width - 1) / width, lanes_left = last - (vectors - 1) * width;
        if constexpr (has_half<T, Arch> && lanes_left <= width / 2) {
            if constexpr (vectors > 1) f.template operator()<V, vectors - 1, width>(column);
            f.template operator()<half_vector<T, Arch>, 1, lanes_left>(column + (vectors - 1) * width);
        } else {
            f.template operator()<V, vectors, lanes_left>(column);
        }
    }
}

}  // namespace tessera::detail::simd
