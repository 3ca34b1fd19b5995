// Products of every layout against a plain loop in double.
#include "counting_source.hpp"
#include "counting_tail.hpp"
#include "guarded_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <random>
#include <tessera/backend/simd/batched_product.hpp>
#include <tessera/backend/simd/product.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> std::vector<T> noise(std::size_t size, unsigned seed) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<T> values(size);
    for (T& value : values) value = static_cast<T>(uniform(engine));
    return values;
}

struct layout {
    bool a_transposed = false, b_transposed = false, c_transposed = false, accumulate = false;
    int gap = 0;
    bool scattered = false;
};

template <class T> void check(int m, int n, int k, layout how) {
    product_shape s;
    s.m = m, s.n = n, s.k = k;
    s.a_row = how.a_transposed ? 1 : k + how.gap;
    s.a_col = how.a_transposed ? m + how.gap : 1;
    s.b_row = how.b_transposed ? 1 : n + how.gap;
    s.b_col = how.b_transposed ? k + how.gap : 1;
    s.c_row = how.c_transposed ? 1 : n + how.gap;
    s.c_col = how.c_transposed ? m + how.gap : 1;
    if (how.scattered) s.c_row = 2 * n, s.c_col = 2;
    SCOPED_TRACE(testing::Message() << m << "x" << n << "x" << k << " a'" << how.a_transposed << " b'"
                                    << how.b_transposed << " c'" << how.c_transposed << " += " << how.accumulate
                                    << " gap " << how.gap << " scattered " << how.scattered);
    const auto size = [&](int x, int y) { return static_cast<std::size_t>((x + how.gap) * (y + how.gap)); };
    const auto a = noise<T>(size(m, k), 1), b = noise<T>(size(k, n), 2);
    const auto start = noise<T>(how.scattered ? static_cast<std::size_t>(2 * m * n) : size(m, n), 3);
    std::vector<T> first;
    for (int threads_used : {1, 2, 5}) {
        threads::set_count(threads_used);
        std::vector<T> c = start;
        tests::counting_tail<T> count(c.size(), c.data());
        tests::guarded_bytes workspace(product_workspace<default_arch, T>(s));
        product<default_arch, T>(s, a.data(), b.data(), c.data(), how.accumulate, count.get(), workspace.get());
        ASSERT_TRUE(workspace.intact());
        if (threads_used > 1) {
            ASSERT_EQ(std::memcmp(first.data(), c.data(), c.size() * sizeof(T)), 0);
            continue;
        }
        first = c;
        std::vector<int> written(c.size(), 0);
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) {
                const auto at = static_cast<std::size_t>(i * s.c_row + j * s.c_col);
                double sum = how.accumulate ? double(start[at]) : 0, scale = 1;
                for (int x = 0; x < k; ++x) {
                    const double term = double(a[static_cast<std::size_t>(i * s.a_row + x * s.a_col)]) *
                                        double(b[static_cast<std::size_t>(x * s.b_row + j * s.b_col)]);
                    sum += term;
                    scale += std::abs(term);
                }
                ASSERT_NEAR(double(c[at]), sum + 1, scale * (sizeof(T) == 4 ? 2e-6 : 1e-14)) << i << ", " << j;
                written[at] = 1;
            }
        for (std::size_t i = 0; i < c.size(); ++i) {
            ASSERT_EQ(count.seen(i), written[i]) << "tail at " << i;
            if (written[i] == 0) {
                ASSERT_EQ(c[i], start[i]) << "touched a gap at " << i;
            }
        }
    }
    for (bool second : {false, true}) {  // from an operand that was prepared, bit for bit
        const beforehand form = form_of_prepared<T>(s, second);
        if (form == beforehand::nothing) continue;
        ASSERT_EQ(is_of_second(form), second);
        tests::guarded_bytes made(prepared_bytes<default_arch, T>(s, form));
        T* const to = reinterpret_cast<T*>(made.get());
        prepare_operand<default_arch>(s, form, second ? b.data() : a.data(), to);
        ASSERT_TRUE(made.intact());
        for (int threads_used : {1, 3}) {
            threads::set_count(threads_used);
            std::vector<T> c = start;
            tests::counting_tail<T> count(c.size(), c.data());
            const std::size_t room = product_workspace<default_arch, T>(s, form);
            ASSERT_LE(room, (product_workspace<default_arch, T>(s)));
            tests::guarded_bytes workspace(room);
            product<default_arch, T>(s, a.data(), b.data(), c.data(), how.accumulate, count.get(), workspace.get(),
                                     {to, form});
            ASSERT_TRUE(workspace.intact());
            ASSERT_EQ(std::memcmp(first.data(), c.data(), c.size() * sizeof(T)), 0);
        }
    }
    if (s.a_col == 1 && s.c_col == 1 && n > 1) {  // the same from an A that is computed
        for (int threads_used : {1, 3}) {
            threads::set_count(threads_used);
            std::vector<T> c = start;
            tests::counting_tail<T> count(c.size(), c.data());
            const tests::counting_source<T> source(a.size(), a.data());
            tests::guarded_bytes workspace(product_workspace<default_arch, T>(s, beforehand::nothing, true));
            product<default_arch, T>(s, source.get(), b.data(), c.data(), how.accumulate, count.get(), workspace.get());
            ASSERT_TRUE(workspace.intact() && source.inside());
            ASSERT_EQ(source.most(), k > 0);
            for (std::size_t i = 0; i < c.size(); ++i)
                ASSERT_NEAR(double(c[i]), double(first[i]), (k + 1) * (sizeof(T) == 4 ? 2e-6 : 1e-14)) << i;
        }
    }
    threads::set_count(1);
}

