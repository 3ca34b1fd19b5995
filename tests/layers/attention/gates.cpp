// Gates of channels and positions, and tokens: extents, parameters, laws.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/layers/attention/cbam.hpp>
#include <tessera/layers/attention/domain_attention.hpp>
#include <tessera/layers/attention/token_fuser.hpp>
#include <tessera/layers/attention/token_learner.hpp>
#include <tessera/layers/attention/token_learner_v11.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- squeeze_excite, cbam

struct excited : network<squeeze_excite<3>, shape<3, 2, 7>> {};
static_assert(output_shape<excited> == (extents{3, 2, 7}) && paths_are<excited>({"reduce", "expand"}));
static_assert(parameter_shape<excited>("reduce") == (extents{7, 2}));
static_assert(network<(squeeze_excite<16, with_bias>), shape<5, 64>>::parameter_count == 2 * 64 * 4 + 4 + 64);
static_assert(mistake<squeeze_excite<8>, 3, 7>().expected.view() == "at least 8 channels");
static_assert(!mistake<squeeze_excite<2>, 7>().expected.empty());

struct blocked : network<cbam<>, shape<5, 4, 32>> {};
static_assert(output_shape<blocked> == (extents{5, 4, 32}) && blocked::parameter_count == 2 * 32 * 2 + 7 * 7 * 2);
static_assert(network<(cbam<8, 7, with_bias>), shape<4, 4, 64>>::parameter_count ==
              2 * 64 * 8 + 8 + 64 + 7 * 7 * 2 + 1);
static_assert(paths_are<blocked>({"channel_attention.reduce", "channel_attention.expand", "spatial_attention.weight"}));
static_assert(network<spatial_attention<3>, shape<9, 4>>::parameter_count == 3 * 2);
static_assert(!mistake<cbam<16>, 5, 4, 7>().expected.empty() && !mistake<spatial_attention<7>, 7>().expected.empty());

TEST(squeeze_excite, halves_where_its_maps_are_zero) {
    evaluation<network<squeeze_excite<2>, shape<2, 4>>> e;
    e.input() = {1, 2, 3, 4, 5, 6, 7, 8};
    e.parameter("expand") = numbers(8, 0);
    e.run();
    EXPECT_EQ(e.output(), (numbers{0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4}));
}
TEST(cbam, of_equal_pixels_its_channel_part_is_that_of_twice_the_excitation) {
    evaluation<network<channel_attention<2>, shape<3, 4>>> both;
    evaluation<network<squeeze_excite<2>, shape<3, 4>>> one;
    both.input() = one.input() = {1, -2, 3, 4, 1, -2, 3, 4, 1, -2, 3, 4};
    both.parameter("reduce") = one.parameter("reduce") = waves(8, 1);
    both.parameter("expand") = one.parameter("expand") = waves(8, 2);
    for (double& w : one.parameter("expand")) w *= 2;
    both.run();
    one.run();
    expect_near(one.output(), both.output());
}

// --- domain_attention

template <int Adapters> struct of_domains : network<domain_attention<Adapters, 2>, shape<3, 4>> {};
static_assert(of_domains<3>::parameter_count == 3 * (4 * 2 + 2 + 2 * 4 + 4) + 4 * 3 + 3);

template <int Adapters> void set(evaluation<of_domains<Adapters>>& e, int first) {  // adapter n is number first + n
    const auto fill = [&](const char* name, int leading, int trailing, double phase) {
        numbers& w = e.parameter(name);
        for (int i = 0; i < leading; ++i)
            for (int n = 0; n < Adapters; ++n)
                for (int k = 0; k < trailing; ++k)
                    w[static_cast<std::size_t>((i * Adapters + n) * trailing + k)] =
                        std::cos(phase + 0.7 * i + 1.9 * ((first + n) % 3) + 0.3 * k);
    };
    e.input() = waves(12, 0.3);
    fill("reduce", 4, 2, 1);
    fill("reduce_bias", 1, 2, 2);
    fill("expand", 1, 8, 3);
    fill("expand_bias", 1, 4, 4);
    fill("assign", 4, 1, 5);
    fill("assign_bias", 1, 1, 6);
}
TEST(domain_attention, does_not_depend_on_the_order_of_its_adapters) {
    evaluation<of_domains<3>> a, b;
    set(a, 0);
    set(b, 1);
    a.run();
    b.run();
    expect_near(a.output(), b.output());
    EXPECT_NE(a.parameter("assign"), b.parameter("assign"));
}
TEST(domain_attention, of_one_adapter_is_squeeze_excite) {
    evaluation<of_domains<1>> bank;
    evaluation<network<(squeeze_excite<2, with_bias>), shape<3, 4>>> one;
    set(bank, 0);
    one.input() = bank.input();
    for (const char* name : {"reduce", "reduce_bias", "expand", "expand_bias"})
        one.parameter(name) = bank.parameter(name);
    bank.run();
    one.run();
    expect_near(one.output(), bank.output());
}
TEST(domain_attention, chooses_the_adapter_that_it_is_sure_of) {
    evaluation<of_domains<3>> three;
    evaluation<of_domains<1>> one;
    set(three, 0);
    set(one, 2);
    three.parameter("assign_bias") = {0, 0, 1000};
    three.run();
    one.run();
    expect_near(one.output(), three.output());
}
// an image that prefers none: what goes into the sigmoid is the mean of what each adapter alone would put there
TEST(domain_attention, without_a_preference_is_the_mean_of_its_adapters) {
    evaluation<of_domains<3>> three;
    set(three, 0);
    for (const char* name : {"assign", "assign_bias"}) std::ranges::fill(three.parameter(name), 0);
    three.run();
    numbers mean(12, 0.0);
    for (int n = 0; n < 3; ++n) {
        evaluation<of_domains<1>> one;
        set(one, n);
        one.run();
        for (std::size_t i = 0; i < 12; ++i) mean[i] += -std::log(one.input()[i] / one.output()[i] - 1) / 3;
    }
    for (std::size_t i = 0; i < 12; ++i)
        EXPECT_NEAR(three.output()[i], three.input()[i] / (1 + std::exp(-mean[i])), 1e-13) << i;
}

