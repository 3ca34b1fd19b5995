// einsum beyond two operands with a letter an axis: ellipses, three operands, diagonals; on both backends against loops.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto equations = [](value x, value y) {  // x (2, 3, 3), y (3, 4), which lacks the axis of the ellipsis
    const value w = parameter("w", {3, 4}).with(x);
    return values{einsum("...i,io->...o", x, w),
                  einsum("...ij,...jk->...ik", x, y),
                  einsum("abi,ij,bj->ab", x, w, y),
                  einsum("bii->bi", x),
                  einsum("bii->", x),
                  einsum("bii,ij->jb", x, w),
                  einsum("i...i->...", permute(x, {1, 0, 2}))};
};
struct of_equations : network<equations, in<"x", shape<2, 3, 3>>, in<"y", shape<3, 4>>> {};

// element i of an output
template <class Model> float element_of(const Model& m, int output, int i) {
    return m.output(output)[static_cast<std::size_t>(i)];
}

template <class Backend> struct equations_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(equations_on, backends);

TYPED_TEST(equations_on, with_ellipses_diagonals_and_three_operands) {
    auto m = std::make_unique<model<of_equations, TypeParam, batch<2>>>(3);
    std::vector<float> x, y;
    for (int i = 0; i < 2 * 18; ++i) x.push_back(std::sin(static_cast<float>(3 * i)));
    for (int i = 0; i < 2 * 12; ++i) y.push_back(std::cos(static_cast<float>(5 * i)));
    (*m)(x, y);
    const auto parameters = m->parameters();
    for (int s = 0; s < 2; ++s) {
        const auto of_x = [&](int b, int i, int j) { return x[static_cast<std::size_t>(s * 18 + b * 9 + i * 3 + j)]; };
        const auto of_y = [&](int j, int k) { return y[static_cast<std::size_t>(s * 12 + j * 4 + k)]; };
        const auto of_w = [&](int j, int k) { return parameters[static_cast<std::size_t>(j * 4 + k)]; };
        float trace = 0;
        for (int b = 0; b < 2; ++b)
            for (int i = 0; i < 3; ++i) {
                float both = 0;
                for (int k = 0; k < 4; ++k) {
                    float by_w = 0, by_y = 0;
                    for (int j = 0; j < 3; ++j) {
                        by_w += of_x(b, i, j) * of_w(j, k);
                        by_y += of_x(b, i, j) * of_y(j, k);
                    }
                    EXPECT_NEAR(element_of(*m, 0, s * 24 + b * 12 + i * 4 + k), by_w, 1e-5F);
                    EXPECT_NEAR(element_of(*m, 1, s * 24 + b * 12 + i * 4 + k), by_y, 1e-5F);
                    both += by_w * of_y(i, k);
                }
                EXPECT_NEAR(element_of(*m, 2, s * 6 + b * 3 + i), both, 1e-5F);
                EXPECT_EQ(element_of(*m, 3, s * 6 + b * 3 + i), of_x(b, i, i));
                trace += of_x(b, i, i);
            }
        EXPECT_NEAR(element_of(*m, 4, s), trace, 1e-5F);
        for (int j = 0; j < 4; ++j)
            for (int b = 0; b < 2; ++b) {
                float sum = 0;
                for (int i = 0; i < 3; ++i) sum += of_x(b, i, i) * of_w(i, j);
                EXPECT_NEAR(element_of(*m, 5, s * 8 + j * 2 + b), sum, 1e-5F);
            }
        for (int b = 0; b < 2; ++b)
            EXPECT_NEAR(element_of(*m, 6, s * 2 + b), of_x(b, 0, 0) + of_x(b, 1, 1) + of_x(b, 2, 2), 1e-5F);
    }
}
TEST(equations, have_exact_gradients) { EXPECT_LT(gradient_check<of_equations>().error, 1e-6); }

// the product that is cheap is made first: (32) (32, 32) before the outer product, whatever the order as written
template <int Order>
inline constexpr auto chained = [](value x) {
    const value a = parameter("a", {32, 32}).with(x), v = parameter("v", {32}).with(x);
    if (Order == 0) return einsum("ij,jk,k->i", einsum("i,j->ij", x, x), a, v);
    if (Order == 1) return einsum("k,ij,jk->i", v, einsum("i,j->ij", x, x), a);
    return einsum("jk,k,ij->i", a, v, einsum("i,j->ij", x, x));
};
template <int Order> struct chain_of : network<chained<Order>, shape<32>> {};
template <int Order> constexpr double products() {
    double total = 0;
    const auto view = chain_of<Order>::table.view();
    for (int i = 0; i < chain_of<Order>::table.node_count; ++i)
        if (view[i].kind == op::einsum) total += einsum_operation::macs(view, view[i]);
    return total;
}
static_assert(products<0>() == 3 * 32 * 32 && products<1>() == 3 * 32 * 32 && products<2>() == 3 * 32 * 32);

// what is refused
template <fixed_text Equation> inline constexpr auto of_one = [](value x) { return einsum(Equation.view(), x); };
template <fixed_text Equation>
inline constexpr auto of_two = [](value x) { return einsum(Equation.view(), x, parameter("w", {4, 5})); };
template <fixed_text Equation>
inline constexpr auto of_three =
    [](value x) { return einsum(Equation.view(), x, parameter("w", {4, 5}), parameter("v", {5})); };
template <fixed_text Equation> constexpr text said_of_one = mistake<of_one<Equation>, 3, 4>().expected;
template <fixed_text Equation> constexpr text said_of_two = mistake<of_two<Equation>, 3, 4>().expected;
template <fixed_text Equation> constexpr text said_of_three = mistake<of_three<Equation>, 3, 4>().expected;
static_assert(said_of_one<"ab->ba">.empty() && said_of_two<"...a,ab->...b">.empty());
static_assert(said_of_three<"ab,bc,c->a">.empty());
static_assert(said_of_one<"ij->ij..."> == "an ellipsis in an operand, as in the result");
static_assert(said_of_one<"aa->a"> == "equal extents for label 'a'");
static_assert(said_of_one<"a..->a"> == "letters, and '...' at most once in an operand");
static_assert(said_of_one<"...a...->a"> == "letters, and '...' at most once in an operand");
static_assert(said_of_one<"ab->aba"> == "labels that occur once in the result");
static_assert(said_of_one<"...abc->a"> == "an equation 'abc->ca' for (3, 4)");
static_assert(said_of_one<"ab,bc->ac"> == "an equation 'abc->ca' for (3, 4)");
static_assert(said_of_two<"ab,bc,cd->ad"> == "an equation 'ab,bc->ac'");
static_assert(said_of_two<"...,...->..."> == "equal extents for an axis of '...'");
static_assert(said_of_three<"ab,bc->ac"> == "an equation 'ab,bc,cd->ad'");
static_assert(said_of_three<"ab,bc,b->a"> == "equal extents for label 'b'");

}  // namespace
