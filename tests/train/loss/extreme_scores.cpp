// Losses of infinite and of very large scores, and of NaN: one body for both backends, in float.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/bce_with_logits.hpp>
#include <tessera/train/loss/cosine_embedding.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/hinge.hpp>
#include <tessera/train/loss/huber.hpp>
#include <tessera/train/loss/kl_divergence.hpp>
#include <tessera/train/loss/multi_class_hinge.hpp>
#include <tessera/train/loss/selected_output.hpp>
#include <tessera/train/loss/soft_cross_entropy.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();

template <class Backend> struct extreme_scores : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(extreme_scores, backends);

struct scores : network<identity, shape<3>> {};
struct score : network<identity, shape<1>> {};
struct pairs : network<identity, in<"one", shape<2>>, in<"other", shape<2>>> {};

using row = std::array<float, 3>;

void expect_same(double found, double wanted, const char* what) {
    if (std::isfinite(wanted))
        EXPECT_NEAR(found, wanted, 1e-6 * (1 + std::abs(wanted))) << what;
    else if (std::isnan(wanted))
        EXPECT_TRUE(std::isnan(found)) << what << ' ' << found;
    else
        EXPECT_EQ(found, wanted) << what;
}

template <class Model> void expect(const Model& m, double loss, const std::vector<double>& gradient) {
    expect_same(static_cast<double>(m.losses()[0]), loss, "loss");
    const auto found = m.gradient();
    ASSERT_EQ(found.size(), gradient.size());
    for (std::size_t i = 0; i < gradient.size(); ++i)
        expect_same(static_cast<double>(found[i]), gradient[i], "gradient");
}

template <class Net, class Backend, class Loss>
using explained = model<Net, Backend, batch<1>, float, gradients_of<Loss>>;

constexpr double low = 0.2689414213699951;  // softmax of {1, 2}: low, 1 - low

TYPED_TEST(extreme_scores, cross_entropy_of_another_class_at_minus_infinity) {
    explained<scores, TypeParam, cross_entropy> m;
    m(row{-inf, 1, 2}, std::array{2});
    expect(m, 0.31326168751822286, {0, low, -low});
    m(row{-inf, 1, 2}, std::array{0});
    expect(m, inf, {-1, low, 1 - low});
    m(row{1e7F, 1e7F, -3e38F}, std::array{0});
    expect(m, std::log(2.0), {-0.5, 0.5, 0});
    m(row{1, nan, 2}, std::array{0});
    expect(m, nan, {nan, nan, nan});
    m(row{1, inf, 2}, std::array{0});
    expect(m, nan, {nan, nan, nan});
}

TYPED_TEST(extreme_scores, cross_entropy_with_options) {
    explained<scores, TypeParam, cross_entropy_with<label_smoothing<0.3>>> smooth;
    smooth(row{-inf, 1, 2}, std::array{2});
    expect(smooth, inf, {-0.1, low - 0.1, 1 - low - 0.8});
    explained<scores, TypeParam, cross_entropy_with<class_weights<0, 1, 2>>> weighted;
    weighted(row{-inf, 1, 2}, std::array{0});
    expect(weighted, 0, {0, 0, 0});
    weighted(row{-inf, 1, 2}, std::array{2});
    expect(weighted, 2 * 0.31326168751822286, {0, 2 * low, -2 * low});
}

TYPED_TEST(extreme_scores, soft_cross_entropy_of_a_class_at_minus_infinity) {
    explained<scores, TypeParam, soft_cross_entropy> m;
    m(row{-inf, 1, 2}, row{0, 0.5F, 0.5F});
    expect(m, 0.5 * 0.31326168751822286 + 0.5 * 1.3132616875182228, {0, low - 0.5, 1 - low - 0.5});
    m(row{-inf, 1, 2}, row{0.5F, 0.5F, 0});
    expect(m, inf, {-0.5, low - 0.5, 1 - low});
    m(row{0, 1, 2}, row{nan, 0, 1});
    expect(m, nan, {nan, nan, nan});
}

