// Sequences of several lengths in one batch, against each by itself; on both backends.
#include <gtest/gtest.h>

#include <cstdint>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int steps = 5, wide = 3;

template <bool Backwards>
inline constexpr auto recurrence = [](value x, value lengths) {
    const value weight = parameter("weight", {wide, wide}, initial::normal(0.5)).with(x);
    const value start = broadcast_to(constant(*x.owner, 0.5), {wide}, false);
    const values path =
        scan([&](const values& h,
                 value item) { return values{tanh(einsum("i,io->o", h[0], weight) + item), h[1] + sum(item)}; },
             values{start, constant(*x.owner, 0)}, x, {.from_the_end = Backwards, .lengths = lengths});
    return path;
};
template <bool Backwards>
inline constexpr auto whole = [](value x) {
    const value weight = parameter("weight", {wide, wide}, initial::normal(0.5)).with(x);
    const value start = broadcast_to(constant(*x.owner, 0.5), {wide}, false);
    return scan([&](value h, value item) { return tanh(einsum("i,io->o", h, weight) + item); }, start, x,
                {.from_the_end = Backwards});
};
template <bool Backwards>
struct of_lengths : network<recurrence<Backwards>, in<"x", shape<steps, wide>>, in<"lengths", shape<>, int32>> {};
template <bool Backwards, int Steps> struct of_one : network<whole<Backwards>, shape<Steps, wide>> {};

template <class Backend> struct scan_lengths_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(scan_lengths_on, backends);

template <class Backend, bool Backwards, int Steps>
void expect_alone(const model<of_lengths<Backwards>, Backend, batch<5>>& together, const std::vector<float>& x,
                  int sample) {
    static model<of_one<Backwards, Steps>, Backend> alone(3);
    const auto path = alone(std::span(x).subspan(static_cast<std::size_t>(sample * steps * wide), Steps * wide));
    const auto found = together.output(0).of_sample(sample);
    for (int t = 0; t < steps; ++t)
        for (int k = 0; k < wide; ++k) {
            // after the end the last carry stays; from the end, what is before the beginning is the start
            const int at = Backwards ? t : std::min(t, Steps - 1);
            const float wanted = at < Steps ? path[static_cast<std::size_t>(at * wide + k)] : 0.5F;
            EXPECT_NEAR(found[static_cast<std::size_t>(t * wide + k)], wanted, 1e-6) << sample << " " << t << " " << k;
        }
}

template <class Backend, bool Backwards> void expect_each_alone() {
    static model<of_lengths<Backwards>, Backend, batch<5>> together(3);
    const std::vector<float> x = numbers(5 * steps * wide);
    together(x, std::vector<std::int32_t>{3, 5, 1, 9, 2});
    expect_alone<Backend, Backwards, 3>(together, x, 0);
    expect_alone<Backend, Backwards, 5>(together, x, 1);
    expect_alone<Backend, Backwards, 1>(together, x, 2);
    expect_alone<Backend, Backwards, 5>(together, x, 3);  // longer than the capacity: all of it
    expect_alone<Backend, Backwards, 2>(together, x, 4);
    together(x, std::vector<std::int32_t>{0, -4, 1, 1, 1});
    for (std::size_t i = 0; i < 2 * steps * wide; ++i) EXPECT_EQ(together.output(0)[i], 0.5F);
    for (std::size_t i = 0; i < 2 * steps; ++i) EXPECT_EQ(together.output(1)[i], 0);
}
TYPED_TEST(scan_lengths_on, each_sample_as_by_itself) {
    expect_each_alone<TypeParam, false>();
    expect_each_alone<TypeParam, true>();
}
TEST(scan_lengths, gradients_are_exact) {
    EXPECT_LT((gradient_check<of_lengths<false>>({.positions = 64, .indices = steps + 1}).error), 1e-6);
    EXPECT_LT((gradient_check<of_lengths<true>>({.positions = 64, .indices = steps + 1}).error), 1e-6);
}

inline constexpr auto of_real_lengths = [](value x) {
    return scan([](value h, value item) { return h + item; }, broadcast_to(constant(*x.owner, 0), {4}, true), x,
                {.lengths = sum(x)});
};
static_assert(mistake<of_real_lengths, 3, 4>().expected == "lengths of element int32, one number a sample");
inline constexpr auto of_changed_carry = [](value x) {
    return scan([](value h, value) { return sum(h); }, broadcast_to(constant(*x.owner, 0), {4}, true), x,
                {.lengths = arg_max(sum(x, last))});
};
static_assert(mistake<of_changed_carry, 3, 4>().expected == "a body that returns (4)");

}  // namespace
