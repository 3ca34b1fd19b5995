// reduction: sums and maxima over an axis of constant extent, of what memory holds or of what is computed on the way.
//
// (outer, reduced, inner) is folded over its middle axis: along lanes where there is no inner one, else lane by lane.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/fixed/lanes.hpp>
#include <tessera/backend/simd/fixed/reduction_rule.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, fixed_reduction Fold> struct fixed_reduction_kernel {
    using V = vector<T, Arch>;
    using f = folding<Fold.largest ? fold::max : fold::sum, T, Arch>;
    static constexpr int width = lanes<V>;
    static constexpr int outer = Fold.shape.outer, reduced = Fold.shape.reduced, inner = Fold.shape.inner;

    // read.template operator()<N>(row, column)
    template <class Read> static void run(const Read& read, T* y) noexcept {
        if constexpr (inner == 1)
            for (int o = 0; o < outer; ++o) y[o] = scaled(along(read, o));
        else
            for (int o = 0; o < outer; ++o) {
                constexpr int rest = inner % width;
                int c = 0;
                for (; c + width <= inner; c += width) down<width>(read, o, c, y);
                if constexpr (rest > 0) down<rest>(read, o, c, y);
            }
    }

  private:
    template <class X> [[gnu::always_inline]] static X scaled(const X& x) noexcept {
        if constexpr (Fold.factor == 1)
            return x;
        else
            return x * X(static_cast<T>(Fold.factor));
    }
    [[gnu::always_inline]] static V of(const V& x, const V& y) noexcept {
        if constexpr (Fold.largest)
            return max(x, y);
        else
            return x + y;
    }
    // all of them into the first
    template <int Chains> [[gnu::always_inline]] static void fold_chains(V (&part)[Chains]) noexcept {
#pragma GCC unroll 4
        for (int half = Chains / 2; half > 0; half /= 2)
#pragma GCC unroll 4
            for (int s = 0; s < half; ++s) part[s] = of(part[s], part[s + half]);
    }
    template <class Read> [[gnu::always_inline]] static T along(const Read& read, int row) noexcept {
        constexpr int whole = reduced / width, rest = reduced % width;
        constexpr int chains = whole >= 8 ? 4 : whole >= 4 ? 2 : 1;
        V part[chains];
#pragma GCC unroll 4
        for (int s = 0; s < chains; ++s) part[s] = V(f::start());
        int k = 0;
        for (; k + chains <= whole; k += chains)
#pragma GCC unroll 4
            for (int s = 0; s < chains; ++s)
                part[s] = of(part[s], read.template operator()<width>(row, (k + s) * width));
        for (; k < whole; ++k) part[0] = of(part[0], read.template operator()<width>(row, k * width));
        if constexpr (rest > 0)
            part[chains - 1] = of(part[chains - 1],
                                  filled_up<rest>(V(read.template operator()<rest>(row, whole * width)), f::start()));
        fold_chains(part);
        if constexpr (Fold.largest)
            return largest_lane(part[0]);
        else
            return sum_lanes(part[0]);
    }
    template <int N, class Read>
    [[gnu::always_inline]] static void down(const Read& read, int o, int c, T* y) noexcept {
        constexpr int chains = reduced >= 8 ? 4 : 1;
        V part[chains];
#pragma GCC unroll 4
        for (int s = 0; s < chains; ++s) part[s] = V(f::start());
        int r = 0;
        for (; r + chains <= reduced; r += chains)
#pragma GCC unroll 4
            for (int s = 0; s < chains; ++s) part[s] = of(part[s], read.template operator()<N>(o * reduced + r + s, c));
        for (; r < reduced; ++r) part[0] = of(part[0], read.template operator()<N>(o * reduced + r, c));
        fold_chains(part);
        store_part<N>(y + o * inner + c, scaled(part[0]));
    }
};

}  // namespace tessera::detail::simd
