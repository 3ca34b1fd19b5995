// Several streams in one model: each as in a model of its own, whatever the others do, how many are present, and when one
// of them begins again.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/delay.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/weights_of.hpp>

#include "streams.hpp"

namespace {

using namespace tessera;

constexpr int features = 3, present = 5;  // of each network below; streams
template <auto Layers> struct heard : network<Layers, shape<7, features>> {};

// begins with what is learnt
inline constexpr auto fades = [](value x) {
    return scan([](value h, value v) { return 0.5 * h + v; },
                parameter("first", {features}, initial::constant(3)).with(x), x);
};
// a carry that is the same in all streams
inline constexpr auto counted = [](value x) {
    const values both = scan([](const values& s, value v) { return values{s[0] + v, s[1] + 1}; },
                             values{broadcast_to(constant(*x.owner, 0), {features}, true), constant(*x.owner, 0.5)}, x);
    return both[0] * reshape(both[1], {x.extent(0), 1});
};
inline constexpr auto refined = [](value x) { return iterate<3>([](value h) { return 0.5 * (h + tanh(h)); }, x); };

template <class Backend> struct several_streams : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(several_streams, backends);

template <class Net, class Backend, class Real> void expect_apart(double error) {
    using single = model<Net, Backend, batch<1>, Real, streaming>;
    using several = model<Net, Backend, batch<present>, Real, streaming>;
    single alone[present];
    several together(1);
    for (Real& w : together.parameters()) w += static_cast<Real>(0.01);
    for (single& s : alone) std::ranges::copy(together.parameters(), s.parameters().begin());
    const auto all = streams::numbers_of<Real>(14 * present * features, 4);
    for (int call = 0; call < 14; ++call) {
        const int now = call % 4 == 3 ? 2 : present;  // at times the first two alone
        if (call == 6) {
            together.reset(1);
            alone[1].reset();
        }
        if (call == 9) {
            together.reset();
            for (single& s : alone) s.reset();
        }
        const auto x = std::span(all).subspan(static_cast<std::size_t>(call * present * features));
        const auto y = together(x.first(static_cast<std::size_t>(now * features)));
        const std::vector<Real> found(y.begin(), y.end());
        for (int s = 0; s < now; ++s) {
            const auto wanted = alone[s](x.subspan(static_cast<std::size_t>(s * features), features));
            ASSERT_EQ(found.size(), wanted.size() * static_cast<std::size_t>(now));
            for (std::size_t i = 0; i < wanted.size(); ++i)
                EXPECT_NEAR(found[static_cast<std::size_t>(s) * wanted.size() + i], wanted[i], error)
                    << "call " << call << ", stream " << s << ", " << i;
        }
    }
}
template <auto Layers, class Backend> void expect_apart_in_both() {
    expect_apart<heard<Layers>, Backend, double>(1e-13);
    expect_apart<heard<Layers>, Backend, float>(1e-5);
}

TYPED_TEST(several_streams, of_loops_are_each_its_own) {
    expect_apart_in_both<(gru<4> >> lstm<2>), TypeParam>();
    expect_apart_in_both<fades, TypeParam>();
    expect_apart_in_both<counted, TypeParam>();
    expect_apart_in_both<(dense<4> >> refined >> gru<3>), TypeParam>();
}
TYPED_TEST(several_streams, of_what_looks_back_are_each_its_own) {
    expect_apart_in_both<(causal_conv<4, 3, dilation<2>> >> residual(causal_conv<4, 2>)), TypeParam>();
    expect_apart_in_both<(delay<2> >> batch_norm >> gru<3>), TypeParam>();
}

struct spoken : network<(dense<4> >> batch_norm >> causal_conv<4, 2> >> gru<2>), shape<7, features>> {};
struct listening : folded<spoken, streaming> {};
TYPED_TEST(several_streams, of_folded_networks_and_of_borrowed_parameters) {
    model<spoken, TypeParam, double> trained(3);
    weights_of<spoken, double> shared(0);
    std::ranges::copy(trained.parameters(), shared.parameters().begin());
    model<spoken, TypeParam, double, streaming> one(1);
    std::ranges::copy(trained.parameters(), one.parameters().begin());
    model<listening, TypeParam, double, streaming, batch<3>> fast;
    fold(trained, fast);
    const model<spoken, TypeParam, double, streaming, borrowed, batch<3>> made(shared);
    auto lent = made;
    const auto x = streams::numbers_of(4 * 3 * features, 2);
    for (std::size_t call = 0; call < 4; ++call) {
        const auto now = std::span(x).subspan(call * 3 * features, 3 * features);
        const auto a = fast(now), b = lent(now), wanted = one(now.subspan(2 * features));
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            EXPECT_NEAR(a[2 * wanted.size() + i], wanted[i], 1e-12);
            EXPECT_NEAR(b[2 * wanted.size() + i], wanted[i], 1e-12);
        }
    }
}

// what a stream has heard goes on in another model
TYPED_TEST(several_streams, go_on_with_their_states) {
    using stream = model<heard<(gru<3> >> delay<1>)>, TypeParam, batch<2>, double, streaming>;
    stream a(1), b(1);
    const auto x = streams::numbers_of(2 * features, 1);
    a(x);
    std::ranges::copy(a.states(), b.states().begin());
    const auto wanted = a(x), found = b(x);
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(found[i], wanted[i]);
}

using of_two = model<heard<gru<20>>, backend::scalar, batch<2>, float, streaming>;
static_assert(of_two::state_bytes == 48 * 4);  // 2 times 20, up to a line
TEST(states_of_streams, are_found_by_their_path_one_after_another) {
    of_two m;
    ASSERT_EQ(m.state("carry").size(), 40U);
    m(std::array<float, 2 * features>{0, 0, 0, 1, 1, 1});
    EXPECT_NE(m.state("carry")[0], m.state("carry")[20]);
    const float second = m.state("carry")[20];
    m.reset(0);
    EXPECT_EQ(m.state("carry")[0], 0);
    EXPECT_EQ(m.state("carry")[20], second);
}

TEST(states_of_streams_death, a_stream_that_is_not_there) {
    of_two m;
    EXPECT_DEATH(m.reset(2), "reset of a model.*the number of a stream.*2");
    EXPECT_DEATH(m.reset(-1), "reset of a model.*the number of a stream.*-1");
}

}  // namespace
