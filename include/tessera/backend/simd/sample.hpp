// sample: an image (rows, columns, channels) read between its pixels at some points, and its gradients, a vector of
// channels at a time. What the points weigh is found for a block of them first, by vectors of coordinates.
//
//   y_c     = sum over the four pixels (i, j) around the point of row_i column_j x_ijc
//   dx_ijc += row_i column_j dy_c
//   d row   = sum over c, j of column_j (x_1jc - x_0jc) dy_c, and d column likewise
//
// As in the reference implementation a pixel of weight 0 is not read.
// Cost        a point: for each vector of channels four loads and multiply-adds, also stored again in dx; twice as many
//             operations for the coordinates. Points that do not read all four pixels take a branch for each.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/parts.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/ir/operations/sample.hpp>

namespace tessera::detail::simd {

struct sample_image {
    int rows, columns, channels;
    around outside;

    constexpr std::ptrdiff_t line() const { return std::ptrdiff_t{columns} * channels; }
    constexpr std::ptrdiff_t size() const { return rows * line(); }
};

// What neighbours<T> says of some points: a number for each coordinate, row and column in turn.
template <class T> struct sample_points {
    static constexpr int most = 64, coordinates = 2 * most + 64 / int(sizeof(T));  // as many as whole vectors write

    int first[coordinates];
    T near[coordinates], far[coordinates];  // the weights of the first element and of the next, 0 where it is not read
    T slope[coordinates];
    // of the point, in both places, or in the one and the other
    int offset[coordinates];  // of the first pixel, which may be outside
    T all[coordinates];       // 1 where all four pixels are read, else 0
    T along[coordinates];     // what the first pixel weighs, and the last one
    T across[coordinates];    // the second one of the first row, and the first one of the second

    // the pixels that are read, in order, and what they weigh; how many
    [[gnu::always_inline]] int pixels(const sample_image& image, int p, std::ptrdiff_t (&at)[4],
                                      T (&weight)[4]) const noexcept {
        const T row[2] = {near[2 * p], far[2 * p]}, column[2] = {near[2 * p + 1], far[2 * p + 1]};
        const std::ptrdiff_t line = image.line(), channels = image.channels, pixel = offset[2 * p];
        int count = 0;
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k)
            if (row[k / 2] != T(0) && column[k % 2] != T(0)) {
                at[count] = pixel + (k / 2 == 0 ? 0 : line) + (k % 2 == 0 ? 0 : channels);
                weight[count++] = row[k / 2] * column[k % 2];
            }
        return count;
    }
};

