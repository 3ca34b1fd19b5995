// scan with several carries: each reads what the others were in the iteration before.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/train.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr int frames = 6;

// a driven oscillator: place and speed, and the sum of what drove it
inline constexpr auto oscillator = [](value x) {  // (T, 2)
    const value stiffness = parameter("stiffness", {}, initial::constant(0.3)).with(x);
    const value start = parameter("start", {2}, initial::constant(0.5)).with(x);
    const values path = scan(
        [&](const values& s, value force) {
            return values{s[0] + 0.1 * s[1], s[1] + 0.1 * (force - stiffness * s[0]), s[2] + sum(force) + s[0]};
        },
        values{start, broadcast_to(constant(*x.owner, 0), {2}, x.batched()), start * 2}, x);
    return concatenate({path[0], path[1], path[2]});  // (T, 6)
};
struct of_oscillator : network<oscillator, shape<frames, 2>> {};

// exchanged at each step, so that each is the other one's memory before
inline constexpr auto exchange = [](value x) {
    const values both = scan(
        [](const values& s, value) { return values{s[1], s[0]}; },
        values{parameter("p", {2}, initial::constant(1)).with(x), parameter("q", {2}, initial::constant(2)).with(x)},
        x);
    return concatenate({both[0], both[1]});
};
struct of_exchange : network<exchange, shape<frames, 2>> {};

inline constexpr auto from_the_end_of = [](value x) {
    const values both =
        scan([](const values& s, value u) { return values{s[0] + u, tanh(s[0]) - 0.5 * s[1]}; },
             values{constant({0, 0}, {2}).with(x), constant({1, -1}, {2}).with(x)}, x, {.from_the_end = true});
    return both[1] * both[0];
};
struct backwards : network<from_the_end_of, shape<frames, 2>> {};

// a scan of two carries in one of one
inline constexpr auto nested = [](value x) {  // (T, 2)
    return scan(
        [&](value h, value u) {
            const values inner =
                scan([&](const values& s, value v) { return values{0.5 * s[0] + v * u, s[1] * 0.9 + s[0]}; },
                     values{h, u}, x);
            return tanh(mean(inner[1], axes(0)));
        },
        constant({0.1, -0.2}, {2}).with(x), x);
};
struct of_nested : network<nested, shape<frames, 2>> {};

std::vector<double> drive(int samples) {
    std::vector<double> x;
    for (int i = 0; i < samples * frames * 2; ++i) x.push_back(std::sin(1.3 * i));
    return x;
}

template <class Backend> class scanned : public testing::Test {};
using backends = testing::Types<backend::scalar_on_heap, backend::simd>;
TYPED_TEST_SUITE(scanned, backends);

TYPED_TEST(scanned, is_what_a_loop_computes) {
    auto m = std::make_unique<model<of_oscillator, TypeParam, batch<2>, double>>();
    const std::vector<double> x = drive(2);
    const auto y = (*m)(x);
    for (std::size_t sample = 0; sample < 2; ++sample) {
        double place[2] = {0.5, 0.5}, speed[2] = {}, total[2] = {1, 1};
        for (std::size_t t = 0; t < frames; ++t) {
            const double* force = x.data() + (sample * frames + t) * 2;
            for (int k = 0; k < 2; ++k) total[k] += force[0] + force[1] + place[k];
            for (int k = 0; k < 2; ++k) {
                const double before = place[k];
                place[k] += 0.1 * speed[k];
                speed[k] += 0.1 * (force[k] - 0.3 * before);
            }
            for (std::size_t k = 0; k < 2; ++k) {
                const std::size_t row = (sample * frames + t) * 6;
                EXPECT_NEAR(y[row + k], place[k], 1e-12);
                EXPECT_NEAR(y[row + 2 + k], speed[k], 1e-12);
                EXPECT_NEAR(y[row + 4 + k], total[k], 1e-12);
            }
        }
    }
}

TYPED_TEST(scanned, carries_change_places) {
    auto m = std::make_unique<model<of_exchange, TypeParam>>();
    const auto y = (*m)(std::vector<float>(frames * 2));
    for (std::size_t t = 0; t < frames; ++t) {
        EXPECT_EQ(y[t * 4], t % 2 == 0 ? 2 : 1);
        EXPECT_EQ(y[t * 4 + 2], t % 2 == 0 ? 1 : 2);
    }
}

template <class Net, class Backend> void expect_streams() {
    auto whole = std::make_unique<model<Net, Backend, double>>(3);
    auto stream = std::make_unique<model<Net, Backend, double, streaming>>(4);
    std::ranges::copy(whole->parameters(), stream->parameters().begin());
    const std::vector<double> x = drive(1);
    for (int round = 0; round < 2; ++round, stream->reset()) {
        const auto all = (*whole)(x);
        const std::size_t width = all.size() / frames;
        for (std::size_t t = 0; t < frames; ++t) {
            const auto y = (*stream)(std::vector<double>{x[t * 2], x[t * 2 + 1]});
            ASSERT_EQ(y.size(), width);
            for (std::size_t k = 0; k < width; ++k) EXPECT_NEAR(y[k], all[t * width + k], 1e-12) << t << " " << k;
        }
    }
}
TYPED_TEST(scanned, frame_by_frame) {
    expect_streams<of_oscillator, TypeParam>();
    expect_streams<of_exchange, TypeParam>();
}

template <class Net> class scanned_gradients : public testing::Test {};
using networks = testing::Types<of_oscillator, of_exchange, backwards, of_nested>;
TYPED_TEST_SUITE(scanned_gradients, networks);

TYPED_TEST(scanned_gradients, are_those_of_differences) {
    const gradient_check_result found = gradient_check<TypeParam>();
    EXPECT_LT(found.error, 2e-6) << found.where << " " << found.index << ": " << found.analytic << " for "
                                 << found.numeric;
}

}  // namespace
