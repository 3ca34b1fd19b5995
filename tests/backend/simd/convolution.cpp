// Convolution and its two gradients against plain loops in double, over dimensions, strides, dilations, paddings,
// groups, an image without gaps and with some.
#include "counting_source.hpp"
#include "counting_tail.hpp"
#include "guarded_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <random>
#include <tessera/backend/simd/convolution.hpp>
#include <tessera/backend/simd/convolution_backward_data.hpp>
#include <tessera/backend/simd/convolution_backward_filter.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;
using tessera::detail::layout;

std::vector<double> noise(std::size_t size, unsigned seed) {
    std::mt19937 engine(seed);
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<double> values(size);
    for (double& value : values) value = double(float(uniform(engine)));
    return values;
}

template <class T> std::vector<T> converted(const std::vector<double>& values) {
    std::vector<T> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(), [](double x) { return static_cast<T>(x); });
    return result;
}

std::size_t input_size(const convolution_shape& s) {
    return std::size_t(s.count) * std::size_t(s.in[0] * s.in[1] * s.in[2] * s.in_channels);
}
std::size_t output_size(const convolution_shape& s) {
    return std::size_t(s.count) * std::size_t(s.out[0] * s.out[1] * s.out[2] * s.out_channels);
}
std::size_t weights_size(const convolution_shape& s) {
    return std::size_t(s.w.taps() * (s.in_channels / s.groups) * s.out_channels);
}

// f(x index, weight index, y index) for every multiplication that the convolution stands for.
template <class Function> void for_each_term(const convolution_shape& s, Function f) {
    const int ci = s.in_channels / s.groups, co = s.out_channels / s.groups;
    for (int n = 0; n < s.count; ++n)
        for (int od = 0; od < s.out[0]; ++od)
            for (int oh = 0; oh < s.out[1]; ++oh)
                for (int ow = 0; ow < s.out[2]; ++ow)
                    for (int kd = 0; kd < s.w.kernel[0]; ++kd)
                        for (int kh = 0; kh < s.w.kernel[1]; ++kh)
                            for (int kw = 0; kw < s.w.kernel[2]; ++kw) {
                                const int d = od * s.w.stride[0] + kd * s.w.dilation[0] - s.w.before[0];
                                const int h = oh * s.w.stride[1] + kh * s.w.dilation[1] - s.w.before[1];
                                const int w = ow * s.w.stride[2] + kw * s.w.dilation[2] - s.w.before[2];
                                if (d < 0 || d >= s.in[0] || h < 0 || h >= s.in[1] || w < 0 || w >= s.in[2]) continue;
                                const int x = (((n * s.in[0] + d) * s.in[1] + h) * s.in[2] + w) * s.in_channels;
                                const int y = (((n * s.out[0] + od) * s.out[1] + oh) * s.out[2] + ow) * s.out_channels;
                                const int tap = (kd * s.w.kernel[1] + kh) * s.w.kernel[2] + kw;
                                for (int o = 0; o < s.out_channels; ++o)
                                    for (int c = 0; c < ci; ++c)
                                        f(std::size_t(x + o / co * ci + c),
                                          std::size_t((tap * ci + c) * s.out_channels + o), std::size_t(y + o));
                            }
}

// run(result, workspace) on one, two and five threads: equal bits, close to `want`, workspace kept.
template <class T, class Run>
void compare(const std::vector<double>& start, const std::vector<double>& want, const std::vector<double>& scale,
             std::size_t workspace_bytes, Run run) {
    std::vector<T> first;
    for (int used : {1, 2, 5}) {
        threads::set_count(used);
        std::vector<T> result = converted<T>(start);
        tests::guarded_bytes workspace(workspace_bytes);
        run(result, workspace.get());
        threads::set_count(1);
        ASSERT_TRUE(workspace.intact());
        if (used == 1) first = result;
        ASSERT_EQ(std::memcmp(first.data(), result.data(), first.size() * sizeof(T)), 0) << used << " threads";
    }
    for (std::size_t i = 0; i < want.size(); ++i)
        ASSERT_NEAR(double(first[i]), want[i], (1 + scale[i]) * (sizeof(T) == 4 ? 2e-6 : 1e-14)) << "at " << i;
}

