#include <tessera/ir/add_loss.hpp>
//
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;

inline constexpr auto penalised = [](value x) {
    add_loss(0.5 * sum(x * x));
    return x;
};
struct net : network<(dense<2, no_bias> >> penalised), shape<2>> {};
struct bare : network<dense<2, no_bias>, shape<2>> {};

TEST(add_loss, counts_in_training) {
    using trained = model<net, backend::scalar, batch<2>, double>;
    trained m;
    const double weight[] = {1, 2, 3, 4}, x[] = {1, 1, 2, 0}, target[] = {4, 6, 2, 4};
    std::ranges::copy(weight, m.parameter("0.weight").begin());
    trainer<trained, squared_error, sgd> t(m);
    EXPECT_DOUBLE_EQ(t.compute(x, target), (0.5 * (16 + 36) + 0.5 * (4 + 16)) / 2);
    // of the penalty alone, since the outputs are the targets: mean of x_i y_o
    EXPECT_DOUBLE_EQ(t.gradients()[0], (1 * 4 + 2 * 2) / 2.0);
    EXPECT_DOUBLE_EQ(t.gradients()[1], (1 * 6 + 2 * 4) / 2.0);
    EXPECT_DOUBLE_EQ(t.gradients()[2], 1 * 4 / 2.0);
    EXPECT_LT(gradient_check<net>().error, 1e-7);
}
TEST(add_loss, costs_nothing_in_inference) {
    EXPECT_EQ((model<net, backend::scalar>::program_type::nodes), (model<bare, backend::scalar>::program_type::nodes));
}

}  // namespace
