// Constants with axes: values that are known when compiling, what is computed from them alone, and where they stand.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr std::array<double, 6> squares() {
    std::array<double, 6> a{};
    for (int i = 0; i < 6; ++i) a[static_cast<std::size_t>(i)] = i * i;
    return a;
}

// as operands of a product and a sum, of an array, and as what is computed from them alone
inline constexpr auto tables = [](value x) {
    const value weighed = einsum("i,io->o", x, constant({1, 2, 3, 4, 5, 6}, {2, 3})) + iota(3, 10, 10);
    const value turned = permute(constant(squares(), {2, 3}).with(x), {1, 0}) * 2 + 1;  // (3, 2)
    const value row = reshape(slice(turned, 0, 1, 1), {2});
    return concatenate({weighed, einsum("i,oi->o", x, turned), row + x});
};
struct of_tables : network<tables, shape<2>> {};
// x = (1, -2): x k + (10, 20, 30), x t', t[1] + x of t = (1, 19), (3, 33), (9, 51)
constexpr float wanted[] = {3, 12, 21, -37, -63, -93, 4, 31};

template <class Backend> class constants : public testing::Test {};
using backends = testing::Types<backend::scalar_on_heap, backend::simd>;
TYPED_TEST_SUITE(constants, backends);

TYPED_TEST(constants, are_operands_like_any_other) {
    auto m = std::make_unique<model<of_tables, TypeParam, batch<3>>>();
    const std::vector<float> x{1, -2, 0, 0, 1, -2};
    const auto y = (*m)(x);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(y[i], wanted[i]) << i;
        EXPECT_EQ(y[16 + i], wanted[i]) << i;
    }
}

constexpr bool holds_while_compiling() {
    model<of_tables, backend::scalar> m;
    const float x[] = {1, -2};
    const auto y = m(x);
    for (std::size_t i = 0; i < 8; ++i)
        if (y[i] != wanted[i]) return false;
    return true;
}
static_assert(holds_while_compiling());

template <class Program> constexpr int count_of(op kind) {
    int n = 0;
    for (int i = 0; i < Program::nodes; ++i) n += Program::graph.nodes[i].kind == kind;
    return n;
}
using program_of_tables = program<of_tables, backend::scalar>;
static_assert(count_of<program_of_tables>(op::permute) == 0 && count_of<program_of_tables>(op::slice) == 0,
              "what is computed from constants alone is computed while compiling");
static_assert(count_of<program_of_tables>(op::parameter) == 0);
// 6, 3, 6 and 2 numbers, each constant on a line of its own
static_assert(program_of_tables::places.constant_elements == 4 * variable_alignment);

// results are memory of the call, never the program's
inline constexpr auto shown = [](value x) { return values{x + 0, iota(4, 1, 0.5).with(x)}; };
struct of_shown : network<shown, shape<2>> {};

TYPED_TEST(constants, may_be_results) {
    auto m = std::make_unique<model<of_shown, TypeParam>>();
    (*m)(std::vector<float>{1, 2});
    const auto y = m->output(1);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(y[i], 1 + 0.5F * static_cast<float>(i));
}

// in a loop, as its first carry, gathered from, and a factor of what is differentiated
inline constexpr auto looped = [](const values& in) {
    const value rows = gather(constant({1, 2, 10, 20, 100, 200}, {3, 2}).with(in[1]), in[1]);  // (T, 2)
    const value decay = constant({0.5, 0.25}, {2}).with(in[0]);
    return scan([&](value h, value x) { return h * decay + x; }, constant({4, 8}, {2}).with(in[0]), rows * in[0]);
};
struct of_looped : network<looped, in<"x", shape<3, 2>>, in<"token", shape<3>, int32>> {};

TYPED_TEST(constants, in_loops_and_tables) {
    auto m = std::make_unique<model<of_looped, TypeParam>>();
    const auto y = (*m)(std::vector<float>{1, 1, 1, 1, 1, 1}, std::vector<std::int32_t>{2, 0, 1});
    const float h[] = {102, 202, 52, 52.5F, 36, 33.125F};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(y[i], h[i]) << i;
}

inline constexpr auto trained = [](value x) {
    return einsum("i,io->o", x * parameter("scale", {2}, initial::constant(3)), constant({1, 2, 3, 4, 5, 6}, {2, 3})) *
           constant({1, 0.5, 2}, {3});
};
struct of_trained : network<trained, shape<2>> {};

TYPED_TEST(constants, pass_gradients_on) {
    auto m = std::make_unique<model<of_trained, TypeParam>>();
    auto t = std::make_unique<trainer<model<of_trained, TypeParam>, squared_error, sgd>>(*m);
    const std::vector<float> x{1, -2};
    t->compute(x, std::vector<float>{0, 0, 0});
    // y = 3 (-7, -4, -18), d y / d scale_i = x_i k_io c_o; the loss is the mean of squares
    const auto g = t->gradients();
    EXPECT_FLOAT_EQ(g[0], 2.0F / 3 * (-21 * 1 + -12 * 1 + -54 * 6));
    EXPECT_FLOAT_EQ(g[1], 2.0F / 3 * -2 * (-21 * 4 + -12 * 2.5F + -54 * 12));
}

}  // namespace
