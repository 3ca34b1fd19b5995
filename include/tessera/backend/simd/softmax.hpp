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
#include <tessera/backend/simd/upright.hpp>

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

inline constexpr int short_softmax = 32;  // elements of a row

// As many rows as there are lanes, a lane a row. What is in a lane depends on no other.
template <bool Logarithm, class Arch, class T>
[[gnu::noinline]] void softmax_short_rows(int n, const T* x, T* y) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const V lowest(-std::numeric_limits<T>::infinity()), zero(T(0));
    alignas(64) T e[short_softmax * width];
    stand_up<Arch>(x, n, n, e);
    V top = lowest, sum = zero;
    for (int i = 0; i < n; ++i) top = max(top, load<V>(e + i * width));
    const auto none = top == lowest;
    const V shift = select(none, zero, top);
    for (int i = 0; i < n; ++i) {
        const V moved = load<V>(e + i * width) - shift, power = exp(moved);
        sum = sum + power;
        store_to(e + i * width, Logarithm ? moved : power);
    }
    const V total = select(none, V(T(1)), sum), last = Logarithm ? V(log(total)) : V(T(1)) / total;
    for (int i = 0; i < n; ++i) {
        const V v = load<V>(e + i * width);
        store_to(e + i * width, Logarithm ? v - last : v * last);
    }
    lie_down<Arch>(e, n, y, n);
}

// Rows that are too few stand with others of zeros.
template <bool Logarithm, class Arch, class T>
[[gnu::noinline]] void softmax_few_short_rows(int rows, int n, const T* x, T* y) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    T some[short_softmax * width] = {};
    std::copy_n(x, rows * n, some);
    softmax_short_rows<Logarithm, Arch>(n, some, some);
    std::copy_n(some, rows * n, y);
}

template <bool Logarithm, class Arch, class T>
void softmax_rows(int rows, int n, const T* x, T* y, const tail& after) noexcept {
    const int group = std::clamp(8192 / std::max(n, 1), 1, std::max(rows, 1));
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        const int begin = item * group, end = std::min(rows, begin + group);
        const std::ptrdiff_t pitch = n;
        int r = begin;
        if (n <= short_softmax) {
            constexpr int width = lanes<vector<T, Arch>>;
            for (; r + width <= end; r += width) softmax_short_rows<Logarithm, Arch>(n, x + r * pitch, y + r * pitch);
            if (r < end) softmax_few_short_rows<Logarithm, Arch>(end - r, n, x + r * pitch, y + r * pitch);
        } else {
            for (; r < end; ++r) softmax_row<Logarithm, Arch>(n, x + r * pitch, y + r * pitch);
        }
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
