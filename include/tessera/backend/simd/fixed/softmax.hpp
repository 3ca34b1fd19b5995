// softmax: of rows of constant extent, and its logarithm; what backend/simd/softmax.hpp says of both holds here.
//
// Rows of a few vectors stay in registers from the largest element to the result.
#pragma once
#include <limits>
#include <tessera/backend/simd/fixed/lanes.hpp>
#include <tessera/backend/simd/fixed/softmax_rule.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, fixed_softmax Shape> struct fixed_softmax_kernel {
    using V = vector<T, Arch>;
    static constexpr int width = lanes<V>, n = Shape.columns;
    static constexpr int vectors = (n + width - 1) / width, last = n - (vectors - 1) * width;
    static constexpr T lowest = -std::numeric_limits<T>::infinity();

    // finish.template operator()<N>(lanes, row, column); y: room for a row, where rows are long
    template <class Finish> static void run(const T* x, T* y, const Finish& finish) noexcept {
        for (int row = 0; row < Shape.rows; ++row, x += n, y += n) {
            if constexpr (vectors <= 4)
                short_row(x, row, finish);
            else
                long_row(x, y, row, finish);
        }
    }

  private:
    // of the elements in front of the sum, which is not asked for where all are minus infinity
    [[gnu::always_inline]] static T high(T largest) noexcept { return largest == lowest ? T(0) : largest; }
    [[gnu::always_inline]] static V of_sum(T largest, T sum) noexcept {
        const T total = largest == lowest ? T(1) : sum;
        return V(Shape.logarithm ? std::log(total) : T(1) / total);
    }

    template <class Finish>
    [[gnu::always_inline]] static void short_row(const T* x, int row, const Finish& finish) noexcept {
        V e[vectors];
        V top(lowest);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            e[v] =
                v + 1 < vectors ? load<V>(x + v * width) : filled_up<last>(load_part<last, V>(x + v * width), lowest);
            top = max(top, e[v]);
        }
        const T largest = largest_lane(top);
        const V shift(high(largest));
        V sum(T(0));
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const V moved = e[v] - shift, power = exp(moved);
            sum = sum + power;
            e[v] = Shape.logarithm ? moved : power;
        }
        const V last_of_all = of_sum(largest, sum_lanes(sum));
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            const V result = Shape.logarithm ? e[v] - last_of_all : e[v] * last_of_all;
            if (v + 1 < vectors)
                finish.template operator()<width>(result, row, v * width);
            else
                finish.template operator()<last>(result, row, v * width);
        }
    }
    template <class Finish>
    [[gnu::always_inline]] static void long_row(const T* x, T* y, int row, const Finish& finish) noexcept {
        constexpr int whole = vectors - 1;
        const auto end = [](const T* p) __attribute__((always_inline)) {
            return filled_up<last>(load_part<last, V>(p + whole * width), lowest);
        };
        V top = end(x);
        for (int v = 0; v < whole; ++v) top = max(top, load<V>(x + v * width));
        const T largest = largest_lane(top);
        const V shift(high(largest));
        V sum(T(0));
        for (int v = 0; v < whole; ++v) {
            const V moved = load<V>(x + v * width) - shift, power = exp(moved);
            sum = sum + power;
            store_to(y + v * width, Shape.logarithm ? moved : power);
        }
        const V moved = end(x) - shift, power = exp(moved);
        const V last_of_all = of_sum(largest, sum_lanes(sum + power));
        const auto result = [&](const V& of) __attribute__((always_inline)) {
            return Shape.logarithm ? of - last_of_all : of * last_of_all;
        };
        for (int v = 0; v < whole; ++v)
            finish.template operator()<width>(V(result(load<V>(y + v * width))), row, v * width);
        finish.template operator()<last>(V(result(Shape.logarithm ? moved : power)), row, whole * width);
    }
};

}  // namespace tessera::detail::simd
