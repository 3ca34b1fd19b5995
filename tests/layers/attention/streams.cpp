// Attention in a stream: queries and keys that are turned by the number of the frame, and sums instead of keys.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/linear_attention.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>

#include "../streams.hpp"

namespace {

using namespace tessera;

template <int T, auto Layers, int... Rest> struct over_time : network<Layers, shape<T, Rest...>> {};

template <auto Layers, int... Rest>
constexpr bool is_refused =
    over_time<4, Layers, Rest...>::template graph_for<phase::streaming>::graph.problem.expected.view() ==
    "each element of time by itself, or loops along it";

template <class Net> void expect_streams() {
    streams::expect_as_whole<Net, backend::scalar, double>(1e-12);
    streams::expect_as_whole<Net, backend::simd, float>(1e-5);
}

TEST(multi_head_attention, rotary_streams) {
    expect_streams<over_time<9, multi_head_attention<2, causal, rotary, with_bias>, 8>>();
    expect_streams<over_time<70, residual(multi_head_attention<1, causal, rotary_halves, key_width<2, 3>>), 3>>();
}

TEST(linear_attention, frame_by_frame_streams) {
    expect_streams<over_time<9, linear_attention<2, frame_by_frame>, 4>>();
    expect_streams<over_time<5,
                             (residual(linear_attention<1, frame_by_frame, with_bias>) >>
                              linear_attention<3, frame_by_frame, key_width<2, 1>>),
                             3>>();
}

static_assert(is_refused<multi_head_attention<2, causal, relative_bias>, 4>);
static_assert(is_refused<multi_head_attention<2, rotary>, 4>);
static_assert(is_refused<linear_attention<2, causal>, 4>);

}  // namespace