template <class T> class product_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(product_test, scalars);

TYPED_TEST(product_test, every_layout_of_small_matrices) {
    for (int bits = 0; bits < 16; ++bits)
        for (auto [m, n, k] :
             {std::array{1, 1, 1}, {3, 5, 7}, {7, 33, 17}, {1, 40, 9}, {40, 1, 9}, {17, 3, 33}, {8, 16, 1}})
            check<TypeParam>(m, n, k, {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, bits % 3});
}

TYPED_TEST(product_test, all_row_and_column_tails) {
    for (int m = 1; m <= 17; ++m)
        for (int n : {1, 2, 4, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 64, 65, 100}) check<TypeParam>(m, n, 11, {});
}

// rows that are shorter than a vector and lie without gaps are stored in whole vectors, but for the last ones
TYPED_TEST(product_test, short_rows_one_after_another) {
    for (int m : {1, 2, 7, 8, 23, 130})
        for (int n : {1, 2, 3, 5, 6, 11, 12, 30, 48}) {
            check<TypeParam>(m, n, 5, {false, false, false, true});
            check<TypeParam>(m, n, 17, {m % 2 == 0, n % 2 == 0, false, false, n % 3 == 0 ? 1 : 0});
        }
}

// C' = B' A' in pieces that are turned around
TYPED_TEST(product_test, few_rows_against_a_transposed_operand) {
    for (int m : {3, 4, 7, 15, 16})
        for (bool accumulate : {false, true})
            for (int k : {1, 9, 100}) {
                check<TypeParam>(m, 517, k, {m % 2 == 0, true, false, accumulate});
                check<TypeParam>(m, 130, k, {false, true, false, accumulate, 3});
                check<TypeParam>(131, m, k, {true, accumulate, true, false});
            }
    check<TypeParam>(7, 1100, 300, {false, true});
}

TYPED_TEST(product_test, large_enough_to_pack_block_and_split) {
    for (int bits = 0; bits < 8; ++bits) {
        const layout how{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, true, 1};
        check<TypeParam>(129, 257, 531, how);
        check<TypeParam>(64, 300, 1030, how);
        check<TypeParam>(18, 16, 5000, how);
        check<TypeParam>(1, 1, 9001, how);
        check<TypeParam>(2, 70, 4500, how);
    }
    check<TypeParam>(48, 96, 1024, {});
    check<TypeParam>(64, 96, 1024, {true});
    check<TypeParam>(1, 300, 784, {});
    check<TypeParam>(1, 300, 784, {false, true});
    check<TypeParam>(4, 130, 700, {false, true, false, true});
    check<TypeParam>(300, 1, 784, {});
}

TYPED_TEST(product_test, more_rows_than_are_computed_at_once) {
    check<TypeParam>(4500, 18, 130, {});
    check<TypeParam>(1030, 40, 600, {false, true, false, true});
    check<TypeParam>(2050, 300, 520, {});
}

TYPED_TEST(product_test, no_unit_stride_in_the_result) {
    for (bool accumulate : {false, true})
        for (int n : {1, 5, 33, 70}) {
            check<TypeParam>(13, n, 9, {false, false, false, accumulate, 0, true});
            check<TypeParam>(90, n, 700, {false, false, false, accumulate, 0, true});
            check<TypeParam>(3, n, 4100, {true, true, false, accumulate, 0, true});
        }
}

TYPED_TEST(product_test, many_slices) {
    for (bool accumulate : {false, true}) {
        check<TypeParam>(8, 33, 70000, {accumulate, false, false, accumulate});
        check<TypeParam>(5, 19, 40001, {true, true, true, accumulate, 3});
        check<TypeParam>(9, 21, 40001, {false, false, false, accumulate, 0, true});
    }
}

// rows whose pitch is a multiple of 2 KiB are copied apart, unless they were before the call
TYPED_TEST(product_test, lines_of_one_set_of_the_cache) {
    const int k = int(4096 / sizeof(TypeParam));
    for (int bits = 0; bits < 8; ++bits)
        for (int m : {16, 33}) check<TypeParam>(m, k, k, {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0});
    product_shape s = dense_product(20, 70, k);
    EXPECT_EQ(form_of_prepared<TypeParam>(s, false), beforehand::lines_of_a);
    EXPECT_EQ(form_of_prepared<TypeParam>(s, true), beforehand::panels_of_b);
    EXPECT_LT((product_workspace<default_arch, TypeParam>(s, beforehand::lines_of_a)),
              (product_workspace<default_arch, TypeParam>(s)));
    EXPECT_EQ(form_of_prepared<TypeParam>(turned(s), false), beforehand::panels_of_a);
    EXPECT_EQ(form_of_prepared<TypeParam>(turned(s), true), beforehand::lines_of_b);
}

