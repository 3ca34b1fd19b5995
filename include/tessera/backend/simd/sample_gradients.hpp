// The gradients of sample, a vector of channels at a time.
//
//   dx_ijc += row_i column_j dy_c
//   d row   = sum over c, j of column_j (x_1jc - x_0jc) dy_c, and d column likewise
//
// Cost        a point: for each vector of channels what sample costs, and the stores to dx; twice as many operations for
//             the coordinates.
#pragma once
#include <tessera/backend/simd/sample_points.hpp>

namespace tessera::detail::simd {

// N channels to `count` pixels: what is loaded here is what was stored there, so that it is passed on.
template <class T, int N>
[[gnu::always_inline]] inline void sample_add(T* dx, const std::ptrdiff_t* pixel, const T* weight, int count,
                                              const T* dy, std::ptrdiff_t c) noexcept {
    typename cut_lanes<T, N>::type own, there;
    std::memcpy(&own, dy + c, sizeof own);
    for (int k = 0; k < count; ++k) {
        std::memcpy(&there, dx + pixel[k] + c, sizeof there);
        there += weight[k] * own;
        std::memcpy(dx + pixel[k] + c, &there, sizeof there);
    }
}
template <int Width, class T>
[[gnu::always_inline]] inline void sample_add(T* dx, const std::ptrdiff_t* pixel, const T* weight, int count,
                                              const T* dy, int begin, int end) noexcept {
    std::ptrdiff_t c = begin;
    for (; c + Width <= end; c += Width) sample_add<T, Width>(dx, pixel, weight, count, dy, c);
    const auto part = [&]<int N>(std::integral_constant<int, N>) {
        if constexpr (N < Width)
            if ((end - begin) & N) {
                sample_add<T, N>(dx, pixel, weight, count, dy, c);
                c += N;
            }
    };
    part(std::integral_constant<int, 8>{});
    part(std::integral_constant<int, 4>{});
    part(std::integral_constant<int, 2>{});
    part(std::integral_constant<int, 1>{});
}

// dx += of channels `begin` to `end`
template <class Arch, class T>
[[gnu::noinline]] void sample_scatter(const sample_image& image, const sample_points<T>& at, int points, const T* dy,
                                      int begin, int end, T* dx) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    const std::ptrdiff_t channels = image.channels, line = image.line();
    for (int p = 0; p < points; ++p, dy += channels) {
        if (at.all[2 * p] != T(0)) {
            const std::ptrdiff_t first = at.offset[2 * p];
            const std::ptrdiff_t pixel[4] = {first, first + channels, first + line, first + line + channels};
            const T weight[4] = {at.along[2 * p], at.across[2 * p], at.across[2 * p + 1], at.along[2 * p + 1]};
            sample_add<width>(dx, pixel, weight, 4, dy, begin, end);
        } else {
            std::ptrdiff_t pixel[4];
            T weight[4];
            const int count = at.pixels(image, p, pixel, weight);
            sample_add<width>(dx, pixel, weight, count, dy, begin, end);
        }
    }
}

// the sums of all lanes of a and of b, each in the order of reduce_add
template <class T, int N, class All>
[[gnu::always_inline]] inline auto sums_of_lanes(const All& a, const All& b) noexcept {
    if constexpr (N == 2) {
        return __builtin_shufflevector(a, b, 0, 2) + __builtin_shufflevector(a, b, 1, 3);
    } else {
        constexpr std::make_integer_sequence<int, N / 2> half;
        return sums_of_lanes<T, N / 2>(cut<0>(a, half) + cut<N / 2>(a, half), cut<0>(b, half) + cut<N / 2>(b, half));
    }
}

// d (points, 2): add(p, row, column) of every point
template <class Arch, class T, class Add>
[[gnu::noinline]] void sample_derive(const sample_image& image, const T* x, const sample_points<T>& at, int points,
                                     const T* dy, Add add) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const std::ptrdiff_t channels = image.channels, line = image.line();
    for (int p = 0; p < points; ++p, dy += channels) {
        const T* const from = x + at.offset[2 * p];
        const T row[2] = {at.near[2 * p], at.far[2 * p]}, column[2] = {at.near[2 * p + 1], at.far[2 * p + 1]};
        const T row_slope = at.slope[2 * p], column_slope = at.slope[2 * p + 1];
        V to_row(T(0)), to_column(T(0));
        if (at.all[2 * p] != T(0)) {
            const V row0(row[0]), row1(row[1]), column0(column[0]), column1(column[1]);
            for (std::ptrdiff_t c = 0; c < channels; c += width) {
                const bool whole = channels - c >= width;
                const prefix<V> end = first<V>(static_cast<int>(std::min<std::ptrdiff_t>(width, channels - c)));
                const T* const pixel = from + c;
                const V x00 = load_within<V>(pixel, end, whole), x01 = load_within<V>(pixel + channels, end, whole);
                const V x10 = load_within<V>(pixel + line, end, whole);
                const V x11 = load_within<V>(pixel + line + channels, end, whole);
                const V own = load_within<V>(dy + c, end, whole);
                to_row = fmadd(fmadd(column1, x11 - x01, column0 * (x10 - x00)), own, to_row);
                to_column = fmadd(fmadd(row1, x11 - x10, row0 * (x01 - x00)), own, to_column);
            }
            to_row = to_row * V(row_slope);  // 1 or, beside a NaN, NaN
            to_column = to_column * V(column_slope);
        } else {
            const int i = at.first[2 * p], j = at.first[2 * p + 1];
            const bool has_row[2] = {i >= 0, i >= -1 && i + 1 < image.rows};
            const bool has_column[2] = {j >= 0, j >= -1 && j + 1 < image.columns};
            for (std::ptrdiff_t c = 0; c < channels; c += width) {
                const bool whole = channels - c >= width;
                const prefix<V> end = first<V>(static_cast<int>(std::min<std::ptrdiff_t>(width, channels - c)));
                const V own = load_within<V>(dy + c, end, whole);
                const auto pixel = [&](int below, int right) {
                    return has_row[below] && has_column[right]
                               ? load_within<V>(from + below * line + right * channels + c, end, whole)
                               : V(T(0));
                };
                for (int k = 0; k < 2; ++k) {
                    if (row_slope != T(0) && column[k] != T(0))
                        to_row = fmadd(V(row_slope * column[k]) * (pixel(1, k) - pixel(0, k)), own, to_row);
                    if (column_slope != T(0) && row[k] != T(0))
                        to_column = fmadd(V(column_slope * row[k]) * (pixel(k, 1) - pixel(k, 0)), own, to_column);
                }
            }
        }
        typename cut_lanes<T, width>::type a, b;
        std::memcpy(&a, &to_row, sizeof a);
        std::memcpy(&b, &to_column, sizeof b);
        const auto sums = sums_of_lanes<T, width>(a, b);
        add(p, sums[0], sums[1]);
    }
}

}  // namespace tessera::detail::simd
