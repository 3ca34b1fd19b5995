#include <tessera/train/optimiser/all_finite.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tessera {
namespace {

template <class T> void expect_finds_every_one() {
    using limit = std::numeric_limits<T>;
    std::vector<T> list{0, -T(0), 1, -limit::max(), limit::max(), limit::denorm_min(), limit::min(), 3, 4, 5, 6};
    EXPECT_TRUE(all_finite(std::span<const T>(list)));
    for (T& x : list)
        for (T bad : {limit::infinity(), -limit::infinity(), limit::quiet_NaN(), -limit::quiet_NaN()}) {
            const T good = x;
            x = bad;
            EXPECT_FALSE(all_finite(std::span<const T>(list))) << &x - list.data() << ": " << bad;
            x = good;
        }
    EXPECT_TRUE(all_finite(std::span<const T>()));
}

TEST(all_finite, finds_whatever_is_not) {
    expect_finds_every_one<float>();
    expect_finds_every_one<double>();
}

}  // namespace
}  // namespace tessera
