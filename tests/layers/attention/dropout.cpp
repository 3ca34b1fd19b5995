// Weights of attention that are dropped in training.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/layers/mixing/transformer_encoder_block.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;

constexpr int places = 40;

// all queries are 0, so that all weights are equal; all values are 1, and so is the map back
template <class Net> numbers kept_weights(phase purpose, int batch, std::uint64_t seed) {
    evaluation<Net> e(purpose, batch);
    for (const char* name : {"query", "key"}) std::ranges::fill(e.parameter(name), 0.0);
    for (const char* name : {"value", "out"}) std::ranges::fill(e.parameter(name), 1.0);
    std::ranges::fill(e.input(), 1.0);
    e.run(seed);
    return e.output();
}

struct plain : network<(multi_head_attention<1, attention_dropout<0.25>>), shape<places, 1>> {};
struct behind : network<(multi_head_attention<1, attention_dropout<0.25>, causal>), shape<places, 1>> {};

TEST(attention_dropout, keeps_whole_weights_and_their_mean) {
    const numbers y = kept_weights<plain>(phase::training, 2, 5);
    double kept = 0;
    for (double of_place : y) {
        const double count = of_place * places * 0.75;  // how many of its weights it has kept
        EXPECT_NEAR(count, std::round(count), 1e-9);
        EXPECT_LE(count, places + 1e-9);
        kept += count;
    }
    EXPECT_NEAR(kept / (2 * places * places), 0.75, 0.03);  // four deviations
    EXPECT_NE(*std::ranges::min_element(y), *std::ranges::max_element(y));
    EXPECT_FALSE(std::equal(y.begin(), y.begin() + places, y.begin() + places));  // samples differ
    EXPECT_NE(kept_weights<plain>(phase::training, 2, 6), y);
    EXPECT_EQ(kept_weights<plain>(phase::training, 2, 5), y);
    for (double of_place : kept_weights<plain>(phase::inference, 2, 5)) EXPECT_NEAR(of_place, 1, 1e-12);
}
TEST(attention_dropout, drops_of_what_a_query_sees) {
    const numbers y = kept_weights<behind>(phase::training, 3, 1);
    for (std::size_t t = 0; t < y.size(); ++t) {
        const double count = y[t] * static_cast<double>(t % places + 1) * 0.75;
        EXPECT_NEAR(count, std::round(count), 1e-9);
        EXPECT_LE(count, static_cast<double>(t % places + 1) + 1e-9);
    }
}

struct all_options
    : network<
          (multi_head_attention<2, attention_dropout<0.4>, relative_bias, with_bias, causal, rotary, key_width<2, 3>>),
          shape<4, 3>> {};
struct masked : network<(multi_head_attention<1, attention_dropout<0.4>, relative_bias, with_mask>),
                        in<"x", shape<3, 2>>, in<"context", shape<4, 3>>, in<"mask", shape<3, 4>>> {};
TEST(attention_dropout, gradient_is_that_of_central_differences) {
    EXPECT_LT((gradient_check<all_options>({.positions = 40}).error), 1e-6);
    EXPECT_LT((gradient_check<masked>({.positions = 40}).error), 1e-6);
}

// --- in a block

template <class... Options> using block = network<transformer_encoder_block<2, 5, Options...>, shape<6, 4>>;
template <class Net> numbers result_of(phase purpose) {
    evaluation<Net> e(purpose);
    for (const char* name :
         {"attention.query", "attention.key", "attention.value", "attention.out", "mlp_in.weight", "mlp_out.weight"})
        for (std::size_t i = 0; i < e.parameter(name).size(); ++i)
            e.parameter(name)[i] = std::sin(static_cast<double>(i) + name[10]);
    for (std::size_t i = 0; i < e.input().size(); ++i) e.input()[i] = std::cos(static_cast<double>(3 * i));
    e.run();
    return e.output();
}
TEST(attention_dropout, of_a_block_is_of_its_training_alone) {
    using dropping = block<attention_dropout<0.5>>;
    EXPECT_EQ(result_of<dropping>(phase::inference), result_of<block<>>(phase::inference));
    EXPECT_EQ(result_of<block<>>(phase::training), result_of<block<>>(phase::inference));
    EXPECT_NE(result_of<dropping>(phase::training), result_of<block<>>(phase::training));
    EXPECT_EQ(result_of<block<attention_dropout<0.0>>>(phase::training), result_of<block<>>(phase::training));
}

}  // namespace
