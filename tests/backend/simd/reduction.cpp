// Reductions of (outer, reduced, inner) views, in memory and computed on the way.
#include "counting_tail.hpp"
#include "guarded_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <tessera/backend/simd/reduction.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> struct squares {
    const T* x;
    static const T* rows(const void* context, std::ptrdiff_t offset, int length, T* scratch) noexcept {
        const T* x = static_cast<const squares*>(context)->x + offset;
        for (int i = 0; i < length; ++i) scratch[i] = x[i] * x[i];
        return scratch;
    }
    source<T> get() const { return {rows, this}; }
};

template <fold F, class T> void check(reduction_shape s, bool accumulate, bool squared) {
    SCOPED_TRACE(testing::Message() << s.outer << ", " << s.reduced << ", " << s.inner << " fold " << int(F)
                                    << " accumulate " << accumulate << " squared " << squared);
    std::mt19937 engine(1);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<T> x(std::size_t(s.outer) * std::size_t(s.reduced) * std::size_t(s.inner));
    std::vector<T> start(std::size_t(s.outer) * std::size_t(s.inner));
    for (T& value : x) value = static_cast<T>(uniform(engine));
    for (T& value : start) value = static_cast<T>(uniform(engine));
    const squares<T> square{x.data()};
    std::vector<T> first;
    for (int used : {1, 2, 5}) {
        threads::set_count(used);
        std::vector<T> y = start;
        tests::counting_tail<T> once(y.size(), y.data());
        tests::guarded_bytes room(reduction_workspace<default_arch, T>(s));
        reduce<F, default_arch>(s, squared ? square.get() : memory<default_arch>(x.data()), y.data(), accumulate,
                                once.get(), room.get());
        threads::set_count(1);
        ASSERT_TRUE(room.intact());
        once.expect_once();
        if (used == 1) first = y;
        ASSERT_EQ(std::memcmp(first.data(), y.data(), y.size() * sizeof(T)), 0);
    }
    const auto combine = [](double a, double b) {
        return F == fold::sum ? a + b : F == fold::max ? std::max(a, b) : std::min(a, b);
    };
    for (int o = 0; o < s.outer; ++o)
        for (int i = 0; i < s.inner; ++i) {
            const std::size_t at = std::size_t(o) * std::size_t(s.inner) + std::size_t(i);
            double want = accumulate       ? double(start[at])
                          : F == fold::sum ? 0
                          : F == fold::max ? -1e300
                                           : 1e300,
                   size = 1;
            for (int r = 0; r < s.reduced; ++r) {
                const double term =
                    double(x[(std::size_t(o) * std::size_t(s.reduced) + std::size_t(r)) * std::size_t(s.inner) +
                             std::size_t(i)]);
                want = combine(want, squared ? term * term : term);
                size += std::abs(term);
            }
            ASSERT_NEAR(double(first[at]), want + 1, size * (sizeof(T) == 4 ? 1e-6 : 1e-13)) << o << ", " << i;
        }
}

template <class T> class reduction_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(reduction_test, scalars);

TYPED_TEST(reduction_test, views_of_every_kind) {
    for (int outer : {1, 3, 17, 2500})
        for (int reduced : {1, 7, 33, 100})
            for (int inner : {1, 2, 7, 16, 33})
                for (bool accumulate : {false, true}) {
                    check<fold::sum, TypeParam>({outer, reduced, inner}, accumulate, reduced == 7);
                    check<fold::max, TypeParam>({outer, reduced, inner}, accumulate, reduced == 7);
                    check<fold::min, TypeParam>({outer, reduced, inner}, accumulate, reduced == 7);
                }
}

TYPED_TEST(reduction_test, long_axes_in_slices) {
    for (bool accumulate : {false, true})
        for (reduction_shape s : {reduction_shape{1, 300000, 1},
                                  {3, 70001, 1},
                                  {1, 100352, 16},
                                  {1, 2000000, 1},
                                  {3, 40000, 37},
                                  {1, 40000, 65},
                                  {1, 700, 4500},
                                  {4000, 700, 1},
                                  {1, 5000, 1},
                                  {2, 3000, 70},
                                  {1, 4, 5000},
                                  {2, 500, 1500}})
            check<fold::sum, TypeParam>(s, accumulate, accumulate);
    check<fold::max, TypeParam>({1, 300000, 1}, false, false);
    check<fold::min, TypeParam>({1, 100352, 16}, true, true);
}

TYPED_TEST(reduction_test, a_million_terms_of_one_sign_keep_a_millionth) {
    using T = TypeParam;
    constexpr int terms = 1000000;
    std::mt19937 engine(7);
    std::uniform_real_distribution<double> uniform(0.1, 1);
    std::vector<T> x(4 * std::size_t(terms));
    for (T& value : x) value = static_cast<T>(uniform(engine));
    for (int inner : {1, 4}) {
        const reduction_shape s{1, terms, inner};
        std::vector<T> y(std::size_t(inner), T(0));
        tests::guarded_bytes room(reduction_workspace<default_arch, T>(s));
        reduce<fold::sum, default_arch>(s, memory<default_arch>(x.data()), y.data(), false, {}, room.get());
        for (int i = 0; i < inner; ++i) {
            long double want = 0;
            for (int r = 0; r < terms; ++r) want += static_cast<long double>(x[std::size_t(r * inner + i)]);
            EXPECT_NEAR(double(y[std::size_t(i)] / want), 1, sizeof(T) == 4 ? 1e-6 : 1e-14);
        }
    }
}

TYPED_TEST(reduction_test, nan_wins) {
    using T = TypeParam;
    for (std::size_t where : {0u, 5u, 99u}) {
        std::vector<T> x(100, T(1));
        x[where] = std::numeric_limits<T>::quiet_NaN();
        tests::guarded_bytes room(reduction_workspace<default_arch, T>({1, 100, 1}));
        T y = 0;
        reduce<fold::max, default_arch>({1, 100, 1}, memory<default_arch>(x.data()), &y, false, {}, room.get());
        EXPECT_TRUE(std::isnan(y));
    }
}

}  // namespace