// From an x that is computed, what comes of one in memory: inside the image, and hardly more than once.
template <class Work, class T>
void compare_computed(const Work& work, const std::vector<T>& x, const std::vector<T>& w, const std::vector<T>& start,
                      bool accumulate, const std::vector<double>& want, const std::vector<double>& scale) {
    if (work.method() == convolution_method::product ? work.product.n < 2 : work.sweep.depthwise() && work.sweep.n > 1)
        return;
    std::vector<double> begin(start.begin(), start.end());
    compare<T>(begin, want, scale, work.template workspace<default_arch, T>(false, true),
               [&](std::vector<T>& out, std::byte* memory) {
                   tests::counting_tail<T> count(out.size(), out.data());
                   const tests::counting_source<T> source(x.size(), x.data());
                   const auto run = [&]<convolution_method Method>() {
                       work.template run<default_arch, Method>(source.get(), w.data(), out.data(), accumulate,
                                                               count.get(), memory);
                   };
                   switch (work.method()) {
                       case convolution_method::product: run.template operator()<convolution_method::product>(); break;
                       case convolution_method::mixing: run.template operator()<convolution_method::mixing>(); break;
                       case convolution_method::depthwise:
                           run.template operator()<convolution_method::depthwise>();
                           break;
                       case convolution_method::narrow: run.template operator()<convolution_method::narrow>();
                   }
                   count.expect_once();
                   EXPECT_TRUE(source.inside());
                   EXPECT_LE(source.mean(), work.sweep.axis[0].kernel == 1 ? 1.13 : 3);
               });
}

// so many elements of nothing after each pixel, and after each row and sample
layout with_gaps(const convolution_shape& s, int of_pixels, int of_rows) {
    layout l = layout::row_major({s.in[0], s.in[1], s.in[2], s.in_channels}, true);
    l.stride[3] = s.in_channels + of_pixels;
    l.stride[2] = l.stride[3] * s.in[2] + of_rows;
    l.stride[1] = l.stride[2] * s.in[1];
    l.stride[0] = l.stride[1] * s.in[0] + of_rows;
    return l;
}
template <class T> std::vector<T> spread(const layout& to, const convolution_shape& s, const std::vector<T>& x) {
    std::vector<T> all(std::size_t(s.count) * std::size_t(to.stride[0]), std::numeric_limits<T>::quiet_NaN());
    for (std::size_t i = 0; i < x.size(); ++i) all[std::size_t(to.at(long(i)))] = x[i];
    return all;
}