// --- token_learner, token_learner_v11, token_fuser

static_assert(network<token_learner<8>, shape<3, 3, 768>>::parameter_count == 58560);
static_assert(network<token_learner<16>, shape<3, 3, 768>>::parameter_count == 119040);
static_assert(network<token_learner_v11<8>, shape<3, 768>>::parameter_count == 51272);
static_assert(network<token_learner_v11<16>, shape<3, 768>>::parameter_count == 51792);
template <int S> struct fuses : network<token_fuser<>, in<"tokens", shape<S, 768>>, in<"places", shape<2, 2, 768>>> {};
static_assert(fuses<8>::parameter_count == 54416 && fuses<16>::parameter_count == 55136);
static_assert(output_shape<fuses<8>> == (extents{2, 2, 768}));
static_assert(output_shape<network<token_learner<8>, shape<9, 7, 5>>> == (extents{8, 5}));
static_assert(output_shape<network<token_learner_v11<8>, shape<9, 7, 5>>> == (extents{8, 5}));
static_assert(!mistake<token_learner<8>, 9, 5>().expected.empty());
static_assert(!mistake<token_learner_v11<8>, 5>().expected.empty());
inline constexpr auto fuses_with_itself = [](value x) { return token_fuser<2>(x, slice(x, -1, 0, 3)); };
static_assert(mistake<fuses_with_itself, 3, 4>().expected.view() == "places (places..., 4)");
static_assert(!mistake<fuses_with_itself, 3, 4, 4>().expected.empty());

TEST(token_learner, of_uniform_maps_is_the_mean) {
    evaluation<network<token_learner<2>, shape<2, 3, 2>>> mean;
    evaluation<network<(token_learner<2, summed>), shape<2, 3, 2>>> sum;
    mean.input() = sum.input() = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0};
    mean.parameter("conv_3.weight") = sum.parameter("conv_3.weight") = numbers(36, 0);
    mean.run();
    sum.run();
    expect_near({3, 2.5, 3, 2.5}, mean.output());
    expect_near({18, 15, 18, 15}, sum.output());
}
TEST(token_learner_v11, weights_its_places_with_what_adds_up_to_one) {
    evaluation<network<token_learner_v11<3, 5>, shape<7, 4>>> e;
    e.input() = waves(28, 0);
    for (std::size_t place = 0; place < 7; ++place) e.input()[4 * place + 1] = 2.5;  // a mean of equals
    e.parameter("hidden") = waves(20, 1);
    e.parameter("maps") = waves(15, 2);
    e.run();
    for (std::size_t token = 0; token < 3; ++token) EXPECT_NEAR(e.output()[4 * token + 1], 2.5, 1e-14);
    EXPECT_GT(std::abs(e.output()[0] - e.output()[4]), 1e-3);
}
TEST(token_fuser, is_zero_at_first) {
    evaluation<network<token_fuser<3>, in<"tokens", shape<2, 4>>, in<"places", shape<5, 4>>>> e;
    e.input(0) = waves(8, 0);
    e.input(1) = waves(20, 1);
    e.parameter("hidden") = waves(12, 2);
    e.parameter("maps") = waves(6, 3);
    e.run();
    EXPECT_EQ(e.output(), numbers(20, 0));
}

// --- gradients

inline constexpr auto every_gate = [](value x) {  // (4, 3, 6)
    const value y = domain_attention<3, 2>(cbam<2, 3, with_bias, with_batch_norm>(squeeze_excite<2>(x)));
    return y + token_fuser<3>(values{token_learner<2>(y)}[0] + token_learner_v11<2, 3>(y), y);
};
struct every_gate_net : network<every_gate, shape<4, 3, 6>> {};
TEST(gates, have_exact_gradients) {
    const auto found = gradient_check<every_gate_net>({.positions = 6});
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index;
}

}  // namespace
