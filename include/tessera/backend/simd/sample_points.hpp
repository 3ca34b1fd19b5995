// sample_points: what some points weigh of the pixels around them, found by vectors of coordinates. As in the reference
// implementation a pixel of weight 0 is not read.
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

}  // namespace tessera::detail::simd
