// Computed whole numbers: where the largest elements are, elements by an index of their own for each place, sorting; on
// both backends.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/take_along.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct computed_indices_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(computed_indices_on, backends);

constexpr float infinity = std::numeric_limits<float>::infinity(), nan_of = std::numeric_limits<float>::quiet_NaN();

template <int K> inline constexpr auto largest = [](value x) { return arg_top_k(x, K); };
template <int N, int K> struct finds : network<largest<K>, shape<N>> {};

// the k first in the order of size, equals as they stand, NaN last
std::vector<std::int32_t> order_of(std::span<const float> x) {
    std::vector<std::int32_t> order(x.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::int32_t a, std::int32_t b) {
        const float u = x[static_cast<std::size_t>(a)], v = x[static_cast<std::size_t>(b)];
        if (u > v || v > u) return u > v;
        return (u == u) != (v == v) ? u == u : a < b;
    });
    return order;
}

template <class Backend, int N, int K> void expect_largest(const std::vector<float>& x) {
    static model<finds<N, K>, Backend, batch<3>> m;
    const auto found = m(x);
    static_assert(std::is_same_v<decltype(found), const output_view<std::int32_t>>);
    ASSERT_EQ(found.size(), x.size() / N * K);
    for (std::size_t row = 0; row < x.size() / N; ++row) {
        const auto wanted = order_of(std::span(x).subspan(row * N, N));
        for (std::size_t k = 0; k < K; ++k) ASSERT_EQ(found[row * K + k], wanted[k]) << N << " " << K << " " << row;
    }
}
template <class Backend, int N> void expect_largest_of_many() {
    std::vector<float> x = numbers(2 * N);  // with equals, from 65 on
    x[N / 2] = nan_of;
    x[N] = -infinity;
    expect_largest<Backend, N, 1>(x);
    expect_largest<Backend, N, (N + 2) / 3>(x);
    expect_largest<Backend, N, N>(x);
}

TYPED_TEST(computed_indices_on, arg_top_k_of_odd_sizes) {
    expect_largest_of_many<TypeParam, 1>();
    expect_largest_of_many<TypeParam, 2>();
    expect_largest_of_many<TypeParam, 17>();
    expect_largest_of_many<TypeParam, 200>();
}
TYPED_TEST(computed_indices_on, arg_max_of_special_values) {
    expect_largest<TypeParam, 20, 1>(std::vector<float>(20, nan_of));
    expect_largest<TypeParam, 20, 1>(std::vector<float>(20, -infinity));
    std::vector<float> x(40, nan_of);
    x[19] = -infinity;
    x[25] = x[30] = infinity;
    expect_largest<TypeParam, 20, 1>(x);
    expect_largest<TypeParam, 20, 20>(x);
}

inline constexpr auto places = [](value x) {  // (2, 3, 4)
    return values{arg_max(x, 0), arg_min(x, 1),     arg_sort(x, -1),
                  arg_max(x, 1), sort(x, 1).values, top_k(x, 2, 0).values};
};
struct finds_along : network<places, shape<2, 3, 4>> {};

