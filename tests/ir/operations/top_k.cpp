// The largest elements and where they are: each alone, or both from one step; with a gradient, in loops, in streams and
// in batches, real numbers beside whole ones.
#include <tessera/ir/operations/top_k.hpp>
//
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <span>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int samples = 3;
constexpr float nan_of = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

template <int K> inline constexpr auto values_of = [](value x) { return top_k(x, K).values; };
template <int K> inline constexpr auto indices_of = [](value x) { return top_k(x, K).indices; };
template <int K>
inline constexpr auto both_of = [](value x) {
    const sorted_values y = top_k(x, K);
    return values{y.indices, y.values};
};
template <int N, int K> struct with_values : network<values_of<K>, shape<N>> {};
template <int N, int K> struct with_indices : network<indices_of<K>, shape<N>> {};
template <int N, int K> struct with_both : network<both_of<K>, shape<N>> {};

// one step for both, and no memory for what is not read
template <class Net> using planned = program<Net, backend::scalar, batch<samples>>;
static_assert(planned<with_both<40, 20>>::steps == 1);
static_assert(planned<with_values<40, 20>>::workspace_bytes == rounded_bytes(samples * 20 * 4));
static_assert(planned<with_indices<40, 20>>::workspace_bytes == rounded_bytes(samples * 20 * 4));
static_assert(planned<with_both<40, 20>>::workspace_bytes == 2 * rounded_bytes(samples * 20 * 4));
template <class Net> using in_double = program<Net, backend::simd, batch<samples>, double>;
static_assert(in_double<with_both<40, 20>>::workspace_bytes ==
              rounded_bytes(samples * 20 * 8) + rounded_bytes(samples * 20 * 4));

template <class Backend> struct top_k_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(top_k_on, backends);

template <class T> std::vector<std::int32_t> order_of(std::span<const T> x) {
    std::vector<std::int32_t> order(x.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::int32_t a, std::int32_t b) {
        const T u = x[static_cast<std::size_t>(a)], v = x[static_cast<std::size_t>(b)];
        if (u > v || v > u) return u > v;
        return (u == u) != (v == v) ? u == u : a < b;
    });
    return order;
}

template <class T> bool same_bits(T a, T b) {
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    return std::bit_cast<bits>(a) == std::bit_cast<bits>(b);
}
template <class Backend, class T, int N, int K> void expect_largest(const std::vector<T>& x) {
    static model<with_values<N, K>, Backend, batch<samples>, T> of_values;
    static model<with_indices<N, K>, Backend, batch<samples>, T> of_indices;
    static model<with_both<N, K>, Backend, batch<samples>, T> of_both;
    of_values(x);
    of_indices(x);
    of_both(x);
    for (std::size_t row = 0; row < x.size() / N; ++row) {
        const auto wanted = order_of(std::span(x).subspan(row * N, N));
        for (std::size_t k = 0; k < K; ++k) {
            const T largest = x[row * N + static_cast<std::size_t>(wanted[k])];
            ASSERT_TRUE(same_bits(of_values.output()[row * K + k], largest)) << k;
            ASSERT_TRUE(same_bits(of_both.output(1)[row * K + k], largest)) << k;
            ASSERT_EQ(of_indices.index_output()[row * K + k], wanted[k]);
            ASSERT_EQ(of_both.index_output(0)[row * K + k], wanted[k]);
        }
    }
}
template <class Backend, class T, int N> void expect_all() {
    std::vector<T> x;
    for (int i = 0; i < 2 * N; ++i) x.push_back(static_cast<T>(i * 37 % 23 - 11) / 4);
    for (int special = 0; special < 3; ++special) {
        expect_largest<Backend, T, N, 1>(x);
        expect_largest<Backend, T, N, (N + 1) / 2>(x);
        expect_largest<Backend, T, N, N>(x);
        x[N / 2] = special == 0 ? T(nan_of) : T(-0.0);
        x[N] = special == 0 ? T(infinity) : T(0);
        if (N > 2) x[2] = special == 0 ? T(-infinity) : T(0);
    }
    expect_largest<Backend, T, N, N>(std::vector<T>(2 * N, T(nan_of)));
}
TYPED_TEST(top_k_on, values_and_indices_of_odd_sizes) {
    expect_all<TypeParam, float, 1>();
    expect_all<TypeParam, float, 3>();
    expect_all<TypeParam, float, 67>();
    expect_all<TypeParam, double, 1>();
    expect_all<TypeParam, double, 30>();
}

