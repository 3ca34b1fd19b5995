// softmax, log_softmax: over the last axis of x (rows, n); y may be x.
//
//   softmax(x)_i     = e^(x_i - m) / sum_j e^(x_j - m)          m = max_j x_j
//   log_softmax(x)_i = x_i - m - log sum_j e^(x_j - m)
//
// Where m is -infinity, 0 and -infinity.
#pragma once
#include <algorithm>
#include <limits>
#include <tessera/backend/simd/math.hpp>
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/threads.hpp>

namespace tessera::detail::simd {

template <class V> V load_or(const scalar_of<V>* x, int n, scalar_of<V> filler) noexcept {
    if (n >= lanes<V>) return load<V>(x);
    scalar_of<V> lane[lanes<V>];
    for (int i = 0; i < lanes<V>; ++i) lane[i] = i < n ? x[i] : filler;
    return load<V>(lane);
}

template <bool Logarithm, class Arch, class T> [[gnu::noinline]] void softmax_row(int n, const T* x, T* y) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    constexpr T lowest = -std::numeric_limits<T>::infinity();
    V top(lowest);
    for (int i = 0; i < n; i += width) top = max(top, load_or<V>(x + i, n - i, lowest));
    const T largest = reduce_max(top);
    const bool none = largest == lowest;
    const T high = none ? T(0) : largest;
    const V shift(high);
    V sum(T(0));
    for (int i = 0; i < n; i += width) {
        const V e = exp(load_or<V>(x + i, n - i, lowest) - shift);
        sum = sum + e;
        if constexpr (!Logarithm) store_to(y + i, e, first<V>(std::min(width, n - i)));
    }
    const T total = none ? T(1) : reduce_add(sum);
    const V factor(T(1) / total), offset(std::log(total));
    for (int i = 0; i < n; i += width) {
        const prefix<V> end = first<V>(std::min(width, n - i));
        if constexpr (Logarithm)
            store_to(y + i, (load<V>(x + i, end) - shift) - offset, end);
        else
            store_to(y + i, load<V>(y + i, end) * factor, end);
    }
}

template <bool Logarithm, class Arch, class T>
void softmax_rows(int rows, int n, const T* x, T* y, const tail& after) noexcept {
    const int group = std::clamp(8192 / std::max(n, 1), 1, std::max(rows, 1));
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        const int begin = item * group, end = std::min(rows, begin + group);
        const std::ptrdiff_t pitch = n;
        for (int r = begin; r < end; ++r) softmax_row<Logarithm, Arch>(n, x + r * pitch, y + r * pitch);
        after(begin * pitch, end - begin, pitch, n);
    });
}

template <class Arch, class T> void softmax(int rows, int n, const T* x, T* y, const tail& after) noexcept {
    softmax_rows<false, Arch>(rows, n, x, y, after);
}

template <class Arch, class T> void log_softmax(int rows, int n, const T* x, T* y, const tail& after) noexcept {
    softmax_rows<true, Arch>(rows, n, x, y, after);
}

}  // namespace tessera::detail::simd