TYPED_TEST(product_test, empty_inner_axis_gives_zero) { check<TypeParam>(5, 19, 0, {}); }

// One operand in common, and matrices in rows whose results follow one another forwards or backwards.
TYPED_TEST(product_test, batches_in_rows_that_share_an_operand) {
    using T = TypeParam;
    const int length = 3, rows = 11;
    for (auto [m, n, k] : {std::array{5, 3, 7}, {9, 20, 6}, {4, 70, 8}, {8, 16, 16}})
        for (bool turned_b : {false, true})
            for (bool backwards : {false, true}) {
                product_shape s = dense_product(m, n, k);
                if (turned_b) s.b_row = 1, s.b_col = k;
                const std::ptrdiff_t size = std::ptrdiff_t(m) * n;
                const batch_strides along{std::ptrdiff_t(m) * k, 0, backwards ? -size : size};
                const batch_strides down{length * along.a, 0, length * size};
                const std::ptrdiff_t start = backwards ? (length - 1) * size : 0;
                const auto a = noise<T>(static_cast<std::size_t>(rows * down.a), 1);
                const auto b = noise<T>(static_cast<std::size_t>(n * k), 2);
                std::vector<T> first;
                for (int used : {1, 2, 7}) {
                    threads::set_count(used);
                    std::vector<T> c(static_cast<std::size_t>(rows * length * size), T(2));
                    tests::counting_tail<T> count(c.size(), c.data());
                    const shifted_tail shifted{count.get(), start};
                    tests::guarded_bytes workspace(batched_product_workspace<default_arch, T>(s, rows * length));
                    batched_product<default_arch, T>(s, rows * length, down, a.data(), b.data(), c.data() + start, true,
                                                     shifted.get(), workspace.get(), {}, {length, along});
                    ASSERT_TRUE(workspace.intact());
                    count.expect_once();
                    if (used == 1) first = c;
                    ASSERT_EQ(std::memcmp(first.data(), c.data(), c.size() * sizeof(T)), 0);
                }
                threads::set_count(1);
                for (int x = 0; x < rows * length; ++x)
                    for (int i = 0; i < m; ++i)
                        for (int j = 0; j < n; ++j) {
                            double sum = 3;
                            for (int y = 0; y < k; ++y)
                                sum += double(a[static_cast<std::size_t>((x * m + i) * k + y)]) *
                                       double(b[static_cast<std::size_t>(turned_b ? j * k + y : y * n + j)]);
                            const std::ptrdiff_t at = start + x / length * down.c + x % length * along.c;
                            ASSERT_NEAR(double(first[static_cast<std::size_t>(at + i * n + j)]), sum,
                                        sizeof(T) == 4 ? 2e-5 : 1e-12);
                        }
            }
}

TYPED_TEST(product_test, batches) {
    using T = TypeParam;
    for (auto [batches, m, n, k, turned] : {std::array{1, 3, 5, 7, 1},
                                            {5, 17, 9, 33, 1},
                                            {40, 20, 20, 16, 1},
                                            {3, 130, 140, 150, 1},
                                            {300, 20, 20, 16, 1},
                                            {300, 20, 32, 16, 0}}) {
        product_shape s = dense_product(m, n, k);
        if (turned != 0) s.b_row = 1, s.b_col = k;
        const batch_strides strides{std::ptrdiff_t(m) * k, std::ptrdiff_t(n) * k, std::ptrdiff_t(m) * n};
        const auto a = noise<T>(static_cast<std::size_t>(batches * m * k), 1);
        const auto b = noise<T>(static_cast<std::size_t>(batches * n * k), 2);
        std::vector<T> first;
        for (int used : {1, 2, 3, 64, 100}) {
            threads::set_count(used);
            std::vector<T> c(static_cast<std::size_t>(batches * m * n));
            tests::counting_tail<T> count(c.size(), c.data());
            tests::guarded_bytes workspace(batched_product_workspace<default_arch, T>(s, batches));
            batched_product<default_arch, T>(s, batches, strides, a.data(), b.data(), c.data(), false, count.get(),
                                             workspace.get());
            ASSERT_TRUE(workspace.intact());
            count.expect_once();
            if (used == 1) first = c;
            ASSERT_EQ(std::memcmp(first.data(), c.data(), c.size() * sizeof(T)), 0);
        }
        threads::set_count(1);
        for (int x = 0; x < batches; ++x)
            for (int i = 0; i < m; ++i)
                for (int j = 0; j < n; ++j) {
                    double sum = 1;
                    for (int y = 0; y < k; ++y)
                        sum += double(a[static_cast<std::size_t>((x * m + i) * k + y)]) *
                               double(b[static_cast<std::size_t>(x * n * k + (turned != 0 ? j * k + y : y * n + j))]);
                    ASSERT_NEAR(double(first[static_cast<std::size_t>((x * m + i) * n + j)]), sum,
                                sizeof(T) == 4 ? 2e-5 : 1e-12);
                }
    }
}

}  // namespace
