// Causal attention in a stream: keys and values are kept, and each frame is as on the whole sequence.
#include <gtest/gtest.h>

#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/frame_positions.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/model.hpp>

#include "streams.hpp"

namespace {

using namespace tessera;

template <int T, auto Layers, int... Rest> struct over_time : network<Layers, shape<T, Rest...>> {};

template <class Net> constexpr detail::fault said = Net::template graph_for<phase::streaming>::graph.problem;
template <auto Layers, int... Rest>
constexpr bool is_refused =
    said<over_time<4, Layers, Rest...>>.expected.view() == "each element of time by itself, or loops along it";

template <class Net> void expect_streams() { streams::expect_streams<Net>(2e-6); }

// a key of other features than a value, and a cap
inline constexpr auto uneven = [](value x) {
    const value q = reshape(dense<6>(x), {-1, 2, 3}), v = reshape(dense<10>(x), {-1, 2, 5});
    return reshape(attend(q, reshape(dense<6>(x), {-1, 2, 3}), v, {.scale = 0.7, .causal = true, .cap = 1.5}),
                   {-1, 10});
};
template <int D>
inline constexpr auto transformer_block = residual(layer_norm >> multi_head_attention<2, causal, with_bias>) >>
                                          residual(layer_norm >> dense<2 * D> >> gelu >> dense<D>);

TEST(causal_attention, streams) {
    expect_streams<over_time<9, multi_head_attention<2, causal>, 4>>();
    expect_streams<over_time<7, multi_head_attention<1, causal>, 1>>();
    expect_streams<over_time<1, multi_head_attention<3, causal>, 6>>();
    expect_streams<over_time<2, multi_head_attention<1, causal>, 5>>();
    expect_streams<over_time<11, uneven, 3>>();
    expect_streams<over_time<150, multi_head_attention<2, causal>, 34>>();  // more than a block of keys
    expect_streams<over_time<13, repeat<2>(transformer_block<8>), 8>>();
}

// queries and keys turned by their positions, pair by pair of features (Su et al. 2021, "RoFormer")
constexpr value turned(value x, value places) {  // (T, H, 4), (T)
    const value angle = einsum("t,k->tk", places, constant({1.0, 0.1}, {2}).with(x));
    const value c = reshape(cos(angle), {-1, 1, 2}), s = reshape(sin(angle), {-1, 1, 2});
    const value a = slice(x, 2, 0, 2), b = slice(x, 2, 2, 2);
    return concatenate({a * c - b * s, a * s + b * c});
}
inline constexpr auto by_rotation = [](value x) {
    const value at = frame_positions(x);
    const auto heads = [&](value v) { return reshape(v, {-1, 2, 4}); };
    const value q = turned(heads(dense<8>(x)), at), k = turned(heads(dense<8>(x)), at);
    return reshape(attend(q, k, heads(dense<8>(x)), {.causal = true}), {-1, 8});
};
inline constexpr auto with_codes = [](value x) { return x + reshape(sin(0.3 * frame_positions(x)), {-1, 1}); };
TEST(frame_positions, count_on_in_a_stream) {
    expect_streams<over_time<9, (with_codes >> by_rotation >> dense<3>), 5>>();
    expect_streams<over_time<6, frame_positions, 2>>();
}
// within an element of time, or of another axis, they are numbers as any
static_assert(is_refused<(identity >>
                          [](value x) {
                              return permute(permute(x, {1, 0}) + reshape(frame_positions(permute(x, {1, 0})), {-1, 1}),
                                             {1, 0});
                          }),
                         2>);

// the function by which a layer of the user's own attends
inline constexpr auto by_function = [](value x) {
    const value h = reshape(x, {-1, 2, 2});
    return reshape(attention(h, h, h, 0.5, causal{}), {-1, 4});
};
TEST(causal_attention, of_a_function_streams) { expect_streams<over_time<8, by_function, 4>>(); }

// Beyond the length of the network's sequences, a frame is as the last of a whole sequence of that length.
inline constexpr auto layer = multi_head_attention<2, causal>;
constexpr int most = 5, features = 4, heard = 4 * most + 3;
template <class Backend, class Real> void expect_rolling(double error) {
    using net = over_time<most, layer, features>;
    model<net, Backend, Real> whole(3);
    model<net, Backend, Real, streaming> stream(3);
    const auto x = streams::numbers_of<Real>(heard * features, 2);
    for (int t = 0; t < heard; ++t) {
        const auto found = stream(std::span(x).subspan(static_cast<std::size_t>(t * features), features));
        if (t + 1 < most) continue;
        const auto wanted =
            whole(std::span(x).subspan(static_cast<std::size_t>((t + 1 - most) * features), most * features));
        for (std::size_t i = 0; i < features; ++i)
            EXPECT_NEAR(found[i], wanted[(most - 1) * features + i], error) << "frame " << t;
    }
}
TEST(causal_attention, forgets_the_oldest_when_a_stream_goes_on) {
    expect_rolling<backend::scalar_on_heap, double>(1e-13);
    expect_rolling<backend::scalar_on_heap, float>(1e-6);
    expect_rolling<backend::simd, double>(1e-13);
    expect_rolling<backend::simd, float>(1e-6);
}

// what is forgotten reaches no result, whatever it was
template <class Backend> void expect_forgotten() {
    model<over_time<most, layer, features>, Backend, streaming> stream(3);
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    for (int t = 0; t < 2 * most; ++t) {
        const auto y = stream(std::vector<float>(features, t == 1 ? none : 0.5F));
        EXPECT_EQ(y[0] != y[0], t >= 1 && t < 1 + most) << "frame " << t;
    }
}
TEST(causal_attention, forgets_a_nan_as_well) {
    expect_forgotten<backend::scalar_on_heap>();
    expect_forgotten<backend::simd>();
}

// each of several streams has kept another number of frames
template <class Backend> void expect_apart() {
    using net = over_time<6, repeat<2>(transformer_block<4>), 4>;
    model<net, Backend, batch<3>, double, streaming> together(1);
    model<net, Backend, double, streaming> alone[3];
    for (auto& s : alone) std::ranges::copy(together.parameters(), s.parameters().begin());
    const auto x = streams::numbers_of(12 * 3 * 4, 3);
    for (std::size_t call = 0; call < 12; ++call) {
        if (call == 3) {
            together.reset(1);
            alone[1].reset();
        }
        const std::size_t present = call % 3 == 2 ? 2 : 3;
        const auto now = std::span(x).subspan(call * 12, 12);
        const auto y = together(now.first(present * 4));
        const std::vector<double> found(y.begin(), y.end());
        for (std::size_t s = 0; s < present; ++s) {
            const auto wanted = alone[s](now.subspan(4 * s, 4));
            for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found[4 * s + i], wanted[i], 1e-12) << call << ", " << s;
        }
    }
}
TEST(causal_attention, of_several_streams_are_each_its_own) {
    expect_apart<backend::scalar_on_heap>();
    expect_apart<backend::simd>();
}

static_assert(program<over_time<9, layer, 4>, backend::simd, streaming>::runs_natively);

// --- what is refused

static_assert(is_refused<multi_head_attention<1>, 2>);
inline constexpr auto biased = [](value x) {
    const value h = reshape(x, {-1, 1, 2});
    return reshape(attend(h, h, h, {.causal = true}, parameter("bias", {1, 1, 1}).with(x)), {-1, 2});
};
static_assert(is_refused<biased, 2>);
inline constexpr auto of_a_table = [](value x) {
    const value h = reshape(x, {-1, 1, 2}), table = parameter("table", {4, 1, 2}).with(x);
    return attend(h, table, table, {.causal = true});
};
static_assert(is_refused<of_a_table, 2>);
// within each element of time it is none of the stream's
inline constexpr auto within_each = [](value x) {
    return scan([](value h, value frame) { return h + multi_head_attention<1, causal>(frame); },
                broadcast_to(constant(*x.owner, 0), {3, 2}, x.batched()), x);
};
TEST(causal_attention, within_an_element_of_time_is_none_of_the_streams) {
    expect_streams<over_time<4, within_each, 3, 2>>();
}

}  // namespace
