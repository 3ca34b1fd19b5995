// An operation of several results: each is there where it is read, from one step, and takes no memory where not.
#include <tessera/ir/operations/result.hpp>
//
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>
#include <tessera/passes/simplify.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

#include "../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// attention of x (T, 2, 3) to itself, and the logarithms of the sums of its exponentials (T, 2, 1)
constexpr value attended(value x) { return attend(x, x, x, {.scale = 0.5}); }
constexpr value log_sums(value x) { return attention_nodes::log_sum_of(attended(x)); }

inline constexpr auto of_first = [](value x) { return attended(x); };
inline constexpr auto of_second = [](value x) { return log_sums(x); };
inline constexpr auto of_both = [](value x) { return values{attended(x), log_sums(x)}; };
inline constexpr auto of_their_product = [](value x) { return attended(x) * exp(log_sums(x)) + attended(x); };

constexpr int places = 5, samples = 3, size = places * 6;
struct first : network<of_first, shape<places, 2, 3>> {};
struct second : network<of_second, shape<places, 2, 3>> {};
struct both : network<of_both, shape<places, 2, 3>> {};
struct product : network<of_their_product, shape<places, 2, 3>> {};

template <class Program> constexpr int steps_of(op kind) {
    int n = 0;
    for (int k = 0; k < Program::steps; ++k) {
        const int a = Program::order.steps[k].anchor;
        n += a >= 0 && Program::graph.nodes[a].kind == kind;
    }
    return n;
}
// equal nodes are one, and so are equal results of theirs
static_assert(steps_of<program<product, backend::simd>>(op::attention) == 1);
static_assert(program<product, backend::simd>::uses(op::result));
static_assert(simplify(product::table.thaw()).nodes.size() + 2 == product::table.thaw().nodes.size());

// what is not read has no memory
template <class Net> using scalar_program = program<Net, backend::scalar, batch<samples>>;
constexpr long result_bytes = rounded_bytes(samples * size * 4L), sum_bytes = rounded_bytes(samples * places * 2 * 4L);
static_assert(scalar_program<first>::workspace_bytes == result_bytes);
static_assert(scalar_program<second>::workspace_bytes == sum_bytes);
static_assert(scalar_program<both>::workspace_bytes == result_bytes + sum_bytes);

std::vector<float> numbers(int count) {
    std::vector<float> x;
    for (double d : scattered(count, 4)) x.push_back(static_cast<float>(3 * d));
    return x;
}

// by definition, head by head: y (places, 2, 3), then the logarithms of the sums (places, 2)
struct expected {
    std::vector<double> y, log_sum;
    explicit expected(const float* x) {
        for (int t = 0; t < places; ++t)
            for (int h = 0; h < 2; ++h) {
                std::array<double, places> weight{};
                double total = 0;
                for (int s = 0; s < places; ++s) {
                    double score = 0;
                    for (int i = 0; i < 3; ++i) score += 0.5 * double{x[t * 6 + h * 3 + i]} * x[s * 6 + h * 3 + i];
                    total += weight[static_cast<std::size_t>(s)] = std::exp(score);
                }
                log_sum.push_back(std::log(total));
                for (int i = 0; i < 3; ++i) {
                    double sum = 0;
                    for (int s = 0; s < places; ++s)
                        sum += weight[static_cast<std::size_t>(s)] / total * x[s * 6 + h * 3 + i];
                    y.push_back(sum);
                }
            }
    }
};

template <class Backend> struct results_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(results_on, backends);

template <class View> void expect_near(const View& found, const std::vector<double>& wanted, std::size_t from) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(found[from + i], wanted[i], 1e-5 * (1 + std::abs(wanted[i]))) << i;
}

TYPED_TEST(results_on, each_is_there_alone_and_beside_the_other) {
    const std::vector<float> x = numbers(samples * size);
    model<first, TypeParam, batch<samples>> one;
    model<second, TypeParam, batch<samples>> other;
    model<both, TypeParam, batch<samples>> all;
    one(x);
    other(x);
    all(x);
    for (int s = 0; s < samples; ++s) {
        const expected e(x.data() + s * size);
        const auto at = static_cast<std::size_t>(s);
        expect_near(one.output(), e.y, at * e.y.size());
        expect_near(all.output(0), e.y, at * e.y.size());
        expect_near(other.output(), e.log_sum, at * e.log_sum.size());
        expect_near(all.output(1), e.log_sum, at * e.log_sum.size());
    }
}

inline constexpr auto tapped_body = named<"sums">(layer<log_sums>) >> [](value x) { return x * 2; };
struct tapping : network<tapped_body, shape<places, 2, 3>> {};
TYPED_TEST(results_on, a_tap_is_one_as_any_value) {
    const std::vector<float> x = numbers(size);
    model<tapping, TypeParam, batch<1>, float, tapped<"sums">> m;
    m(x);
    const expected e(x.data());
    expect_near(m.template tap<"sums">(), e.log_sum, 0);
    for (std::size_t i = 0; i < e.log_sum.size(); ++i) EXPECT_EQ(m.output()[i], 2 * m.template tap<"sums">()[i]);
}