template <class T> void check(convolution_shape s) {
    s = with_output(s);
    SCOPED_TRACE(testing::Message() << "in " << s.in[0] << "x" << s.in[1] << "x" << s.in[2] << "x" << s.in_channels
                                    << " out " << s.out[0] << "x" << s.out[1] << "x" << s.out[2] << "x"
                                    << s.out_channels << " groups " << s.groups << " kernel " << s.w.kernel[1] << "x"
                                    << s.w.kernel[2] << " stride " << s.w.stride[2] << " dilation " << s.w.dilation[2]
                                    << " pad " << s.w.before[2]);
    const auto x = noise(input_size(s), 1), w = noise(weights_size(s), 2), dy = noise(output_size(s), 3);
    const auto tx = converted<T>(x), tw = converted<T>(w), tdy = converted<T>(dy);
    for (bool accumulate : {false, true}) {
        const auto initial = [&](std::size_t size) {
            return accumulate ? noise(size, 9) : std::vector<double>(size, 7.0);
        };
        const auto y0 = initial(dy.size()), dx0 = initial(x.size()), dw0 = initial(w.size());
        const auto begin = [&](const std::vector<double>& v) { return accumulate ? v : std::vector<double>(v.size()); };
        auto y = begin(y0), dx = begin(dx0), dw = begin(dw0);
        std::vector<double> sy(y.size()), sdx(dx.size()), sdw(dw.size());
        for_each_term(s, [&](std::size_t ix, std::size_t iw, std::size_t iy) {
            const double a = x[ix] * w[iw], b = dy[iy] * w[iw], c = x[ix] * dy[iy];
            y[iy] += a, dx[ix] += b, dw[iw] += c;
            sy[iy] += std::abs(a), sdx[ix] += std::abs(b), sdw[iw] += std::abs(c);
        });
        for (double& value : y) value += 1;  // the tail's
        for (double& value : dx) value += 1;
        {
            SCOPED_TRACE("forward");
            compare<T>(
                y0, y, sy, convolution_workspace<default_arch, T>(s), [&](std::vector<T>& out, std::byte* memory) {
                    tests::counting_tail<T> count(out.size(), out.data());
                    convolution<default_arch, T>(s, tx.data(), tw.data(), out.data(), accumulate, count.get(), memory);
                    count.expect_once();
                });
        }
        {
            SCOPED_TRACE("input gradient");
            compare<T>(dx0, dx, sdx, convolution_backward_data_workspace<default_arch, T>(s),
                       [&](std::vector<T>& out, std::byte* memory) {
                           tests::counting_tail<T> count(out.size(), out.data());
                           convolution_backward_data<default_arch, T>(s, tdy.data(), tw.data(), out.data(), accumulate,
                                                                      count.get(), memory);
                           count.expect_once();
                       });
        }
        {
            SCOPED_TRACE("computed");
            compare_computed(forward_work(s), tx, tw, converted<T>(y0), accumulate, y, sy);
            compare_computed(backward_data_work(s), tdy, tw, converted<T>(dx0), accumulate, dx, sdx);
        }
        {
            SCOPED_TRACE("weight gradient");
            compare<T>(dw0, dw, sdw, convolution_backward_filter_workspace<default_arch, T>(s),
                       [&](std::vector<T>& out, std::byte* memory) {
                           convolution_backward_filter<default_arch, T>(s, tx.data(), tdy.data(), out.data(),
                                                                        accumulate, memory);
                       });
        }
        for (const std::array<int, 2>& gaps : {std::array{3, 0}, {0, 2}, {5, 1}}) {
            SCOPED_TRACE(testing::Message() << "gaps of " << gaps[0] << " and " << gaps[1]);
            convolution_shape apart = s;
            apart.image = with_gaps(s, gaps[0], gaps[1]);
            const auto x_apart = spread(apart.image, s, tx);
            compare<T>(y0, y, sy, convolution_workspace<default_arch, T>(apart),
                       [&](std::vector<T>& out, std::byte* memory) {
                           tests::counting_tail<T> count(out.size(), out.data());
                           convolution<default_arch, T>(apart, x_apart.data(), tw.data(), out.data(), accumulate,
                                                        count.get(), memory);
                           count.expect_once();
                       });
            compare<T>(dw0, dw, sdw, convolution_backward_filter_workspace<default_arch, T>(apart),
                       [&](std::vector<T>& out, std::byte* memory) {
                           convolution_backward_filter<default_arch, T>(apart, x_apart.data(), tdy.data(), out.data(),
                                                                        accumulate, memory);
                       });
        }
        if (testing::Test::HasFatalFailure()) return;
    }
}

convolution_shape image(int count, int height, int width, int in_channels, int out_channels, int kernel, int stride = 1,
                        int dilation = 1, int before = 0, int after = 0, int groups = 1) {
    convolution_shape s;
    s.count = count;
    s.in[1] = height, s.in[2] = width;
    s.in_channels = in_channels, s.out_channels = out_channels, s.groups = groups;
    for (int axis : {1, 2}) {
        s.w.kernel[axis] = kernel, s.w.stride[axis] = stride, s.w.dilation[axis] = dilation;
        s.w.before[axis] = before, s.w.after[axis] = after;
    }
    return s;
}

template <class T> class convolution_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(convolution_test, scalars);

TYPED_TEST(convolution_test, strides_dilations_and_paddings) {
    for (int kernel : {1, 2, 3, 5})
        for (int stride : {1, 2, 3})
            for (int dilation : {1, 2})
                for (auto [before, after] : {std::array{0, 0}, {1, 1}, {0, 2}, {3, 1}})
                    check<TypeParam>(image(2, 11, 13, 3, 5, kernel, stride, dilation, before, after));
}

TYPED_TEST(convolution_test, channel_counts) {
    for (int in : {1, 3, 8, 17})
        for (int out : {1, 7, 8, 16, 33, 40}) check<TypeParam>(image(2, 6, 9, in, out, 3, 1, 1, 1, 1));
}