TYPED_TEST(extreme_scores, kl_divergence_of_a_class_without_probability) {
    explained<scores, TypeParam, kl_divergence> m;
    const auto logarithm = static_cast<float>(std::log(0.5));
    m(row{-inf, logarithm, logarithm}, row{0, 0.5F, 0.5F});
    expect(m, 0, {0, -0.5, -0.5});
    m(row{-inf, logarithm, logarithm}, row{0.5F, 0.5F, 0});
    expect(m, inf, {-0.5, -0.5, 0});
    m(row{0, 0, 0}, row{nan, 0, 1});
    expect(m, nan, {nan, 0, -1});
}

TYPED_TEST(extreme_scores, bce_with_logits) {
    explained<score, TypeParam, bce_with_logits> m;
    const auto expect_at = [&](float x, float t, double loss, double gradient) {
        m(std::array{x}, std::array{t});
        expect(m, loss, {gradient});
    };
    expect_at(3e38F, 1, 0, 0);
    expect_at(3e38F, 0, 3e38F, 1);
    expect_at(-3e38F, 0, 0, 0);
    expect_at(-3e38F, 1, 3e38F, -1);
    expect_at(3e38F, 0.25F, 0.75 * 3e38F, 0.75);
    expect_at(inf, 1, 0, 0);
    expect_at(inf, 0, inf, 1);
    expect_at(-inf, 0, 0, 0);
    expect_at(-inf, 1, inf, -1);
    expect_at(0, 1, std::log(2.0), -0.5);
    expect_at(nan, 0, nan, nan);
    expect_at(0, nan, nan, nan);
}

TYPED_TEST(extreme_scores, huber) {
    explained<score, TypeParam, huber<2>> m;
    m(std::array{inf}, std::array{1.0F});
    expect(m, inf, {2});
    m(std::array{-inf}, std::array{1.0F});
    expect(m, inf, {-2});
    m(std::array{nan}, std::array{1.0F});
    expect(m, nan, {nan});
}

TYPED_TEST(extreme_scores, hinges) {
    explained<score, TypeParam, hinge> m;
    m(std::array{inf}, std::array{1.0F});
    expect(m, 0, {0});
    m(std::array{-inf}, std::array{1.0F});
    expect(m, inf, {-1});
    m(std::array{nan}, std::array{1.0F});
    expect(m, nan, {nan});

    explained<scores, TypeParam, multi_class_hinge> many;
    many(row{-inf, 1, 2}, std::array{2});
    expect(many, 0, {0, 0, 0});
    many(row{0, 1, inf}, std::array{2});
    expect(many, 0, {0, 0, 0});
    many(row{0, inf, 1}, std::array{2});
    expect(many, inf, {0, 1.0 / 3, -1.0 / 3});
    many(row{nan, 0, 5}, std::array{2});
    expect(many, nan, {nan, 0, nan});
}

TYPED_TEST(extreme_scores, selected_output_among_infinite_ones) {
    explained<scores, TypeParam, selected_output> m;
    m(row{-inf, 3, inf}, std::array{1});
    expect(m, 3, {0, 1, 0});
    m(row{-inf, 3, inf}, std::array{2});
    expect(m, inf, {0, 0, 1});
}

TYPED_TEST(extreme_scores, cosine_embedding_of_long_vectors) {
    explained<pairs, TypeParam, cosine_embedding<>> m;
    m(std::array{1e15F, 0.0F}, std::array{3e15F, 4e15F}, std::array{1.0F});
    expect(m, 0.4, {0, -0.8e-15});
    m(std::array{1.0F, 0.0F}, std::array{1.0F, 0.0F}, std::array{nan});
    expect_same(static_cast<double>(m.losses()[0]), nan, "loss");
}

}  // namespace