template <class Arch, class T>
[[gnu::noinline]] void weigh_points(const sample_image& image, const T* at, int points, sample_points<T>& to) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    using numbers = typename cut_lanes<T, width>::type;
    using whole_numbers = typename cut_lanes<int, width>::type;
    const auto swapped = [](const auto& v) {
        return [&]<int... I>(std::integer_sequence<int, I...>) {
            return __builtin_shufflevector(v, v, (I ^ 1)...);
        }(std::make_integer_sequence<int, width>{});
    };
    const auto as_numbers = [](const V& v) {
        numbers n;
        std::memcpy(&n, &v, sizeof n);
        return n;
    };
    T ends[width];
    whole_numbers steps;
    for (int i = 0; i < width; ++i) {
        ends[i] = static_cast<T>((i % 2 == 0 ? image.rows : image.columns) - 1);
        steps[i] = i % 2 == 0 ? image.columns * image.channels : image.channels;
    }
    const V last = load<V>(ends);
    const V zero(T(0)), one(T(1)), before(T(-1));
    const bool border = image.outside == around::border;
    const V low = border ? zero : before, high = border ? last : last + one;
    for (int k = 0; k < 2 * points; k += width) {
        const bool whole = 2 * points - k >= width;
        const V r = load_within<V>(at + k, first<V>(std::min(width, 2 * points - k)), whole);
        const auto outside = (border ? r < low : r <= low) | (r >= high), unknown = is_nan(r);
        const V end = border ? select(r < zero, zero, last) : V(T(-2));
        const V within = select(unknown, zero, floor(r));
        const V begin = select(outside, end, select(within > last, last, within));
        const V fraction = select(outside, zero, r - begin);
        const V near = select(begin >= zero, one - fraction, zero);
        const V far = select((begin >= before) & (begin < last), fraction, zero);
        store_to(to.near + k, near);
        store_to(to.far + k, far);
        store_to(to.slope + k, select(outside, zero, select(unknown, r, one)));
        const whole_numbers first_of = __builtin_convertvector(as_numbers(begin), whole_numbers);
        const whole_numbers offset = first_of * steps + swapped(first_of * steps);
        std::memcpy(to.first + k, &first_of, sizeof first_of);
        std::memcpy(to.offset + k, &offset, sizeof offset);
        const numbers n = as_numbers(near), f = as_numbers(far), nn = n * swapped(n), ff = f * swapped(f);
        const numbers both = as_numbers(select((near == zero) | (far == zero), zero, one));
        const numbers across = n * swapped(f), all = both * swapped(both);
        const numbers along = [&]<int... I>(std::integer_sequence<int, I...>) {
            return __builtin_shufflevector(nn, ff, (I % 2 == 0 ? I : width + I)...);
        }(std::make_integer_sequence<int, width>{});
        std::memcpy(to.along + k, &along, sizeof along);
        std::memcpy(to.across + k, &across, sizeof across);
        std::memcpy(to.all + k, &all, sizeof all);
    }
}

// y (points, channels). What is stored beyond the channels of a point is overwritten by the points after it, and what is
// loaded beyond those of a pixel are others, but for the last ones.
template <class Arch, class T>
[[gnu::noinline]] void sample_read(const sample_image& image, const T* x, const sample_points<T>& at, int points,
                                   T* y) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const std::ptrdiff_t channels = image.channels, line = image.line();
    const std::ptrdiff_t readable = image.size() - (channels + width - 1) / width * width;
    const std::ptrdiff_t all_readable = readable - line - channels;
    const T* const y_end = y + points * channels;
    for (int p = 0; p < points; ++p, y += channels) {
        const auto store = [&](std::ptrdiff_t c, const V& sum) {
            const std::ptrdiff_t room = y_end - y - c;
            if (room >= width)
                store_to(y + c, sum);
            else
                store_to(y + c, sum, first<V>(static_cast<int>(room)));
        };
        const std::ptrdiff_t offset = at.offset[2 * p];
        if (at.all[2 * p] != T(0) && offset <= all_readable) {
            const V w00(at.along[2 * p]), w01(at.across[2 * p]), w10(at.across[2 * p + 1]), w11(at.along[2 * p + 1]);
            const T* pixel = x + offset;
            for (std::ptrdiff_t c = 0; c < channels; c += width, pixel += width) {
                V sum = load<V>(pixel) * w00;
                sum = fmadd(load<V>(pixel + channels), w01, sum);
                sum = fmadd(load<V>(pixel + line), w10, sum);
                store(c, fmadd(load<V>(pixel + line + channels), w11, sum));
            }
            continue;
        }
        std::ptrdiff_t pixel[4];
        T weight[4];
        const int count = at.pixels(image, p, pixel, weight);
        const bool inside = count == 0 || pixel[count - 1] <= readable;
        const T nothing = count == 0 ? at.near[2 * p] * T(0) : T(0);  // NaN at a row that is
        for (std::ptrdiff_t c = 0; c < channels; c += width) {
            V sum(nothing);
            if (inside || channels - c >= width) {
                for (int k = 0; k < count; ++k) sum = fmadd(load<V>(x + pixel[k] + c), V(weight[k]), sum);
            } else {
                const prefix<V> end = first<V>(static_cast<int>(channels - c));
                for (int k = 0; k < count; ++k) sum = fmadd(load<V>(x + pixel[k] + c, end), V(weight[k]), sum);
            }
            store(c, sum);
        }
    }
}

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
