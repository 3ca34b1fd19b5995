// hard_attention: what it draws, and its gradients, on both backends; the loss of its score function.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/layers/attention/hard_attention.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int places = 4;

// the keys score by themselves: parameters of the state are zero and that of the score 1
template <class... Options>
inline constexpr auto draws = [](value a, value keys, value u) {  // (L, 2), (L, 1), (1)
    const value h = broadcast_to(constant(*a.owner, 1), {3}, a.batched());
    return hard_attention<1, Options...>(a, keys, h, reshape(u, {}));
};
template <class... Options>
struct drawn : network<draws<Options...>, in<"a", shape<places, 2>>, in<"keys", shape<places, 1>>, in<"u", shape<1>>> {
};
inline constexpr auto means = [](value a, value keys) {
    return soft_attention<1>(a, keys, broadcast_to(constant(*a.owner, 1), {3}, a.batched()));
};
struct mean_of : network<means, in<"a", shape<places, 2>>, in<"keys", shape<places, 1>>> {};
inline constexpr auto most_likely = [](value a, value keys) {
    return hard_attention<1>(a, keys, broadcast_to(constant(*a.owner, 1), {3}, a.batched()));
};
struct largest_of : network<most_likely, in<"a", shape<places, 2>>, in<"keys", shape<places, 1>>> {};

template <class Model> void score_by_keys(Model& m, const char* layer = "hard_attention") {
    for (auto& w : m.parameters()) w = 0;
    m.parameter(std::string(layer) + ".score")[0] = 1;
}

template <class Backend> struct hard_attention_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(hard_attention_on, backends);

const std::vector<float> annotations{1, 10, 2, 20, 3, 30, 4, 40}, keys{0.3F, -0.9F, 1.1F, 0.2F};

TYPED_TEST(hard_attention_on, looks_at_the_place_in_which_the_number_falls) {
    static model<drawn<>, TypeParam> m;
    score_by_keys(m);
    std::vector<int> counts(places, 0);
    std::vector<float> weights;
    constexpr int steps = 1000;
    for (int k = 0; k < steps; ++k) {
        const float u = (static_cast<float>(k) + 0.5F) / steps;
        m(annotations, keys, std::vector<float>{u});
        int at = -1;
        float sum = 0, below = 0;
        for (int i = 0; i < places; ++i) {
            sum += m.output(2)[static_cast<std::size_t>(i)];
            if (m.output(2)[static_cast<std::size_t>(i)] == 1) at = i;
        }
        ASSERT_EQ(sum, 1);
        for (int i = 0; i < at; ++i) below += m.output(1)[static_cast<std::size_t>(i)];
        EXPECT_LE(below, u + 1e-5F);
        EXPECT_GE(below + m.output(1)[static_cast<std::size_t>(at)], u - 1e-5F);
        EXPECT_EQ(m.output(0)[0], static_cast<float>(at + 1));
        EXPECT_EQ(m.output(0)[1], static_cast<float>(10 * (at + 1)));
        ++counts[static_cast<std::size_t>(at)];
        weights.assign(m.output(1).begin(), m.output(1).end());
    }
    for (std::size_t i = 0; i < places; ++i) EXPECT_NEAR(counts[i], steps * weights[i], 2);
}
TYPED_TEST(hard_attention_on, otherwise_looks_at_the_most_likely) {
    static model<largest_of, TypeParam> m;
    score_by_keys(m);
    m(annotations, keys);
    EXPECT_EQ(m.output(0)[0], 3);
    EXPECT_EQ(m.output(2)[2], 1);
}
// of the weights, that of soft attention; none where the score function is to give it
TYPED_TEST(hard_attention_on, has_the_gradient_of_the_mean_straight_through) {
    using mode = gradients_of<weighted_outputs>;
    static model<drawn<>, TypeParam, batch<1>, float, mode> hard;
    static model<drawn<reinforced>, TypeParam, batch<1>, float, mode> alone;
    static model<mean_of, TypeParam, batch<1>, float, mode> soft;
    score_by_keys(hard);
    score_by_keys(alone);
    score_by_keys(soft, "soft_attention");
    const std::vector<float> seed{0.7F, -0.2F}, none(places, 0.0F), u{0.5F};
    hard(annotations, keys, u, seed, none, none);
    alone(annotations, keys, u, seed, none, none);
    soft(annotations, keys, seed, none);
    for (std::size_t i = 0; i < places; ++i) {
        EXPECT_NEAR(hard.template gradient<1>()[i], soft.template gradient<1>()[i], 1e-6F) << i;
        EXPECT_GT(std::abs(soft.template gradient<1>()[i]), 1e-3F);
        EXPECT_EQ(alone.template gradient<1>()[i], 0);
        EXPECT_EQ(hard.template gradient<0>()[2 * i], hard.output(2)[i] * seed[0]);
    }
}

static_assert(drawn<with_gate>::parameter_count == 3 + 1 + 1 + 3 + 1);
inline constexpr auto own_keys = [](value x) {
    return hard_attention<2, reinforced>(x, reshape(slice(x, 0, 0, 1), {-1}))[0];
};
static_assert(mistake<own_keys, 4, 3>().expected.empty() && !mistake<own_keys, 4, 3, 2>().expected.empty());
inline constexpr auto of_no_number = [](value x) {
    return hard_attention<4>(x, x, reshape(slice(x, 0, 0, 1), {-1}), x)[0];
};
static_assert(mistake<of_no_number, 4, 4>().expected.view() == "a number to draw by");

// in training, by numbers of its own
struct of_its_own : network<own_keys, shape<4, 3>> {};
static_assert(count_of<of_its_own, phase::training>(op::random) == 1 && count_of<of_its_own>(op::random) == 0);

inline constexpr auto score_function = [](value w, value s, value advantage) {
    return reinforce(w, s, sum(advantage), 0.25);
};
TEST(reinforce, has_the_gradient_of_the_logarithm_times_the_advantage) {
    evaluation<network<score_function, in<"w", shape<2, 3>>, in<"s", shape<2, 3>>, in<"advantage", shape<1>>>> e;
    const numbers w{0.2, 0.3, 0.5, 0.6, 0.3, 0.1}, s{0, 1, 0, 1, 0, 0};
    e.input(0) = w;
    e.input(1) = s;
    e.input(2) = {-3};
    e.run();
    double wanted = -3 * (std::log(0.3) + std::log(0.6));
    for (std::size_t i = 0; i < 6; ++i) {
        wanted += 0.25 * w[i] * std::log(w[i]);
        EXPECT_NEAR(e.input_gradient(0)[i], -3 * s[i] / w[i] + 0.25 * (std::log(w[i]) + 1), 1e-12) << i;
        EXPECT_EQ(e.input_gradient(1)[i], 0);
    }
    EXPECT_NEAR(e.output()[0], wanted, 1e-12);
    EXPECT_EQ(e.input_gradient(2)[0], 0);
}

}  // namespace
