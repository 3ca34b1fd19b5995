#include <gtest/gtest.h>

#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/model.hpp>
#include <tessera/train/early_stopping.hpp>

namespace {

using namespace tessera;

struct net : network<(dense<2> >> batch_norm), shape<2>> {};
using small = model<net, backend::scalar>;

TEST(early_stopping, keeps_the_best) {
    small m(1);
    early_stopping<small> stopping(2, 0);
    const auto observe = [&](float mark, double loss) {
        m.parameters()[0] = mark;
        m.states()[0] = -mark;
        return stopping.observe(m, loss);
    };
    EXPECT_TRUE(observe(1, 0.5));
    EXPECT_FALSE(observe(2, 0.6));
    EXPECT_FALSE(stopping.exhausted());
    EXPECT_TRUE(observe(3, 0.4));
    EXPECT_FALSE(observe(4, 0.4));
    EXPECT_FALSE(stopping.exhausted());
    EXPECT_FALSE(observe(5, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_TRUE(stopping.exhausted());
    stopping.restore(m);
    EXPECT_EQ(m.parameters()[0], 3);
    EXPECT_EQ(m.states()[0], -3);
}

TEST(early_stopping, a_small_gain_does_not_count) {
    small m(1);
    early_stopping<small> stopping(1, 0.1);
    EXPECT_TRUE(stopping.observe(m, 1));
    EXPECT_FALSE(stopping.observe(m, 0.95));
    EXPECT_TRUE(stopping.exhausted());
    EXPECT_TRUE(stopping.observe(m, 0.8));
    EXPECT_FALSE(stopping.exhausted());
}

TEST(early_stopping, without_patience_it_only_compares) {
    small m(1);
    early_stopping<small> stopping(0, 0);
    EXPECT_FALSE(stopping.observe(m, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_TRUE(stopping.observe(m, 1));
    m.parameters()[0] = 7;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(stopping.observe(m, 2));
    EXPECT_FALSE(stopping.exhausted());
    stopping.restore(m);
    EXPECT_EQ(m.parameters()[0], 7);
}

TEST(early_stopping, an_infinite_loss_is_no_beginning) {
    small m(1);
    early_stopping<small> stopping(2, 0);
    m.parameters()[0] = 7;
    EXPECT_FALSE(stopping.observe(m, std::numeric_limits<double>::infinity()));
    EXPECT_TRUE(stopping.observe(m, -1));
    EXPECT_FALSE(stopping.observe(m, -1));
    EXPECT_TRUE(stopping.observe(m, -2));
}

TEST(early_stopping, restores_nothing_where_none_was_any_good) {
    small m(1);
    early_stopping<small> stopping(1, 0);
    stopping.observe(m, std::numeric_limits<double>::quiet_NaN());
    m.parameters()[0] = 7;
    EXPECT_TRUE(stopping.exhausted());
    stopping.restore(m);
    EXPECT_EQ(m.parameters()[0], 7);
}

}  // namespace
