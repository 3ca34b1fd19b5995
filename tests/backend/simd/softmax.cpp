// Softmax and its logarithm against double, over widths, sizes of logits and numbers of threads.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <tessera/backend/simd/softmax.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> class softmax_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(softmax_test, scalars);

TYPED_TEST(softmax_test, agrees_with_double) {
    using T = TypeParam;
    for (int n : {1, 3, 7, 10, 16, 17, 33, 1000})
        for (double size : {1.0, 30.0, 1000.0})
            for (int rows : {1, 5, 1300}) {
                std::mt19937 engine(3);
                std::uniform_real_distribution<double> uniform(-size, size);
                std::vector<T> x(std::size_t(n) * std::size_t(rows)), first, first_log;
                for (T& value : x) value = static_cast<T>(uniform(engine));
                for (int used : {1, 2, 3}) {
                    threads::set_count(used);
                    std::vector<T> y = x, log_y(x.size());
                    softmax<default_arch>(rows, n, y.data(), y.data(), {});  // in place
                    log_softmax<default_arch>(rows, n, x.data(), log_y.data(), {});
                    threads::set_count(1);
                    if (used == 1) first = y, first_log = log_y;
                    ASSERT_EQ(std::memcmp(first.data(), y.data(), y.size() * sizeof(T)), 0);
                    ASSERT_EQ(std::memcmp(first_log.data(), log_y.data(), y.size() * sizeof(T)), 0);
                }
                const double accuracy = sizeof(T) == 4 ? 2e-6 : 1e-14;
                for (int r = 0; r < rows; ++r) {
                    const T* row = x.data() + std::ptrdiff_t(r) * n;
                    const double high = double(*std::max_element(row, row + n));
                    double sum = 0;
                    for (int i = 0; i < n; ++i) sum += std::exp(double(row[i]) - high);
                    for (int i = 0; i < n; ++i) {
                        const std::size_t at = std::size_t(r) * std::size_t(n) + std::size_t(i);
                        const double want = std::exp(double(row[i]) - high) / sum;
                        ASSERT_NEAR(double(first[at]), want, accuracy * 3 * want + 1e-44);
                        ASSERT_NEAR(double(first_log[at]), double(row[i]) - high - std::log(sum),
                                    accuracy * (1 + std::abs(high) + size));
                    }
                }
            }
}

TYPED_TEST(softmax_test, masked_logits_get_nothing_and_nan_spreads) {
    using T = TypeParam;
    const T inf = std::numeric_limits<T>::infinity();
    T x[3] = {T(0), -inf, T(0)}, y[3];
    softmax<default_arch>(1, 3, x, y, {});
    EXPECT_EQ(y[0], T(0.5));
    EXPECT_EQ(y[1], T(0));
    x[1] = std::numeric_limits<T>::quiet_NaN();
    softmax<default_arch>(1, 3, x, y, {});
    for (T value : y) EXPECT_TRUE(std::isnan(value));
}
TYPED_TEST(softmax_test, of_logits_that_are_all_masked_is_0) {
    using T = TypeParam;
    const T inf = std::numeric_limits<T>::infinity();
    T x[3] = {-inf, -inf, -inf}, y[3];
    softmax<default_arch>(1, 3, x, y, {});
    for (T value : y) EXPECT_EQ(value, T(0));
    log_softmax<default_arch>(1, 3, x, y, {});
    for (T value : y) EXPECT_EQ(value, -inf);
}

}  // namespace
