// Infinities and NaN in fixed kernels of softmax and maxima: what the kernels driven by data make of them.
#include <limits>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/layers/activation/log_softmax.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/pool.hpp>

#include "agreement.hpp"

namespace {

using namespace tessera;
using namespace tessera::fixed_kernels;

// The same bits as from the kernels driven by data, which a batch that is not full has.
template <class Net, class Real> void expect_equal(const std::vector<Real>& x) {
    model<Net, backend::simd, Real> tested(1);
    model<Net, backend::simd, Real, batch<2>> by_data(1);
    const auto found = tested(x), wanted = by_data(x);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (std::isnan(wanted[i])) {
            EXPECT_TRUE(std::isnan(found[i])) << i;
        } else if (std::isinf(wanted[i]) || wanted[i] == 0) {
            EXPECT_EQ(found[i], wanted[i]) << i;
        } else {
            EXPECT_NEAR(found[i], wanted[i], 1e-6) << i;
        }
    }
}
template <auto Layers, class Real, int Width> void of_special_numbers() {
    using net = of<Layers, Width>;
    constexpr Real inf = std::numeric_limits<Real>::infinity(), nan = std::numeric_limits<Real>::quiet_NaN();
    constexpr std::size_t end = Width - 1;
    const auto changed = [](std::size_t at, Real to) {
        std::vector<Real> x(static_cast<std::size_t>(Width), Real(0.5));
        x[at] = to;
        return x;
    };
    for (const Real special : {-inf, inf, nan}) {
        expect_equal<net>(changed(0, special));
        expect_equal<net>(changed(end, special));
        expect_equal<net>(changed(end / 2, special));
    }
    expect_equal<net>(std::vector<Real>(static_cast<std::size_t>(Width), -inf));
    expect_equal<net>(std::vector<Real>(static_cast<std::size_t>(Width), nan));
}
TEST(fixed_special_numbers, softmax_of_special_numbers) {
    of_special_numbers<softmax, float, 1>();
    of_special_numbers<softmax, float, 5>();
    of_special_numbers<softmax, double, 19>();
    of_special_numbers<softmax, float, 100>();
    of_special_numbers<log_softmax, float, 5>();
    of_special_numbers<log_softmax, double, 100>();
}
inline constexpr auto folded_window = [](value x) { return max_pool<3, stride<2>, pad<1>>(reshape(x, {7, 3})); };
inline constexpr auto plain_window = [](value x) { return max_pool<3>(reshape(x, {7, 3})); };
inline constexpr auto largest_number = [](value x) { return max(x, last); };
TEST(fixed_special_numbers, maxima_of_special_numbers) {
    of_special_numbers<folded_window, float, 21>();
    of_special_numbers<plain_window, double, 21>();
    of_special_numbers<largest_number, float, 37>();
    of_special_numbers<largest_number, double, 3>();
}

}  // namespace