// along any axis, in the turns of a loop and frame by frame
inline constexpr auto of_an_axis = [](value x) {  // (4, 3, 5) to (4, 2, 5)
    const sorted_values y = top_k(x, 2, 1);
    return y.values * 2 + to_real(y.indices);
};
struct along_an_axis : network<of_an_axis, shape<4, 3, 5>> {};
constexpr value turn(value h, value item) {  // (3, 5)
    const sorted_values y = top_k(item, 2, 0);
    return h * 0.5 + y.values * to_real(y.indices + 1);
}
inline constexpr auto of_a_loop = [](value x) {
    return scan(turn, broadcast_to(constant(*x.owner, 0), {2, 5}, true), x);
};
struct in_a_loop : network<of_a_loop, shape<4, 3, 5>> {};

TYPED_TEST(top_k_on, each_element_of_time_by_itself) {
    model<along_an_axis, TypeParam, batch<2>> whole;
    model<in_a_loop, TypeParam, batch<2>> loop;
    std::vector<float> x;
    for (int i = 0; i < 120; ++i) x.push_back(static_cast<float>(i * 31 % 47) - 20);
    whole(x);
    loop(x);
    for (int s = 0; s < 2; ++s) {
        model<along_an_axis, TypeParam, streaming> frames;
        model<in_a_loop, TypeParam, streaming> turns;
        float h[10] = {};
        for (int t = 0; t < 4; ++t) {
            const std::span<const float> now(x.data() + (s * 4 + t) * 15, 15);
            frames(now);
            turns(now);
            for (int c = 0; c < 5; ++c) {
                const auto at = [&](int k) { return now[static_cast<std::size_t>(k * 5 + c)]; };
                std::array<int, 3> order{0, 1, 2};
                std::ranges::sort(order, [&](int a, int b) { return at(a) > at(b); });
                for (int k = 0; k < 2; ++k) {
                    const int place = order[static_cast<std::size_t>(k)];
                    const auto number = static_cast<std::size_t>(k * 5 + c);
                    const float wanted = at(place) * 2 + static_cast<float>(place);
                    EXPECT_EQ(whole.output()(s, t, k, c), wanted);
                    EXPECT_EQ(frames.output()[number], wanted);
                    h[number] = h[number] * 0.5F + at(place) * static_cast<float>(place + 1);
                    EXPECT_EQ(loop.output()(s, t, k, c), h[number]);
                    EXPECT_EQ(turns.output()[number], h[number]);
                }
            }
        }
    }
}

// pointwise code that reads both results of a step waits until the step has made them
inline constexpr auto together = [](value x) {
    const sorted_values y = top_k(x, 3);
    return tanh(y.values) + to_real(y.indices) * y.values;
};
struct adds_both : network<together, shape<7>> {};
struct sorts : network<[](value x) { return sort(x, 0).values * top_k(x, 3, 0).values; }, shape<3, 2>> {};
TEST(top_k, gradients_are_those_of_the_elements) {
    EXPECT_LT((gradient_check<with_values<9, 4>>({.positions = 64}).error), 1e-6);
    EXPECT_LT((gradient_check<adds_both>({.positions = 64}).error), 1e-6);
    EXPECT_LT((gradient_check<sorts>({.positions = 64}).error), 1e-6);
    EXPECT_LT((gradient_check<in_a_loop>({.positions = 64}).error), 1e-6);
}

// a tap of the values beside an output of the indices
inline constexpr auto tapping_body = [](value x) {
    const sorted_values y = top_k(x, 2);
    return values{y.indices, named<"largest">([](value v) { return v * 1; })(y.values)};
};
struct tapping : network<tapping_body, shape<5>> {};
TYPED_TEST(top_k_on, may_be_tapped) {
    model<tapping, TypeParam, batch<1>, float, tapped<"largest">> m;
    m(std::vector<float>{1, 5, 2, 7, 3});
    EXPECT_EQ(m.template tap<"largest">()[0], 7);
    EXPECT_EQ(m.template tap<"largest">()[1], 5);
    EXPECT_EQ(m.index_output(0)[0], 3);
    EXPECT_EQ(m.index_output(0)[1], 1);
}

// while compiling, with and without memory for the other result
inline constexpr auto side_by_side = [](value x) {
    const sorted_values y = top_k(x, 3);
    return concatenate({y.values, to_real(y.indices)});
};
struct beside : network<side_by_side, shape<5>> {};
template <class T> constexpr bool while_compiling() {
    const std::array<T, 5> x{1, 5, -2, 7, 5};
    model<with_values<5, 3>, backend::scalar, batch<1>, T> of_values;
    model<beside, backend::scalar, batch<1>, T> of_both;
    of_values(x);
    of_both(x);
    bool right = true;
    const T wanted[] = {7, 5, 5, 3, 1, 4};
    for (std::size_t k = 0; k < 3; ++k) right = right && of_values.output()[k] == wanted[k];
    for (std::size_t k = 0; k < 6; ++k) right = right && of_both.output()[k] == wanted[k];
    return right;
}
static_assert(while_compiling<float>() && while_compiling<double>());

}  // namespace
