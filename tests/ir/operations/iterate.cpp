// iterate: a body applied many times, in a loop that is none along time.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/train.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

// Newton's square root, five steps of it
inline constexpr auto root = [](value x) {
    return iterate<5>([&](value r) { return (r + x / r) * 0.5; }, broadcast_to(constant(*x.owner, 1), x.shape(), true));
};
struct of_root : network<root, shape<3>> {};

// a rotation, in ten steps of an integrator: the second of both carries reads what the first one was
inline constexpr auto rotation = [](value x) {
    const value h = parameter("h", {}, initial::constant(0.1)).with(x);
    const values end =
        iterate<10>([&](const values& s) { return values{s[0] + h * s[1], s[1] - h * s[0]}; }, values{x, x * 0.5});
    return concatenate({end[0], end[1]});
};
struct of_rotation : network<rotation, shape<2>> {};

// exchanged at each step, so that each is the other one's memory before
inline constexpr auto exchange = [](value x) {
    const values end = iterate<3>([](const values& s) { return values{s[1], s[0]}; }, values{x, x * 2});
    return values{end[0], end[1], iterate<0>([](value v) { return v * 9; }, x)};
};
struct of_exchange : network<exchange, shape<2>> {};

// in the body of a scan, and with a scan in its body
inline constexpr auto start = [](value x) {  // (T, 2), and a carry of (2)
    const value w = parameter("w", {2, 2}, initial::normal(0.4)).with(x);
    return scan(
        [&](value h, value u) {
            return iterate<3>([&](value v) { return tanh(einsum("i,io->o", v, w) + u); }, h * 0.5 + u);
        },
        constant({0.1, -0.2}, {2}).with(x), x);
};
inline constexpr auto passes = [](value x) {  // a filter along time, run over the sequence three times
    const value w = parameter("w", {}, initial::constant(0.6)).with(x);
    return iterate<3>(
        [&](value all) {
            return scan([&](value h, value u) { return h * w + u * 0.3; }, constant({0, 0}, {2}).with(x), all);
        },
        x);
};
struct of_start : network<start, shape<4, 2>> {};
struct of_passes : network<passes, shape<4, 2>> {};

// neither carry is wanted before the first application, and the second only by the first
inline constexpr auto late = [](value x) {
    const value w = parameter("w", {2}, initial::normal(0.4)).with(x);
    const value zero = broadcast_to(constant(*x.owner, 0), {2}, true);
    return iterate<4>([&](const values& s) { return values{s[0] * 0.5 + w, tanh(s[0]) - s[1] * 0.25}; },
                      values{zero, zero})[1] *
           x;
};
struct of_late : network<late, shape<2>> {};

template <class Backend> class iterated : public testing::Test {};
using backends = testing::Types<backend::scalar_on_heap, backend::simd>;
TYPED_TEST_SUITE(iterated, backends);

TYPED_TEST(iterated, is_what_a_loop_computes) {
    auto m = std::make_unique<model<of_root, TypeParam, batch<2>>>();
    const std::vector<float> x{1, 4, 9, 2, 3, 0.25F};
    const auto y = (*m)(x);
    for (std::size_t i = 0; i < 6; ++i) {
        float r = 1;
        for (int k = 0; k < 5; ++k) r = (r + x[i] / r) * 0.5F;
        EXPECT_FLOAT_EQ(y[i], r);
    }
}

TYPED_TEST(iterated, several_values_change_at_once) {
    auto m = std::make_unique<model<of_rotation, TypeParam>>();
    const auto y = (*m)(std::vector<float>{1, -2});
    for (std::size_t i = 0; i < 2; ++i) {
        double p = i == 0 ? 1 : -2, q = p * 0.5;
        for (int k = 0; k < 10; ++k) {
            const double before = p;
            p += 0.1 * q;
            q -= 0.1 * before;
        }
        EXPECT_NEAR(y[i], p, 1e-5);
        EXPECT_NEAR(y[2 + i], q, 1e-5);
    }
    auto e = std::make_unique<model<of_exchange, TypeParam>>();
    (*e)(std::vector<float>{1, 3});
    EXPECT_EQ(e->output(0)[0], 2);
    EXPECT_EQ(e->output(0)[1], 6);
    EXPECT_EQ(e->output(1)[1], 3);
    EXPECT_EQ(e->output(2)[1], 3);
}

template <class Net> class iterated_gradients : public testing::Test {};
using networks = testing::Types<of_root, of_rotation, of_start, of_passes, of_late>;
TYPED_TEST_SUITE(iterated_gradients, networks);

TYPED_TEST(iterated_gradients, are_those_of_differences) {
    const gradient_check_result found = gradient_check<TypeParam>();
    EXPECT_LT(found.error, 2e-6) << found.where << " " << found.index << ": " << found.analytic << " for "
                                 << found.numeric;
}

// what a loop leaves of a value for all samples is what a state becomes
inline constexpr auto counted_up = [](value x) {
    const value seen = state("seen", {2}).with(x);
    update(seen, iterate<3>([](value v) { return v * 2 + 1; }, seen + batch_mean(x)));
    return x + seen;
};
struct of_state : network<counted_up, shape<2>> {};
template <class Backend> void expect_counted_up() {
    model<of_state, Backend, batch<2>> m;
    const std::vector<float> x{1, 2, 3, 6};
    float seen[] = {0, 0};
    for (int call = 0; call < 3; ++call) {
        const auto y = m(x);
        for (std::size_t i = 0; i < 2; ++i) {
            EXPECT_EQ(y[i], x[i] + seen[i]) << call;
            seen[i] = (seen[i] + (x[i] + x[2 + i]) / 2) * 8 + 7;
            EXPECT_EQ(m.state("seen")[i], seen[i]) << call;
        }
    }
}
TEST(iterated, into_a_state) {
    expect_counted_up<backend::scalar_on_heap>();
    expect_counted_up<backend::simd>();
}

// a stream runs all applications in each call
TEST(iterated, in_a_stream) {
    model<of_start, backend::scalar_on_heap, batch<1>, float> whole;
    model<of_start, backend::scalar_on_heap, batch<1>, float, streaming> stream;
    std::copy(whole.parameters().begin(), whole.parameters().end(), stream.parameters().begin());
    const std::vector<float> x{1, 2, -1, 0.5F, 3, -2, 0.25F, 1};
    const auto y = whole(x);
    for (std::size_t t = 0; t < 4; ++t) {
        const auto now =
            stream(std::vector<float>(x.begin() + static_cast<long>(2 * t), x.begin() + static_cast<long>(2 * t + 2)));
        for (std::size_t i = 0; i < 2; ++i) EXPECT_FLOAT_EQ(now[i], y[2 * t + i]);
    }
}

// a mistake is named where it is made
constexpr bool found_is(const fault& f, std::string_view expected, std::string_view found) {
    return f.expected.view() == expected && f.found.view() == found;
}
constexpr fault traced(auto body) {
    graph g;
    g.purpose = phase::inference;
    node n;
    n.kind = op::input;
    n.shape = {2};
    n.batched = true;
    n.slot = 0;
    body(add_node(g, n));
    return g.problem;
}
static_assert(found_is(traced([](value x) { iterate<2>([](const values& s) { return values{s[0]}; }, values{x, x}); }),
                       "a body that returns 2 values", "1"));
static_assert(found_is(traced([](value x) { iterate<2>([](value v) { return sum(v); }, x); }),
                       "a body that returns (2)", "()"));
static_assert(found_is(traced([](value x) { iterate<2>([&](value v) { return v + x; }, constant(*x.owner, 0)); }),
                       "a body that returns ()", "(2)"));

}  // namespace