TYPED_TEST(computed_indices_on, any_axis) {
    static model<finds_along, TypeParam, batch<2>> m;
    const std::vector<float> x = numbers(48);
    m(x);
    const auto at = [&](int s, int a, int b, int c) {
        return x[static_cast<std::size_t>(s * 24 + a * 12 + b * 4 + c)];
    };
    std::size_t first = 0, smallest = 0, middle = 0, rising = 0, ordered = 0, pair = 0;
    for (int s = 0; s < 2; ++s) {
        for (int b = 0; b < 3; ++b)
            for (int c = 0; c < 4; ++c) EXPECT_EQ(m.index_output(0)[first++], at(s, 1, b, c) > at(s, 0, b, c));
        for (int a = 0; a < 2; ++a)
            for (int c = 0; c < 4; ++c) {
                const float v[] = {at(s, a, 0, c), at(s, a, 1, c), at(s, a, 2, c)};
                EXPECT_EQ(m.index_output(1)[smallest++], std::min_element(v, v + 3) - v);
                EXPECT_EQ(m.index_output(3)[middle++], std::max_element(v, v + 3) - v);
            }
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 3; ++b)
                for (int k = 0, before = -1; k < 4; ++k) {
                    const int now = m.index_output(2)[rising++];
                    if (before >= 0) {
                        EXPECT_LE(at(s, a, b, before), at(s, a, b, now));
                    }
                    before = now;
                }
        for (int a = 0; a < 2; ++a)
            for (int k = 0; k < 3; ++k)
                for (int c = 0; c < 4; ++c, ++ordered) {
                    float v[] = {at(s, a, 0, c), at(s, a, 1, c), at(s, a, 2, c)};
                    std::sort(v, v + 3);
                    EXPECT_EQ(m.output(4)[ordered], v[k]);
                }
        for (int k = 0; k < 2; ++k)
            for (int b = 0; b < 3; ++b)
                for (int c = 0; c < 4; ++c, ++pair) {
                    const float u = at(s, 0, b, c), v = at(s, 1, b, c);
                    EXPECT_EQ(m.output(5)[pair], k == 0 ? std::max(u, v) : std::min(u, v));
                }
    }
}

inline constexpr auto takes = [](value x, value index) {  // (3, 4), (3, 2)
    return values{take_along_axis(x, index),
                  pick(x, slice(index, 1, 1, 1).valid() ? reshape(slice(index, 1, 1, 1), {3}) : index),
                  take_along_axis(permute(x, {1, 0}), permute(index, {1, 0}), 0)};
};
struct takes_along : network<takes, in<"x", shape<3, 4>>, in<"index", shape<3, 2>, int32>> {};

TYPED_TEST(computed_indices_on, elements_of_each_place) {
    static model<takes_along, TypeParam, batch<2>> m;
    const std::vector<float> x = numbers(24);
    const std::vector<std::int32_t> index{3, 0, 1, 1, 2, 0, 0, 3, 2, 2, 1, 3};
    m(x, index);
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t r = 0; r < 3; ++r)
            for (std::size_t k = 0; k < 2; ++k) {
                const float wanted = x[s * 12 + r * 4 + static_cast<std::size_t>(index[s * 6 + r * 2 + k])];
                EXPECT_EQ(m.output(0)[s * 6 + r * 2 + k], wanted);
                EXPECT_EQ(m.output(2)[s * 6 + k * 3 + r], wanted);
                if (k == 1) {
                    EXPECT_EQ(m.output(1)[s * 3 + r], wanted);
                }
            }
}
TEST(computed_indices, gradients_are_exact) {
    EXPECT_LT((gradient_check<takes_along>({.positions = 64, .indices = 4}).error), 1e-6);
    EXPECT_LT((gradient_check<network<[](value x) { return top_k(x, 3, 0).values * sort(x, 0).values; }, shape<3, 2>>>(
                   {.positions = 64})
                   .error),
              1e-6);
}

// a histogram of weights, and its gradient
inline constexpr auto histogram = [](value x, value index) {  // (2, 5)
    return values{add_along_axis(x, index, 4), add_along_axis(permute(x, {1, 0}), permute(index, {1, 0}), 4, 0)};
};
struct adds_along : network<histogram, in<"x", shape<2, 5>>, in<"index", shape<2, 5>, int32>> {};
TYPED_TEST(computed_indices_on, elements_added_up_by_an_index) {
    static model<adds_along, TypeParam, batch<2>> m;
    const std::vector<float> x = numbers(20);
    std::vector<std::int32_t> index;
    for (int i = 0; i < 20; ++i) index.push_back(i * 7 % 4);
    m(x, index);
    for (int s = 0; s < 2; ++s)
        for (int r = 0; r < 2; ++r)
            for (int b = 0; b < 4; ++b) {
                float sum = 0;
                for (std::size_t k = 0; k < 5; ++k)
                    if (index[static_cast<std::size_t>(s * 10 + r * 5) + k] == b)
                        sum += x[static_cast<std::size_t>(s * 10 + r * 5) + k];
                EXPECT_NEAR(m.output(0)(s, r, b), sum, 1e-6);
                EXPECT_NEAR(m.output(1)(s, b, r), sum, 1e-6);
            }
    EXPECT_LT((gradient_check<adds_along>({.positions = 64, .indices = 4}).error), 1e-6);
}

