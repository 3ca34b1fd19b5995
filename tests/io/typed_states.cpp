// States of a width of their own: trained, saved and loaded with all their digits.
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/io/checkpoint.hpp>
#include <tessera/io/mapped_weights.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <tessera/weights_of.hpp>
#include <vector>

namespace {

using namespace tessera;
namespace fs = std::filesystem;

// counts in float64 what it has seen, and compares in it
inline constexpr auto counted = [](value x) {  // (3)
    const value seen = state<float64>("seen", {3}, 0.1).with(x), calls = state("calls", {}).with(x);
    update(seen, seen + batch_sum(cast<float64>(x)));
    update(calls, calls + 1);
    return cast<float64>(dense<2>(x)) * 1.5;
};
struct net : network<counted, shape<3>> {};
template <class Real = float> using counting = model<net, backend::scalar, batch<2>, Real>;

// (2, 3) and targets (2, 2), which have the width of what they are compared with
const std::vector<float> x{1e9f, 1, 2, 3, 4, 5};
const std::vector<double> targets{0.1, 0.2, 0.3, 0.4};

struct typed_states : testing::Test {
    const tests::temporary_folder own;
    const fs::path file = own.path() / "net.safetensors";
};

TEST_F(typed_states, a_file_holds_all_their_digits) {
    counting<> from(3), to(4);
    from(x);
    from(x);
    ASSERT_EQ(from.state<float64>("seen")[0], 0.1 + 2 * (1e9 + 3));
    save(from, file);
    load(to, file);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(to.state<float64>("seen")[i], from.state<float64>("seen")[i]);
    EXPECT_EQ(to.state("calls")[0], 2);
    counting<double> wide;
    load(wide, file);
    EXPECT_EQ(wide.state<float64>("seen")[0], from.state<float64>("seen")[0]);
}
TEST_F(typed_states, weights_begin_as_models_do) {
    const weights_of<net> weights(3);
    model<net, backend::scalar, borrowed> m{weights_view<net>(weights)};
    EXPECT_EQ(m.state<float64>("seen")[1], 0.1);
}
TEST_F(typed_states, a_mapped_file_has_them_too) {
    counting<> from(3);
    from(x);
    save_for_mapping(from, file);
    const mapped_weights<net> mapped(file);
    counting<> other;
    load(other, file);
    EXPECT_EQ(other.state<float64>("seen")[0], from.state<float64>("seen")[0]);
    EXPECT_EQ(mapped.parameters()[0], from.parameters()[0]);
}
TEST_F(typed_states, training_goes_on_where_a_checkpoint_was_made) {
    using trained = trainer<counting<>, squared_error, sgd>;
    counting<> first(3), second(5);
    trained a(first, sgd{.momentum = 0.9}), b(second, sgd{.momentum = 0.9});
    const std::vector<float> small{1, 0.5f, -1, 0.25f, 2, 1};
    float loss = a.step(0.01, small, targets);
    save_checkpoint(a, file);
    load_checkpoint(b, file);
    for (int k = 0; k < 5; ++k) {
        const float next = a.step(0.01, small, targets);
        EXPECT_LT(next, loss);
        EXPECT_EQ(b.step(0.01, small, targets), next);
        loss = next;
    }
    EXPECT_EQ(first.state<float64>("seen")[0], 0.1 + 6 * 1.25);
    EXPECT_EQ(second.state<float64>("seen")[0], first.state<float64>("seen")[0]);
    EXPECT_EQ(a.left_out(), 0);
}
// What is not finite in float64 is seen, and what only looks so as two halves is not.
TEST_F(typed_states, a_state_that_is_not_finite_is_put_back) {
    using trained = trainer<counting<>, squared_error, sgd>;
    counting<> m(3);
    trained t(m);
    m.state<float64>("seen")[1] = 1.0 + 0x1.fffffp-21;  // its low half is a NaN of float
    t.step(0.01, std::vector<float>{0, 0, 0}, std::vector<double>{0, 0});
    EXPECT_EQ(t.left_out(), 0);
    EXPECT_EQ(m.state("calls")[0], 1);
    m.state<float64>("seen")[1] = std::numeric_limits<double>::max();
    t.step(0.01, std::vector<float>{0, 1, 0}, std::vector<double>{1e300, 0});  // the loss overflows
    EXPECT_EQ(t.left_out(), 1);
    EXPECT_EQ(m.state<float64>("seen")[1], std::numeric_limits<double>::max());
    EXPECT_EQ(m.state("calls")[0], 1);
}

}  // namespace
