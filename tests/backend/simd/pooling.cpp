// Pooling and its gradients against plain loops in double.
#include "counting_tail.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <tessera/backend/simd/pooling_gradient.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> std::vector<T> noise(std::size_t size, unsigned seed, bool ties) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<T> values(size);
    for (T& value : values) value = static_cast<T>(ties ? std::round(2 * uniform(engine)) : uniform(engine));
    return values;
}

template <class T> void expect_near(const std::vector<T>& got, const std::vector<double>& want) {
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (std::isinf(want[i]))
            ASSERT_EQ(double(got[i]), want[i]) << i;
        else
            ASSERT_NEAR(double(got[i]), want[i], (1 + std::abs(want[i])) * (sizeof(T) == 4 ? 1e-5 : 1e-13)) << i;
    }
}

// run(result) on 1, 2, 3 threads gives equal bits
template <class T, class Run> std::vector<T> on_all_threads(const std::vector<T>& start, Run run) {
    std::vector<T> first;
    for (int used : {1, 2, 3}) {
        threads::set_count(used);
        std::vector<T> result = start;
        run(result);
        threads::set_count(1);
        if (used == 1) first = result;
        EXPECT_EQ(std::memcmp(first.data(), result.data(), first.size() * sizeof(T)), 0);
    }
    return first;
}

template <class T> void check(pooling_shape s) {
    for (int i = 0; i < 3; ++i) s.out[i] = s.w.positions(i, s.in[i]);
    const std::size_t channels = std::size_t(s.channels);
    const std::size_t in = std::size_t(s.count * s.in[0] * s.in[1] * s.in[2]) * channels;
    const std::size_t out = std::size_t(s.count * s.out[0] * s.out[1] * s.out[2]) * channels;
    SCOPED_TRACE(testing::Message() << "kernel " << s.w.kernel[2] << " stride " << s.w.stride[2] << " pad "
                                    << s.w.before[2] << " channels " << s.channels);
    for (bool ties : {false, true})
        for (bool accumulate : {false, true}) {
            const auto x = noise<T>(in, 1, ties), dy = noise<T>(out, 2, false), start = noise<T>(in, 3, false);
            std::vector<double> highest(out), mean[2], dmax(in), dmean[2];
            for (int by : {0, 1}) mean[by].resize(out), dmean[by].resize(in);
            if (accumulate) {
                dmax.assign(start.begin(), start.end());
                dmean[0] = dmean[1] = dmax;
            }
            std::size_t y = 0;
            for (int n = 0; n < s.count; ++n)
                for (int d = 0; d < s.out[0]; ++d)
                    for (int h = 0; h < s.out[1]; ++h)
                        for (int w = 0; w < s.out[2]; ++w)
                            for (std::size_t c = 0; c < channels; ++c, ++y) {
                                std::vector<std::size_t> inside;
                                for (int i = 0; i < s.w.kernel[0]; ++i)
                                    for (int j = 0; j < s.w.kernel[1]; ++j)
                                        for (int k = 0; k < s.w.kernel[2]; ++k) {
                                            const int a = d * s.w.stride[0] + i * s.w.dilation[0] - s.w.before[0];
                                            const int b = h * s.w.stride[1] + j * s.w.dilation[1] - s.w.before[1];
                                            const int e = w * s.w.stride[2] + k * s.w.dilation[2] - s.w.before[2];
                                            if (a < 0 || a >= s.in[0] || b < 0 || b >= s.in[1] || e < 0 || e >= s.in[2])
                                                continue;
                                            inside.push_back(
                                                std::size_t(((n * s.in[0] + a) * s.in[1] + b) * s.in[2] + e) *
                                                    channels +
                                                c);
                                        }
                                const double divisors[2] = {double(s.w.taps()), std::max(1.0, double(inside.size()))};
                                highest[y] = -std::numeric_limits<double>::infinity();
                                std::size_t where = in;
                                for (std::size_t i : inside) {
                                    if (where == in || double(x[i]) > highest[y]) highest[y] = double(x[i]), where = i;
                                    for (int by : {0, 1}) mean[by][y] += double(x[i]) / divisors[by];
                                    for (int by : {0, 1}) dmean[by][i] += double(dy[y]) / divisors[by];
                                }
                                if (where != in) dmax[where] += double(dy[y]);
                            }
            for (auto* of_tail : {&highest, &dmax})
                for (double& value : *of_tail) value += 1;
            expect_near(on_all_threads(std::vector<T>(out),
                                       [&](std::vector<T>& to) {
                                           tests::counting_tail<T> once(out, to.data());
                                           max_pool<default_arch>(s, x.data(), to.data(), once.get());
                                           once.expect_once();
                                       }),
                        highest);
            expect_near(on_all_threads(start,
                                       [&](std::vector<T>& to) {
                                           tests::counting_tail<T> once(in, to.data());
                                           max_pool_gradient<default_arch>(s, x.data(), dy.data(), to.data(),
                                                                           accumulate, once.get());
                                           once.expect_once();
                                       }),
                        dmax);
            for (int by : {0, 1}) {
                const divisor kind = by == 0 ? divisor::taps : divisor::inside;
                expect_near(on_all_threads(std::vector<T>(out),
                                           [&](std::vector<T>& to) {
                                               average_pool<default_arch>(s, kind, x.data(), to.data(), {});
                                           }),
                            mean[by]);
                expect_near(on_all_threads(start,
                                           [&](std::vector<T>& to) {
                                               average_pool_gradient<default_arch>(s, kind, dy.data(), to.data(),
                                                                                   accumulate, {});
                                           }),
                            dmean[by]);
            }
        }
}

template <class T> class pooling_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(pooling_test, scalars);

TYPED_TEST(pooling_test, windows_strides_dilations_paddings_and_channels) {
    for (int kernel : {1, 2, 3})
        for (int stride : {1, 2, 3})
            for (int dilation : {1, 2})
                for (int pad : {0, 3})
                    for (int channels : {3, 70}) {
                        pooling_shape s;
                        s.count = 2, s.channels = channels;
                        for (int axis : {1, 2}) {
                            s.in[axis] = 6 + axis;
                            s.w.kernel[axis] = kernel, s.w.stride[axis] = stride, s.w.dilation[axis] = dilation;
                            s.w.before[axis] = pad, s.w.after[axis] = pad / 2;
                        }
                        check<TypeParam>(s);
                    }
}

TYPED_TEST(pooling_test, three_dimensions) {
    pooling_shape s;
    s.count = 2, s.channels = 5;
    for (int axis : {0, 1, 2})
        s.in[axis] = 4 + axis, s.w.kernel[axis] = 2, s.w.stride[axis] = axis + 1, s.w.before[axis] = axis % 2;
    check<TypeParam>(s);
}

TYPED_TEST(pooling_test, nan_wins_the_maximum) {
    using T = TypeParam;
    pooling_shape s;
    s.in[2] = 4, s.out[2] = 2, s.w.kernel[2] = s.w.stride[2] = 2;
    const T nan = std::numeric_limits<T>::quiet_NaN(), x[4] = {T(1), nan, nan, T(2)};
    T y[2];
    max_pool<default_arch>(s, x, y, {});
    EXPECT_TRUE(std::isnan(y[0]));
    EXPECT_TRUE(std::isnan(y[1]));
}

}  // namespace
