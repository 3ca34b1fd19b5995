// Set transformers and class queries: parameters, costs, and what an order of elements or of queries does.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/class_query_decoder.hpp>
#include <tessera/layers/attention/isab.hpp>
#include <tessera/layers/attention/pma.hpp>
#include <tessera/layers/attention/sab.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;

struct block : network<mab<6, 3>, in<"x", shape<5, 2>>, in<"set", shape<7, 4>>> {};
static_assert(output_shape<block> == (extents{5, 6}));
static_assert(paths_are<block>({"query", "query_bias", "key", "key_bias", "value", "value_bias", "out", "out_bias"}));
static_assert(block::parameter_count == 2 * 6 + 2 * 4 * 6 + 6 * 6 + 4 * 6);

struct normed : network<sab<6, 3, with_layer_norm>, shape<5, 2>> {};
static_assert(normed::parameter_count == 3 * 2 * 6 + 6 * 6 + 4 * 6 + 4 * 6);

template <int N> struct induced : network<isab<8, 4, 3>, shape<N, 2>> {};
static_assert(output_shape<induced<5>> == (extents{5, 8}));
static_assert(parameter_shape<induced<5>>("inducing") == (extents{3, 8}));
// linear in the size of the set: each further element costs what the one before does
static_assert(induced<30>::macs - induced<20>::macs == induced<20>::macs - induced<10>::macs);
struct whole : network<sab<8, 4>, shape<20, 2>> {};
static_assert(whole::macs == 3 * 20 * 2 * 8 + 2 * 20 * 20 * 8 + 20 * 8 * 8);

struct pooled : network<pma<8, 2, 4>, shape<9, 3>> {};
static_assert(output_shape<pooled> == (extents{4, 8}));

static_assert(!mistake<sab<4, 2>, 5>().expected.empty());

template <class Net> void fill_parameters(evaluation<Net>& e) {
    for (int i = 0; i < Net::table.parameter_count; ++i) fill(e.parameter(path<Net>(i).view()), i);
}
// rows in another order: row i is what row 3 i mod n was, for an n without the factor 3
numbers reordered(const numbers& x, std::size_t rows) {
    const std::size_t wide = x.size() / rows;
    numbers y;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < wide; ++k) y.push_back(x[3 * i % rows * wide + k]);
    return y;
}

struct encoder : network<(isab<4, 2, 3> >> sab<4, 1>), shape<5, 2>> {};
TEST(set_transformer, encoder_keeps_an_order_and_does_not_see_it) {
    evaluation<encoder> e;
    fill_parameters(e);
    fill(e.input(), 1);
    e.run();
    const numbers before = e.output();
    e.input() = reordered(e.input(), 5);
    e.run();
    expect_near(e.output(), reordered(before, 5));
    EXPECT_GT(std::abs(e.output()[4] - before[4]), 1e-3);
}

struct invariant : network<(isab<4, 2, 3> >> pma<4, 2, 2> >> sab<4, 2>), shape<5, 2>> {};
TEST(set_transformer, pooled_has_no_order) {
    evaluation<invariant> e;
    fill_parameters(e);
    fill(e.input(), 1);
    e.run();
    const numbers before = e.output();
    e.input() = reordered(e.input(), 5);
    e.run();
    expect_near(e.output(), before);
}

// one element: attention is its value, the scores are nothing
TEST(mab, of_one_element_adds_its_value) {
    evaluation<network<mab<2, 1>, in<"x", shape<1, 2>>, in<"set", shape<1, 2>>>> e;
    e.parameter("query") = e.parameter("value") = e.parameter("out") = {1, 0, 0, 1};
    e.parameter("out_bias") = {0, -100};
    e.input(0) = {1, 2};
    e.input(1) = {3, 4};
    e.run();
    EXPECT_EQ(e.output(), (numbers{8, 6}));  // h = (4, 6), relu(h + out_bias) = (4, 0)
}

TEST(set_transformer, gradient_is_that_of_central_differences) {
    EXPECT_LT((gradient_check<network<(isab<4, 2, 3, with_layer_norm> >> pma<4, 2, 2>), shape<5, 2>>>({.positions = 40})
                   .error),
              1e-6);
}

// --- queries of classes

constexpr int layer_of_256 = 2 * (4 * 256 * 256 + 4 * 256) + 2 * 256 * 2048 + 2048 + 256 + 3 * 512;
struct of_birds : network<class_query_decoder<200, 1, 8, 2048>, shape<49, 256>> {};
static_assert(layer_of_256 == 1578752);
static_assert(of_birds::parameter_count == layer_of_256 + 512 + 200 * 256 + 257);
static_assert(output_shape<of_birds> == (extents{200}));

static_assert(!mistake<class_query_decoder<3, 1, 2, 4>, 5>().expected.empty());
static_assert(!mistake<class_query_decoder<3, 1, 2, 4>, 5, 7>().expected.empty());

struct decoder : network<class_query_decoder<5, 2, 2, 3>, shape<4, 6>> {};
static_assert(parameter_shape<decoder>("1.cross_attention.key") == (extents{6, 2, 3}));
static_assert(parameter_shape<decoder>("0.hidden.weight") == (extents{6, 3}));

TEST(class_query_decoder, queries_in_another_order_give_logits_in_that_order) {
    evaluation<decoder> e;
    fill_parameters(e);
    fill(e.input(), 1);
    e.run();
    const numbers before = e.output();
    numbers& queries = e.parameter("queries");
    queries = reordered(queries, 5);
    e.run();
    expect_near(e.output(), reordered(before, 5));
    EXPECT_GT(std::abs(before[1] - before[2]), 1e-3);
}

TEST(class_query_decoder, places_of_the_memory_have_no_order) {
    evaluation<decoder> e;
    fill_parameters(e);
    fill(e.input(), 1);
    e.run();
    const numbers before = e.output();
    e.input() = reordered(e.input(), 4);
    e.run();
    expect_near(e.output(), before);
}

TEST(class_query_decoder, gradient_is_that_of_central_differences) {
    EXPECT_LT((gradient_check<network<class_query_decoder<3, 1, 2, 5>, shape<4, 2>>>({.positions = 40}).error), 1e-6);
}

}  // namespace
