// top_k: the k largest elements of each row of x (rows, n), the largest first, NaN below all, and where they are.
//
// For k = 1 two passes over a row: the largest, then where it stands first.
#pragma once
#include <algorithm>
#include <limits>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/operations/top_k.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> int first_largest(int n, const T* x) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    constexpr T lowest = -std::numeric_limits<T>::infinity();
    T largest = lowest;
    int i = 0;
    if (n >= width) {
        V top(lowest);
        for (; i + width <= n; i += width) {
            const V v = load<V>(x + i);
            top = select(v > top, v, top);
        }
        largest = reduce_max(top);
    }
    for (; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
    for (i = 0; i + width <= n; i += width)
        if (any(load<V>(x + i) == V(largest))) break;
    for (; i < n; ++i)
        if (x[i] == largest) return i;
    return 0;  // all are NaN
}

// of values and indices (rows, k) one may be null
template <class Arch, class T>
void top_k(int rows, int n, int k, const T* x, T* values, std::int32_t* indices) noexcept {
    const int group = std::clamp(8192 / std::max(n, 1), 1, std::max(rows, 1));
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        for (int r = item * group; r < std::min(rows, (item + 1) * group); ++r) {
            if (k > 1) {
                top_k_operation::find_row(x, n, values, indices, k, r);
                continue;
            }
            const T* const row = x + static_cast<std::ptrdiff_t>(r) * n;
            const int at = first_largest<Arch>(n, row);
            if (values != nullptr) values[r] = row[at];
            if (indices != nullptr) indices[r] = at;
        }
    });
}

}  // namespace tessera::detail::simd