// an index that comes from a parameter's values, for all samples; from real numbers; through a scan
inline constexpr auto of_many_sources = [](value x) {  // (4, 3)
    const value weight = parameter("weight", {3, 4}).with(x);
    const value order = arg_sort(sum(weight, axes(0)));         // (4), the same for all samples
    const value nearest = to_index(sum(x, last) * 2 + 1.5, 3);  // (4)
    const value code = gather(weight, nearest);                 // (4, 4)
    const value running = scan([](value h, value item) { return h + to_real(item); },
                               broadcast_to(constant(*x.owner, 0), {2}, true), top_k(x, 2).indices);
    return values{gather(permute(weight, {1, 0}), order), code, running,
                  gather(x, clamp(nearest + 1 - order, 0, 2), -1)};
};
struct many_sources : network<of_many_sources, shape<4, 3>> {};

TEST(computed_indices, backends_agree) {
    static model<many_sources, backend::scalar_on_heap, batch<5>> scalar(3);
    static model<many_sources, backend::simd, batch<5>> simd(3);
    for (int count : {5, 1, 3}) {
        const std::vector<float> x = numbers(count * 12, count);
        scalar(x);
        simd(x);
        for (int o = 0; o < 4; ++o)
            for (std::size_t i = 0; i < scalar.output(o).size(); ++i)
                ASSERT_NEAR(scalar.output(o)[i], simd.output(o)[i], 1e-6) << o << " " << i;
    }
    EXPECT_LT((gradient_check<many_sources>({.positions = 64}).error), 1e-6);
}

// whole numbers in memory that held real ones, while compiling as well
inline constexpr auto class_and_distance = [](value x) {
    const value best = arg_max(relu(x) - 0.5);
    return to_real(best * 10 + arg_min(x)) + pick(x, best);
};
struct tells_class : network<class_and_distance, shape<4>> {};
constexpr float told = [] {
    model<tells_class, backend::scalar> m;
    const float x[] = {0.25F, 3, -1, 2};
    return m(x)[0];
}();
static_assert(told == 10 + 2 + 3);

// --- arithmetic

inline constexpr auto counts = [](value a, value b) {
    const value x = clamp(a, -1000, 1000), y = clamp(b, -1000, 1000);
    return values{x + y * 3 - 7,
                  floor_divide(x, 4),
                  remainder(x, 4),
                  minimum(x, y),
                  remainder(7 - x, -3),
                  less(x, y) + equal(x, 5),
                  -x};
};
struct counting : network<counts, in<"a", shape<5>, int32>, in<"b", shape<1>, int32>> {};

TYPED_TEST(computed_indices_on, arithmetic) {
    static model<counting, TypeParam, batch<2>> m;
    const std::vector<std::int32_t> a{-5, -4, 0, 5, 2000, 3, -1, 1, 4, 7}, b{5, -2};
    m(a, b);
    const int quotient[] = {-2, -1, 0, 1, 250, 0, -1, 0, 1, 1};
    for (std::size_t i = 0; i < 10; ++i) {
        const int x = std::min(a[i], 1000), y = b[i / 5];
        EXPECT_EQ(m.index_output(0)[i], x + y * 3 - 7);
        EXPECT_EQ(m.index_output(1)[i], quotient[i]);
        EXPECT_EQ(m.index_output(2)[i], x - 4 * quotient[i]);
        EXPECT_EQ(m.index_output(3)[i], std::min(x, y));
        const int rest = ((7 - x) % 3 + 3) % 3;
        EXPECT_EQ(m.index_output(4)[i], rest == 0 ? 0 : rest - 3);
        EXPECT_EQ(m.output(5)[i], static_cast<float>((x < y) + (x == 5)));
        EXPECT_EQ(m.index_output(6)[i], -x);
    }
}