// one or two channels: lanes along the positions of a row
TYPED_TEST(convolution_test, narrow) {
    ASSERT_EQ(forward_work(with_output(image(2, 9, 28, 2, 1, 7, 1, 1, 3, 3))).method(), convolution_method::narrow);
    for (int in : {1, 2, 9})
        for (int out : {1, 2}) check<TypeParam>(image(2, 6, 29, in, out, 3, 1, 1, 1, 1));
    for (int width : {8, 9, 15, 16, 17, 31, 33, 70}) check<TypeParam>(image(1, 4, width, 2, 1, 7, 1, 1, 3, 3));
    for (int dilation : {1, 2})
        for (auto [before, after] : {std::array{0, 0}, {0, 2}, {3, 1}})
            check<TypeParam>(image(2, 5, 19, 2, 2, 3, 1, dilation, before, after));
    check<TypeParam>(image(1, 1, 20, 2, 1, 1, 1, 1, 2, 0));
    check<TypeParam>(image(1, 40, 70, 2, 1, 7, 1, 1, 3, 3));  // of two bands
}

TYPED_TEST(convolution_test, groups) {
    for (int stride : {1, 2})
        for (int pad : {0, 1}) {
            check<TypeParam>(image(2, 7, 9, 6, 9, 3, stride, 1, pad, pad, 3));
            check<TypeParam>(image(1, 7, 9, 8, 66, 3, stride, 2, pad, 2, 2));
            check<TypeParam>(image(2, 7, 19, 5, 5, 3, stride, 1, pad, pad, 5));  // depthwise
            check<TypeParam>(image(2, 7, 9, 37, 37, 3, stride, 2, pad, pad, 37));
            check<TypeParam>(image(2, 7, 9, 5, 15, 3, stride, 1, pad, pad, 5));       // with a multiplier
            check<TypeParam>(image(1, 5, 5, 512, 512, 3, stride, 1, pad, pad, 512));  // rows a power of two apart
        }
}

TYPED_TEST(convolution_test, pointwise) {
    check<TypeParam>(image(2, 5, 7, 9, 17, 1));
    check<TypeParam>(image(1, 5, 7, 9, 17, 1, 2));
}

TYPED_TEST(convolution_test, many_bands_and_packed_weights) {
    check<TypeParam>(image(20, 28, 28, 8, 16, 3, 1, 1, 1, 1));
    check<TypeParam>(image(1, 30, 56, 40, 72, 3, 1, 1, 1, 1));
    check<TypeParam>(image(1, 30, 56, 40, 72, 3, 2, 1, 1, 1));
    check<TypeParam>(image(1, 9, 9, 130, 140, 3));
    check<TypeParam>(image(300, 12, 12, 3, 7, 3, 1, 1, 1, 1));  // more than 32 shares with a room of their own
    check<TypeParam>(image(17, 37, 20, 64, 5, 3, 1, 1, 1, 1));  // bands one after another
    check<TypeParam>(image(17, 37, 20, 64, 5, 5, 2, 1, 2, 1));
    check<TypeParam>(image(2, 90, 60, 70, 5, 3, 1, 1, 1, 1));  // images too large to be computed whole
    check<TypeParam>(image(18, 31, 17, 130, 130, 3, 2, 1, 1, 1, 130));
}

TYPED_TEST(convolution_test, one_dimension_and_three) {
    convolution_shape line;
    line.count = 3, line.in[2] = 50, line.in_channels = 4, line.out_channels = 6;
    line.w.kernel[2] = 5, line.w.stride[2] = 2, line.w.before[2] = 4, line.w.dilation[2] = 2;
    check<TypeParam>(line);
    for (int stride : {1, 2}) {
        convolution_shape volume;
        volume.count = 2, volume.in_channels = 3, volume.out_channels = 4;
        volume.in[0] = 5, volume.in[1] = 6, volume.in[2] = 7;
        volume.w.kernel[0] = 3, volume.w.kernel[1] = 2, volume.w.kernel[2] = 3;
        volume.w.stride[0] = stride, volume.w.stride[1] = 2, volume.w.stride[2] = 1;
        volume.w.dilation[0] = 1, volume.w.dilation[1] = 3, volume.w.dilation[2] = 2;
        volume.w.before[0] = 1, volume.w.after[0] = 0, volume.w.before[1] = 2, volume.w.after[2] = 3;
        check<TypeParam>(volume);
        volume.in_channels = volume.out_channels = volume.groups = 6;
        check<TypeParam>(volume);
    }
}

}  // namespace
