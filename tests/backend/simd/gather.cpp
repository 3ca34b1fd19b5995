// Rows by index and their adjoint.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <tessera/backend/simd/gather.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> class gather_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(gather_test, scalars);

TYPED_TEST(gather_test, rows_and_sums_of_rows) {
    using T = TypeParam;
    for (int columns : {1, 7, 33, 300})
        for (int rows : {1, 3, 1000}) {
            constexpr int table_rows = 17;
            std::mt19937 engine(1);
            std::vector<std::int32_t> index(static_cast<std::size_t>(rows));
            for (auto& i : index) i = int(engine() % 20) - 1;  // some outside
            std::vector<T> table(std::size_t(table_rows * columns)), dy(std::size_t(rows * columns));
            for (T& v : table) v = static_cast<T>(engine() % 1000) / T(500);
            for (T& v : dy) v = static_cast<T>(engine() % 1000) / T(500);
            std::vector<double> want(table.begin(), table.end());
            for (int i = 0; i < rows; ++i)
                for (int c = 0; c < columns; ++c)
                    if (const int at = index[std::size_t(i)]; at >= 0 && at < table_rows)
                        want[std::size_t(at * columns + c)] += double(dy[std::size_t(i * columns + c)]);
            std::vector<T> first;
            for (int used : {1, 2, 3}) {
                threads::set_count(used);
                std::vector<T> y(dy.size(), T(-1)), sum = table;
                gather<default_arch>(rows, columns, table_rows, table.data(), index.data(), y.data(), {});
                scatter_add<default_arch>(rows, columns, table_rows, dy.data(), index.data(), sum.data());
                threads::set_count(1);
                for (int i = 0; i < rows; ++i)
                    for (int c = 0; c < columns; ++c) {
                        const int at = index[std::size_t(i)];
                        const T expected = at >= 0 && at < table_rows ? table[std::size_t(at * columns + c)] : T(0);
                        ASSERT_EQ(y[std::size_t(i * columns + c)], expected);
                    }
                if (used == 1) first = sum;
                ASSERT_EQ(std::memcmp(first.data(), sum.data(), sum.size() * sizeof(T)), 0);
            }
            for (std::size_t i = 0; i < want.size(); ++i) ASSERT_NEAR(double(first[i]), want[i], 1e-4 * (1 + want[i]));
        }
}

}  // namespace
