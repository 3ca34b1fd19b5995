// Normalisation of what is large and varies little, in float on both backends, against double.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;

template <class Backend> class normalisation : public testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(normalisation, backends);

constexpr int rows = 3, features = 111;

struct layer : network<layer_norm, shape<rows, features>> {};

// element i of a row: all equal; around 1e4, with a deviation of 7e-3; a million
float element(int row, int i) {
    const auto wave = static_cast<float>(std::sin(static_cast<double>(i) * i));
    return row == 0 ? 100.3F : row == 1 ? 1e4F + 0.01F * wave : 1e6F + wave;
}

struct moments {
    double mean = 0, variance = 0;
};
moments of_row(int row, int count) {
    moments m;
    for (int i = 0; i < count; ++i) m.mean += static_cast<double>(element(row, i)) / count;
    for (int i = 0; i < count; ++i) m.variance += std::pow(static_cast<double>(element(row, i)) - m.mean, 2) / count;
    return m;
}

TYPED_TEST(normalisation, is_right_where_the_deviation_is_a_millionth_of_the_mean) {
    model<layer, TypeParam> net(1);
    std::vector<float> x;
    for (int r = 0; r < rows; ++r)
        for (int i = 0; i < features; ++i) x.push_back(element(r, i));
    const auto y = net(x);
    for (int r = 0; r < rows; ++r) {
        const moments m = of_row(r, features);
        for (int i = 0; i < features; ++i) {
            const double wanted = (static_cast<double>(element(r, i)) - m.mean) / std::sqrt(m.variance + 1e-5);
            const auto at = static_cast<std::size_t>(r * features + i);
            if (r == 0)
                ASSERT_EQ(y[at], 0) << i;
            else
                ASSERT_NEAR(y[at], wanted, 2e-6) << r << " " << i;
        }
    }
}

// channel r of sample i is element i of row r; the running statistics become those of the batch
struct channels : network<batch_norm_with<1e-5, 1.0>, shape<rows>> {};

TYPED_TEST(normalisation, keeps_the_variance_of_the_batch) {
    constexpr int samples = 64;
    model<channels, TypeParam, batch<samples>> net(1);
    trainer<decltype(net), squared_error, sgd> train(net);
    std::vector<float> x, target(rows * samples);
    for (int i = 0; i < samples; ++i)
        for (int r = 0; r < rows; ++r) x.push_back(element(r, i));
    train.step(0, x, target);
    for (int r = 0; r < rows; ++r) {
        const moments m = of_row(r, samples);
        const auto channel = static_cast<std::size_t>(r);
        const auto state = [&](int i) {
            return net.states()[static_cast<std::size_t>(channels::table.states[i].offset) + channel];
        };
        EXPECT_EQ(state(0), static_cast<float>(m.mean));
        const double unbiased = m.variance * samples / (samples - 1);
        EXPECT_NEAR(state(1), unbiased, r == 0 ? 0 : 1e-6 * unbiased);
    }
}

}  // namespace
