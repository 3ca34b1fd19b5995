// A depthwise separable convolution is a grouped one and a 1 by 1 one, for 1 / N + 1 / 9 of the cost. Howard et al.
// 2017.
#include "mobilenet.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;

inline constexpr int in_channels = 8, out_channels = 16;
using image = shape<7, 7, in_channels>;
struct separable_one : network<(depthwise_conv<3, 1, pad<1>, no_bias> >> conv<out_channels, 1, no_bias>), image> {};
struct grouped_one
    : network<(conv<in_channels, 3, pad<1>, groups<in_channels>, no_bias> >> conv<out_channels, 1, no_bias>), image> {};
struct full_one : network<conv<out_channels, 3, pad<1>, no_bias>, image> {};
static_assert(separable_one::macs * 9 * out_channels == full_one::macs * (9 + out_channels));

TEST(mobilenet, separable_is_grouped_and_pointwise) {
    ASSERT_EQ(separable_one::parameter_count, grouped_one::parameter_count);
    model<separable_one, backend::scalar, batch<1>, double> separable;
    model<grouped_one, backend::scalar, batch<1>, double> grouped;
    for (std::size_t i = 0; i < separable.parameters().size(); ++i)
        separable.parameters()[i] = grouped.parameters()[i] = std::cos(static_cast<double>(i));
    std::vector<double> x(7 * 7 * in_channels);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
    const auto a = separable(x), b = grouped(x);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]);
}

}  // namespace