// in the body of a loop both are read in each turn
constexpr int turns = 4;
constexpr value turn(value h, value x) {
    const value y = attended(x);
    return h * 0.5 + sum(y * attention_nodes::log_sum_of(y), axes(0, 1));
}
inline constexpr auto looping = [](value x) { return scan(turn, parameter("h", {3}).with(x), x); };  // (turns, 3)
struct looped : network<looping, shape<turns, places, 2, 3>> {};

TYPED_TEST(results_on, both_are_made_in_each_turn_of_a_loop) {
    const std::vector<float> x = numbers(2 * turns * size);
    model<looped, TypeParam, batch<2>> m(7);
    m(x);
    for (int s = 0; s < 2; ++s) {
        std::vector<double> h(m.parameter("h").begin(), m.parameter("h").end());
        for (int t = 0; t < turns; ++t) {
            const expected e(x.data() + (s * turns + t) * size);
            for (std::size_t i = 0; i < 3; ++i) {
                h[i] *= 0.5;
                for (std::size_t r = 0; r < e.log_sum.size(); ++r) h[i] += e.y[r * 3 + i] * e.log_sum[r];
            }
            expect_near(m.output(), h, static_cast<std::size_t>((s * turns + t) * 3));
        }
    }
}

// a gradient through one of them, through both, and through what a loop makes of them
TEST(results, have_gradients) {
    EXPECT_LT(gradient_check<first>().error, 1e-6);
    EXPECT_LT(gradient_check<second>().error, 1e-6);
    EXPECT_LT(gradient_check<both>().error, 1e-6);
    EXPECT_LT(gradient_check<product>().error, 1e-6);
    EXPECT_LT(gradient_check<looped>().error, 1e-6);
}
TEST(results, of_either_backend_have_equal_gradients) {
    const std::vector<float> x = numbers(samples * size), w = numbers(samples * size),
                             w_of_sums = numbers(samples * places * 2);
    model<both, backend::scalar, batch<samples>, float, gradients_of<weighted_outputs>> one;
    model<both, backend::simd, batch<samples>, float, gradients_of<weighted_outputs>> other;
    one(x, w, w_of_sums);
    other(x, w, w_of_sums);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(one.gradient()[i], other.gradient()[i], 1e-4) << i;
}

// The gradient takes the second result of the operation that made the first: no score is computed again.
struct self_attention : network<multi_head_attention<2>, shape<3, 4>> {};
TEST(results, attention_is_computed_once) {
    const graph g = simplify(gradients_of<squared_error>::prepare<self_attention>());
    EXPECT_FALSE(g.failed);
    EXPECT_EQ(count_of(g, op::attention), 1);
    EXPECT_EQ(count_of(g, op::attention_gradient), 1);
}

// one of the three gradients of attention alone: that of the queries, of the keys or of the values
template <int Which>
inline constexpr auto of_parameters = [](value x) {
    value of[3];
    for (int k = 0; k < 3; ++k)
        of[k] = k == Which ? x : parameter(k == 0 ? "q" : k == 1 ? "k" : "v", x.shape()).with(x);
    return attend(of[0], of[1], of[2], {.scale = 0.5, .causal = true});
};
template <int Which> struct one_moves : network<of_parameters<Which>, shape<places, 2, 3>> {};
template <int Which, class Backend>
using explained = model<one_moves<Which>, Backend, batch<samples>, float, gradients_of<weighted_outputs>>;

template <int Which> void expect_one_gradient() {
    using run = typename explained<Which, backend::scalar>::program_type;
    int made = 0;
    for (int i = 0; i < run::nodes; ++i) {
        const node& n = run::graph.nodes[i];
        const bool is_first = n.kind == op::attention_gradient;
        const bool further = n.kind == op::result && run::graph.view().operand(n, 0).kind == op::attention_gradient;
        if (!is_first && !further) continue;
        const bool read = run::places.at[i].where != memory_space::none;
        EXPECT_EQ(read, (is_first ? 0 : n.slot) == Which);
        made += read;
    }
    EXPECT_EQ(made, 1);
    static explained<Which, backend::scalar> one(3);
    static explained<Which, backend::simd> other(3);
    const std::vector<float> x = numbers(samples * size), w = numbers(samples * size);
    one(x, w);
    other(x, w);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(one.gradient()[i], other.gradient()[i], 1e-4) << i;
    EXPECT_LT(gradient_check<one_moves<Which>>().error, 1e-6);
}
TEST(results, that_are_not_wanted_are_not_made) {
    expect_one_gradient<0>();
    expect_one_gradient<1>();
    expect_one_gradient<2>();
}

// while compiling
struct tiny : network<of_both, shape<2, 1, 1>> {};
constexpr bool while_compiling() {
    model<tiny, backend::scalar, batch<1>, double> m;
    m(std::array{1.0, 1.0});  // two equal scores of 1 / 2
    const double log_sum = m.output(1)[0];
    return m.output(0)[0] == 1 && log_sum > 1.193147 && log_sum < 1.193148;
}
static_assert(while_compiling());

}  // namespace
