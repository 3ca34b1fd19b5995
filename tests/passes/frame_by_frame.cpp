// frame_by_frame: which networks give, frame by frame, what they give on whole sequences; and that the others are
// refused.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int T = 4;
template <auto Layers, int... Rest> struct over_time : network<Layers, shape<T, Rest...>> {};
// the mistake of a stream, or none
template <class Net> constexpr fault said = Net::template graph_for<phase::streaming>::graph.problem;
template <auto Layers, int... Rest> constexpr bool streams = said<over_time<Layers, Rest...>> == fault{};
template <auto Layers, int... Rest>
constexpr bool is_refused =
    said<over_time<Layers, Rest...>>.expected.view() == "each element of time by itself, or loops along it";

// --- what treats each element by itself
static_assert(streams<(dense<3> >> relu >> layer_norm >> softmax), 5>);
static_assert(streams<(conv<3, 1> >> max_pool<1>), 5>);
static_assert(streams<(gru<3> >> gru<2>), 5>);
static_assert(streams<(dense<6> >> [](value x) { return reshape(x, {x.extent(0), 2, 3}); }), 5>);
static_assert(streams<(identity >> [](value x) { return softmax(permute(x, {0, 2, 1})); }), 2, 3>);
static_assert(streams<(identity >> [](value x) { return einsum("tij,tkj->tik", x, x); }), 2, 3>);
static_assert(streams<(identity >> [](value x) { return x - reshape(mean(x, last), {x.extent(0), 1}); }), 3>);
static_assert(
    streams<(identity >>
             [](value x) { return concatenate({x, broadcast_to(constant(*x.owner, 0), x.shape(), x.batched())}); }),
            3>);
static_assert(streams<(identity >> [](value x) { return slice(padded(x, {0, 1}, {0, 2}), 1, 1, 2); }), 3>);
// images in time: the window moves within each
static_assert(
    streams<(identity >> [](value x) { return sum(einsum("thw,hk->tkw", x, parameter("w", {3, 2})), axes(1)); }), 3,
            3>);

// --- what looks along time
static_assert(is_refused<conv<1, 3, same>, 1>);
static_assert(is_refused<conv<1, 1, stride<2>>, 1>);
static_assert(is_refused<conv_transpose<1, 3>, 1>);
static_assert(is_refused<max_pool<2>, 1>);
static_assert(is_refused<multi_head_attention<1>, 2>);
static_assert(is_refused<group_norm<1>, 2>);
static_assert(is_refused<(identity >> [](value x) { return x - mean(x, leading); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return max(x, axes(0)); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return softmax(permute(x, {1, 0})); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return einsum("ti,tj->ij", x, x); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return slice(x, 0, 0, 1); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return concatenate({x, x}, 0); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return padded(x, {1, 0}, {0, 0}); }), 2>);
static_assert(is_refused<(identity >> [](value x) { return reshape(x, {2, T}); }), 2>);
// a state that each element of time changes, or each call, seen by more than its own scan
inline constexpr auto halves = [](value s, value x) {
    return scan(
        [&](value h, value item) {
            update(s, s * 0.5 + reduce(op::sum, item, 0, {.over_batch = true}));
            return h + s;
        },
        broadcast_to(constant(*x.owner, 0), {x.extent(1)}, true), x);
};
inline constexpr auto state_of = [](value x) { return state("s", {2}, 1).with(x); };
static_assert(streams<(identity >> [](value x) { return halves(state_of(x), x); }), 2>);
static_assert(is_refused<(identity >>
                          [](value x) {
                              const value s = state_of(x);
                              return halves(s, x) + s;
                          }),
                         2>);
static_assert(is_refused<(identity >>
                          [](value x) {
                              const value s = state_of(x);
                              update(s, s + 1);
                              return x * s;
                          }),
                         2>);
static_assert(streams<(identity >>
                       [](value x) {  // counts calls, and nothing sees it
                           const value s = state_of(x);
                           update(s, s + 1);
                           return x * state("still", {2}, 3).with(x);
                       }),
                      2>);
// the value of one time meets that of another
static_assert(is_refused<(identity >> [](value x) { return x + permute(x, {1, 0}); }), T>);
static_assert(is_refused<(gru<2> >> [](value x) { return permute(x, {1, 0}); } >> gru<2>), 2>);

// a table with a row for each time, known or learnt
static_assert(!streams<(identity >> [](value x) { return x + parameter("row", {x.extent(0), 1}); }), 2>);
inline constexpr auto ramp = [](value x) {
    value row = broadcast_to(constant(*x.owner, 0), {1, 1}, false);
    for (int t = 1; t < x.extent(0); ++t)
        row = concatenate({row, broadcast_to(constant(*x.owner, t), {1, 1}, false)}, 0);
    return x + row;
};
static_assert(is_refused<ramp, 2>);
// a number that the length decides
static_assert(said<over_time<(identity >> [](value x) { return x * (1.0 / x.extent(0)); }), 2>>.found.view() ==
              "one that depends on the length of time");

// a loop along another axis is none of time
inline constexpr auto along_features = [](value x) {
    const auto add = [](value h, value item) { return h + item; };
    return scan(add, broadcast_to(constant(*x.owner, 0), {x.extent(0)}, x.batched()), permute(x, {1, 0}));
};
static_assert(is_refused<along_features, 3>);

// of one element of time there is nothing else to look at
struct moment : network<(conv<1, 3, same> >> [](value x) { return x - mean(x, leading); }), shape<1, 2>> {};
static_assert(said<moment> == fault{});

struct words : network<(embedding<7, 3> >> dense<2>), in<"tokens", shape<T>, int32>> {};
static_assert(said<words> == fault{});

TEST(frame_by_frame, the_mistake_names_layer_and_operation) {
    constexpr fault f = said<over_time<(dense<2> >> relu >> conv<1, 3, same>), 2>>;
    EXPECT_EQ(f.where.view(), "2");
    EXPECT_EQ(f.layer.view(), "conv<1, 3>");
    EXPECT_EQ(f.found.view(), "convolution of more than one element of time");
}

// the layer is told as it was written, also where it is the whole expression
constexpr fault of_one_convolution = frozen<tracing::source<phase::streaming, conv<1, 3>, shape<6, 3>>>::graph.problem;
static_assert(of_one_convolution.layer.view() == "conv<1, 3>");

}  // namespace
