// Pointwise loops whose operands stand for several positions each, in front, in the middle and at the end, beside others
// that repeat: every extent below and above a vector, and more than a loop writes out; shared ones and those of each
// sample; starts in the middle of what one element stands for.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "../../erased_program.hpp"

namespace pointwise_test {

using namespace tessera;

// x (A, B) as functions (A, B, N) of each element, of one a row, of a table for all, of numbers that repeat
template <int N>
inline constexpr auto spread = [](value x) {
    const int a = x.extent(0), b = x.extent(1);
    const value each = reshape(x, {a, b, 1}), row = reshape(sum(x, last), {a, 1, 1});
    const value table = bind(*x.owner, parameter("table", {a, b, 1}, initial::normal(1))),
                repeated = bind(*x.owner, parameter("repeated", {N}, initial::normal(1)));
    return each * repeated + square(table) * each + row * table;
};
// the table alone, of all samples one: a loop of no sample
template <int N>
inline constexpr auto shared_spread = [](value x) {
    const value table = bind(*x.owner, parameter("table", {5, 3, 1}, initial::normal(1))),
                repeated = bind(*x.owner, parameter("repeated", {N}, initial::normal(1)));
    return sum(x) + table * repeated - square(table);
};
// as a prologue, which starts anywhere
template <int N> inline constexpr auto expanded = [](value x) { return dense<3>(reshape(spread<N>(x), {-1})); };

template <class Real> void compare(const erased::program<Real>& p, const erased::program<double>& exact) {
    erased::run_of<Real> tested(p);
    erased::run_of<double> oracle(exact);
    std::vector<Real> x(static_cast<std::size_t>(p.elements_of_input(0) * p.capacity));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(std::sin(1.7 * static_cast<double>(i)));
    const std::vector<double> same(x.begin(), x.end());
    const auto found = tested(x, p.capacity);
    const auto wanted = oracle(same, p.capacity);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(static_cast<double>(found[i]), wanted[i], sizeof(Real) == 4 ? 2e-5 : 1e-13) << i;
}
template <class Net, class Real, int Capacity> void compare() {
    compare(erased::program_of<program<Net, backend::simd, batch<Capacity>, Real>>(),
            erased::program_of<program<Net, backend::scalar, batch<Capacity>, double>>());
}

template <int N> struct spread_net : network<spread<N>, shape<7, 13>> {};
template <int N> struct shared_net : network<shared_spread<N>, shape<4>> {};
template <int N> struct expanded_net : network<expanded<N>, shape<7, 13>> {};

template <class N> class stretched : public testing::Test {};
template <int N> using number = std::integral_constant<int, N>;
using extents_to_test = testing::Types<number<2>, number<3>, number<8>, number<16>, number<17>, number<31>, number<63>,
                                       number<64>, number<70>>;
TYPED_TEST_SUITE(stretched, extents_to_test);

TYPED_TEST(stretched, operands_of_each_sample) {
    compare<spread_net<TypeParam::value>, float, 3>();
    compare<spread_net<TypeParam::value>, double, 2>();
}
TYPED_TEST(stretched, operands_of_all_samples) { compare<shared_net<TypeParam::value>, float, 3>(); }
TYPED_TEST(stretched, operands_of_a_prologue) { compare<expanded_net<TypeParam::value>, float, 3>(); }
TYPED_TEST(stretched, operands_of_one_sample) { compare<spread_net<TypeParam::value>, float, 1>(); }

// short enough for fixed kernels
template <int N> struct small_net : network<spread<N>, shape<2, 3>> {};
TYPED_TEST(stretched, operands_of_small_programs) { compare<small_net<TypeParam::value>, float, 1>(); }

// Operands whose blocks are short and no vectors that repeat: pairs of two axes, one between two others, columns of a view,
// beside one that is long. The samples have their own, or share one.
template <int N>
inline constexpr auto pairs = [](value x) {  // (3, N, 2) -> (3, N, N)
    const value rows = reshape(slice(x, 2, 0, 1), {3, N, 1}), columns = reshape(slice(x, 2, 1, 1), {3, 1, N});
    const value table = bind(*x.owner, parameter("table", {3, 1, N}, initial::normal(1))),
                each = bind(*x.owner, parameter("each", {3, N, N}, initial::normal(1)));
    return rows * columns + table * each - permute(rows * table, {0, 2, 1});
};
template <int N>
inline constexpr auto in_the_middle = [](value x) {  // (3, N, 2) -> (3, N, 5, 2)
    const value table = bind(*x.owner, parameter("table", {1, 5, 1}, initial::normal(1))),
                other = bind(*x.owner, parameter("other", {3, 1, 5, 2}, initial::normal(1)));
    return reshape(x, {3, N, 1, 2}) * table + other;
};
// as a prologue, which starts anywhere, and as a tail of rows
template <int N> inline constexpr auto pairs_before = [](value x) { return dense<3>(reshape(pairs<N>(x), {-1})); };
template <int N>
inline constexpr auto pairs_after = [](value x) {  // (3, N, 2) -> (3, N, N)
    return dense<N>(x) * reshape(slice(x, 2, 1, 1), {3, 1, N}) + reshape(slice(x, 2, 0, 1), {3, N, 1});
};
template <int N> struct pairs_net : network<pairs<N>, shape<3, N, 2>> {};
template <int N> struct middle_net : network<in_the_middle<N>, shape<3, N, 2>> {};
template <int N> struct pairs_before_net : network<pairs_before<N>, shape<3, N, 2>> {};
template <int N> struct pairs_after_net : network<pairs_after<N>, shape<3, N, 2>> {};

template <class N> class short_blocks : public testing::Test {};
using lengths = testing::Types<number<2>, number<5>, number<19>, number<66>>;
TYPED_TEST_SUITE(short_blocks, lengths);

TYPED_TEST(short_blocks, of_pairs) {
    compare<pairs_net<TypeParam::value>, float, 9>();
    compare<pairs_net<TypeParam::value>, double, 1>();
    compare<middle_net<TypeParam::value>, float, 9>();
}
TYPED_TEST(short_blocks, before_and_after_a_product) {
    compare<pairs_before_net<TypeParam::value>, float, 9>();
    compare<pairs_after_net<TypeParam::value>, float, 9>();
}

// Blocks that stay the same along an axis: of each sample and of each group, beside numbers that stand for a row; longer than
// what is written out at a time, and of lengths that it is no multiple of.
template <int N>
inline constexpr auto rows_again = [](value x) {  // (3, 301, N)
    const value group = mean(x, axes(1), keep_axes), sample = mean(group, axes(0), keep_axes),
                row = mean(x, last, keep_axes);
    return x * group + sample * row * parameter("all", {N}, initial::normal(1)) - group * row;
};
struct rows_of_6 : network<rows_again<6>, shape<3, 301, 6>> {};
struct rows_of_16 : network<rows_again<16>, shape<3, 301, 16>> {};
TEST(repeated_blocks, of_samples_and_groups) {
    compare<rows_of_6, double, 2>();
    compare<rows_of_16, double, 2>();
}

// Blocks of which every operand moves by a step from row to row: one number a row, one vector for all rows, which is no
// whole number of vectors long; alone, before a product and after it, in whose tiles rows are cut.
inline constexpr auto rows_in_line = [](value x) {  // (3, 17, 70)
    const value row = mean(x, last, keep_axes), all = bind(*x.owner, parameter("all", {70}, initial::normal(1)));
    const value y = dense<70>(x * row - all) * row + all;
    return y * (2 * row - all) + mean(y, last, keep_axes);
};
struct rows_of_70 : network<rows_in_line, shape<3, 17, 70>> {};
TEST(rows_of_blocks, move_by_a_step) {
    compare<rows_of_70, float, 3>();
    compare<rows_of_70, double, 1>();
}

// Masked by comparisons in the same loop, which leave no numbers 0 and 1: of zeros, infinities and NaN as apart.
inline constexpr auto masked_by_comparisons = [](value x) {
    const value limit = reversed(x, 0), large = 2 * x + 3;
    const value below = tessera::apply(detail::scalar_function::below, x, limit),
                positive = tessera::apply(detail::scalar_function::positive, x);
    return masked(positive, large) + 1000 * masked(below, large);
};
struct masked_net : network<masked_by_comparisons, shape<37>> {};
TEST(masks, that_are_comparisons) {
    model<masked_net> fast(1);
    model<masked_net, backend::scalar> plain(1);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float special[] = {0.0f, -0.0f, 1.5f, -2.5f, infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
    int numbers = 0;
    for (int shift = 0; shift < 7; ++shift) {
        std::vector<float> x(37);
        for (int i = 0; i < 37; ++i) x[static_cast<std::size_t>(i)] = special[(i * (shift + 1) + i / 7) % 7];
        const auto found = fast(x), wanted = plain(x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (std::isnan(wanted[i])) {
                EXPECT_TRUE(std::isnan(found[i])) << i;
                continue;
            }
            EXPECT_EQ(found[i], wanted[i]) << i;
            ++numbers;
        }
    }
    EXPECT_GT(numbers, 100);
}

// in vectors and after the last one
struct negated_net : network<([](value x) { return -x; }), shape<37>> {};
TEST(negate, a_zero_changes_its_sign) {
    model<negated_net> m(1);
    std::vector<float> x(37);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 3 == 0 ? -0.0f : 0.0f;
    const auto y = m(x);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NE(std::signbit(y[i]), std::signbit(x[i])) << i;
}

}  // namespace pointwise_test
