// A point of an image, for numbers of channels about the width of a vector; nothing after the last channel is touched.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/simd/sample.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;
using namespace tessera::detail::simd;

template <class T> class sample_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(sample_test, scalars);

TYPED_TEST(sample_test, a_point) {
    using T = TypeParam;
    constexpr int rows = 3, columns = 4;
    for (int channels : {1, 2, 7, 8, 9, 16, 17, 33}) {
        std::vector<T> x(static_cast<std::size_t>(rows * columns * channels));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(std::sin(static_cast<double>(i)));
        for (const T r : {T(-0.25), T(0), T(1.375), T(2), T(2.5), T(4)})
            for (const T c : {T(-0.5), T(1), T(2.75), T(3), T(3.5)}) {
                std::vector<T> y(static_cast<std::size_t>(channels) + 1, T(-9));
                sample_point<default_arch>(neighbours<T>::of(r, rows, around::zeros),
                                           neighbours<T>::of(c, columns, around::zeros), channels, x.data(), y.data());
                for (int k = 0; k < channels; ++k) {
                    double want = 0;
                    for (int i = 0; i < rows; ++i)
                        for (int j = 0; j < columns; ++j)
                            want += std::max(0.0, 1 - std::abs(static_cast<double>(r) - i)) *
                                    std::max(0.0, 1 - std::abs(static_cast<double>(c) - j)) *
                                    static_cast<double>(x[static_cast<std::size_t>((i * columns + j) * channels + k)]);
                    ASSERT_NEAR(static_cast<double>(y[static_cast<std::size_t>(k)]), want, 1e-6) << r << ", " << c;
                }
                ASSERT_EQ(y.back(), T(-9)) << channels;
            }
    }
}

}  // namespace