inline constexpr auto to_numbers = [](value x) { return to_index(x, 5); };
struct chooses : network<to_numbers, shape<9>> {};
TYPED_TEST(computed_indices_on, of_real_numbers) {
    static model<chooses, TypeParam> m;
    const float x[] = {-0.5F, 0.99F, 1, 3.5F, 4, 5, infinity, -infinity, nan_of};
    const int wanted[] = {0, 0, 1, 3, 4, 4, 4, 0, 0};
    const auto y = m(x);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(y[i], wanted[i]) << i;
}

inline constexpr auto shuffled = [](value x) { return gather(x, index_table({2, 0, 1, 2}).with(x), -1); };
struct shuffles : network<shuffled, shape<2, 3>> {};
TYPED_TEST(computed_indices_on, tables_of_whole_numbers) {
    static model<shuffles, TypeParam> m;
    const float x[] = {1, 2, 3, 4, 5, 6}, wanted[] = {3, 1, 2, 3, 6, 4, 5, 6};
    const auto y = m(x);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(y[i], wanted[i]) << i;
}

// an input that is only moved is checked by the call, whatever it goes through
inline constexpr auto moved = [](value x, value index) {
    return gather(x, concatenate({slice(index, 0, 1, 2), index_table({0}).with(x)}), 0);
};
struct moves_input : network<moved, in<"x", shape<4>>, in<"index", shape<3>, int32>> {};
TYPED_TEST(computed_indices_on, an_input_that_is_moved_is_checked) {
    static model<moves_input, TypeParam> m;
    const float x[] = {1, 2, 3, 4};
    EXPECT_EQ(m(x, std::vector<std::int32_t>{0, 3, 1})[0], 4);
    EXPECT_DEATH(m(x, std::vector<std::int32_t>{0, 4, 1}), "4");
}

// an output that is an input is the model's own copy
inline constexpr auto handed_on = [](value, value index) { return index; };
struct hands_on : network<handed_on, in<"x", shape<4>>, in<"index", shape<3>, int32>> {};
TYPED_TEST(computed_indices_on, an_input_as_output) {
    static model<hands_on, TypeParam> m;
    const float x[] = {1, 2, 3, 4};
    std::vector<std::int32_t> index{7, -3, 1};
    const auto y = m(x, index);
    index.assign(3, 0);
    EXPECT_EQ(y[0], 7);
    EXPECT_EQ(y[1], -3);
}

// --- mistakes

inline constexpr auto of_real = [](value x) { return take_along_axis(x, x); };
static_assert(mistake<of_real, 3, 4>().expected == "an index of element int32");
inline constexpr auto too_many = [](value x) { return arg_top_k(x, 5); };
static_assert(mistake<too_many, 3, 4>().expected == "a count from 1 to 4");
inline constexpr auto may_leave = [](value x) { return gather(x, arg_max(x) + 1, -1); };
static_assert(mistake<may_leave, 3, 4>().expected == "an index from 0 to 3");
static_assert(mistake<may_leave, 3, 4>().found == "from 1 to 4");
static_assert(mistake<may_leave, 3, 4>().hint == "clamp(index, 0, 3)");
inline constexpr auto by_zero = [](value x) { return remainder(arg_max(x), arg_max(x)); };
static_assert(mistake<by_zero, 3, 4>().expected == "a divisor that is not 0");
inline constexpr auto overflows = [](value x) {
    value y = arg_max(x) + 1;
    for (int i = 0; i < 5; ++i) y = y * y;
    return to_real(y);
};
static_assert(mistake<overflows, 3, 4>().expected == "a result that fits int32");
inline constexpr auto mixed = [](value x) { return x + arg_max(x); };
static_assert(mistake<mixed, 4, 4>().expected == "whole numbers");
inline constexpr auto halves = [](value x) { return to_real(arg_max(x) * 0.5); };
static_assert(mistake<halves, 4, 4>().found == "real ones");
inline constexpr auto root = [](value x) { return sqrt(arg_max(x)); };
static_assert(mistake<root, 4, 4>().expected == "real numbers");
inline constexpr auto rows_wrong = [](value x) { return pick(x, arg_max(x, 0)); };
static_assert(mistake<rows_wrong, 3, 4>().expected == "an index for each row of (3, 4)");

}  // namespace
