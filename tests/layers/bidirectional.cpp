// Time run from its end: reversed axes, recurrent layers from the end and from both, and their last states.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/layers/reverse.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../expect_near.hpp"
#include "../network_facts.hpp"
#include "../waves.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using numbers = std::vector<double>;

// the numbers of all outputs, one after another
template <class Net, class Backend, class... Input>
std::vector<numbers> outputs_of(const numbers& parameters, const Input&... x) {
    model<Net, Backend, batch<2>, double> m;
    EXPECT_EQ(m.parameters().size(), parameters.size());
    std::ranges::copy(parameters, m.parameters().begin());
    m(x...);
    std::vector<numbers> all;
    for (int i = 0; i < Net::table.output_count; ++i) all.emplace_back(m.output(i).begin(), m.output(i).end());
    return all;
}
// those of the reference, if the other backend's are the same
template <class Net, class... Input> std::vector<numbers> outputs_of(const numbers& parameters, const Input&... x) {
    const auto wanted = outputs_of<Net, backend::scalar>(parameters, x...),
               found = outputs_of<Net, backend::simd>(parameters, x...);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
        EXPECT_EQ(found[k].size(), wanted[k].size());
        for (std::size_t i = 0; i < wanted[k].size(); ++i)
            EXPECT_NEAR(found[k][i], wanted[k][i], 1e-13) << k << " " << i;
    }
    return wanted;
}
template <class Net> numbers parameters_of() { return waves(static_cast<std::size_t>(Net::parameter_elements)); }

numbers part(const numbers& x, std::size_t first, std::size_t count) {
    return {x.begin() + static_cast<std::ptrdiff_t>(first), x.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

// --- reversed axes

struct first_reversed : network<reverse<0>, shape<3, 2>> {};
struct last_reversed : network<reverse<-1>, shape<3, 2>> {};

TEST(reverse, exchanges_the_elements_of_an_axis) {
    const numbers x{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};  // two samples
    EXPECT_EQ(outputs_of<first_reversed>({}, x)[0], (numbers{5, 6, 3, 4, 1, 2, 50, 60, 30, 40, 10, 20}));
    EXPECT_EQ(outputs_of<last_reversed>({}, x)[0], (numbers{2, 1, 4, 3, 6, 5, 20, 10, 40, 30, 60, 50}));
}

struct middle_reversed : network<(reverse<1> >> dense<2, no_bias>), shape<2, 40, 3>> {};
struct twice : network<(dense<3> >> reverse<0> >> reverse<1> >> reverse<0> >> reverse<1>), shape<5, 2>> {};
struct once : network<dense<3>, shape<5, 2>> {};
struct of_ones : network<(reverse<0> >> reverse<1> >> reverse<2>), shape<1, 4, 1>> {};

TEST(reverse, twice_is_the_identity) {
    const numbers x = waves(10), p = parameters_of<once>();
    EXPECT_EQ(outputs_of<twice>(p, x), outputs_of<once>(p, x));
    EXPECT_EQ(outputs_of<of_ones>({}, numbers{1, 2, 3, 4})[0], (numbers{4, 3, 2, 1}));
}

static_assert(count_of<network<reverse<0>, shape<1, 3>>>(op::slice) == 0);
static_assert(mistake<reverse<2>, 3, 4>().found.empty() == false);

// every second element from the last but one back to the second, of rows in the opposite order
inline constexpr auto backwards = [](value x) { return slice(reversed(dense<2>(x), 0), 0, 5, 3, -2); };
struct steps_back : network<backwards, shape<7, 2>> {};
inline constexpr auto evenly = [](value x) { return slice(x, 0, 5, 3, -2); };
struct picked : network<evenly, shape<7>> {};
inline constexpr auto beyond = [](value x) { return slice(x, 0, 3, 5, -1); };
inline constexpr auto standing = [](value x) { return slice(x, 0, 3, 2, 0); };
static_assert(mistake<beyond, 7>().expected.view() == "a box inside (7)");
static_assert(mistake<standing, 7>().expected.view() == "a box inside (7)");

TEST(slice, steps_back) {
    EXPECT_EQ(outputs_of<picked>({}, numbers{0, 1, 2, 3, 4, 5, 6})[0], (numbers{5, 3, 1}));
    EXPECT_LT(gradient_check<steps_back>().error, 1e-6);
    EXPECT_LT(gradient_check<middle_reversed>().error, 1e-6);
}

// --- both directions

constexpr int T = 5, C = 3, H = 4;
using sequence = shape<T, C>;

struct both_gru : network<bidirectional(gru<H>), sequence> {};
static_assert(output_shape<both_gru> == (extents{T, 2 * H}));
static_assert(both_gru::parameter_count == 2 * 3 * H * (C + H + 2));
static_assert(both_gru::macs == T * 2 * 3.0 * H * (C + H));
static_assert(paths_are<both_gru>({"forward.weight_ih", "forward.weight_hh", "forward.bias_ih", "forward.bias_hh",
                                   "backward.weight_ih", "backward.weight_hh", "backward.bias_ih",
                                   "backward.bias_hh"}));
static_assert(count_of<both_gru>(op::slice) == 2 * count_of<network<gru<H>, sequence>>(op::slice));  // none is reversed

// the same by hand
inline constexpr auto by_hand = [](value x) {
    const value forward = gru<H>(x), backward = reversed(gru<H>(reversed(x, 0)), 0);
    return concatenate({forward, backward});
};
struct hand_made : network<by_hand, sequence> {};
struct turned : network<gru<H, from_the_end>, sequence> {};
struct reversed_around : network<(reverse<0> >> gru<H> >> reverse<0>), sequence> {};

TEST(bidirectional, is_the_layer_on_the_sequence_and_on_the_reversed_one) {
    const numbers p = parameters_of<both_gru>(), x = waves(2 * T * C);
    expect_near(outputs_of<hand_made>(p, x)[0], outputs_of<both_gru>(p, x)[0], 1e-14);
}

TEST(from_the_end, is_the_layer_between_two_reversals) {
    const numbers p = parameters_of<turned>(), x = waves(2 * T * C);
    expect_near(outputs_of<reversed_around>(p, x)[0], outputs_of<turned>(p, x)[0], 1e-14);
}

struct smallest : network<bidirectional(lstm<1>), shape<1, 1>> {};
struct smallest_forward : network<(lstm<1> | lstm<1>), shape<1, 1>> {};

TEST(bidirectional, of_one_element_has_no_direction) {
    const numbers p = parameters_of<smallest>();
    expect_near(outputs_of<smallest_forward>(p, numbers{0.7})[0], outputs_of<smallest>(p, numbers{0.7})[0], 1e-14);
}

inline constexpr auto uneven = [](value x) { return bidirectional(gru<H>)(x, parameter("h0", {H}).with(x)); };
static_assert(mistake<uneven, T, C>().expected.view() == "(8) to start from");

// --- last states

struct all_lstm : network<lstm<H>, sequence> {};
struct last_lstm : network<lstm<H, last_output>, sequence> {};
struct begin : network<lstm<H, with_last_state>, shape<2, C>> {};
struct go_on : network<lstm<H>, in<"x", shape<T - 2, C>>, in<"h0", shape<H>>, in<"c0", shape<H>>> {};
struct gru_begin : network<gru<H, last_state>, shape<2, C>> {};
struct gru_go_on : network<gru<H, last_output>, in<"x", shape<T - 2, C>>, in<"h0", shape<H>>> {};
struct all_gru : network<gru<H>, sequence> {};
static_assert(output_shape<last_lstm> == extents{H} && begin::table.output_count == 3);

TEST(last_output, is_the_last_of_all) {
    const numbers p = parameters_of<all_lstm>(), x = waves(T * C);
    expect_near(part(outputs_of<all_lstm>(p, x)[0], (T - 1) * H, H), outputs_of<last_lstm>(p, x)[0], 1e-14);
}

TEST(last_state, is_where_the_rest_goes_on) {
    const numbers p = parameters_of<all_lstm>(), x = waves(T * C), y = outputs_of<all_lstm>(p, x)[0];
    const auto first = outputs_of<begin>(p, part(x, 0, 2 * C));
    expect_near(part(y, 0, 2 * H), first[0], 1e-14);
    expect_near(part(y, H, H), first[1], 1e-14);
    expect_near(part(y, 2 * H, 3 * H), outputs_of<go_on>(p, part(x, 2 * C, 3 * C), first[1], first[2])[0], 1e-14);

    const numbers q = parameters_of<all_gru>(), z = outputs_of<all_gru>(q, x)[0];
    const auto half = outputs_of<gru_begin>(q, part(x, 0, 2 * C));
    expect_near(part(z, H, H), half[0], 1e-14);
    expect_near(part(z, 4 * H, H), outputs_of<gru_go_on>(q, part(x, 2 * C, 3 * C), half[0])[0], 1e-14);
}

// an encoder from both ends whose states start a decoder, in stacks of two, around which x is added
inline constexpr auto translate = [](value x) {
    const values code = bidirectional(rnn<2>)(x).valid() ? bidirectional(lstm<2, with_last_state>)(x) : values{x};
    return bidirectional(lstm<2>)(code[0], code[1], code[2]);
};
struct translation : network<translate, shape<3, 2>> {};
struct stacked
    : network<(residual(bidirectional(gru<1>)) >> repeat<2>(bidirectional(rnn<1>)) >>
               tied<"both">(bidirectional(rnn<1>)) >> tied<"both">(bidirectional(rnn<1>)) >> gru<2, last_output>),
              shape<3, 2>> {};

TEST(bidirectional, has_exact_gradients) {
    EXPECT_LT(gradient_check<both_gru>().error, 1e-6);
    EXPECT_LT(gradient_check<translation>().error, 1e-6);
    EXPECT_LT(gradient_check<stacked>().error, 1e-6);
}

TEST(bidirectional, agrees_on_every_backend) {
    outputs_of<translation>(parameters_of<translation>(), waves(12));
    outputs_of<stacked>(parameters_of<stacked>(), waves(12));
}

// --- streams know no end

template <auto Layers> struct over_time : network<Layers, shape<4, 2>> {};
template <class Net> constexpr fault said = Net::template graph_for<phase::streaming>::graph.problem;
static_assert(said<over_time<bidirectional(gru<2>)>>.expected.view() ==
              "a recurrence from the beginning of time, in a stream");
static_assert(said<over_time<bidirectional(gru<2>)>>.where.view() == "backward");
static_assert(said<over_time<bidirectional(gru<2>)>>.layer.view() == "gru<2, from_the_end>");
static_assert(said<over_time<lstm<2, last_state>>>.expected.view() ==
              "each element of time by itself, or loops along it");
static_assert(said<over_time<reverse<0>>>.expected.view() == "each element of time by itself, or loops along it");
static_assert(said<over_time<reverse<1>>> == fault{});

}  // namespace
