// What a trainer does to all parameters at a time gives the same bits for any number of threads, more than there are
// cores too, and what the plain loops give.
#include <tessera/train/in_slices.hpp>
//
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/adam.hpp>
#include <tessera/train/optimiser/adamw.hpp>
#include <tessera/train/optimiser/rmsprop.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;
using pool = tessera::detail::simd::threads;

class in_slices : public testing::Test {
  protected:
    void TearDown() override { pool::set_count(1); }
};

TEST_F(in_slices, cover_every_element_once) {
    for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 100'003u, 20'000'001u}) {
        const detail::slices cut(size);
        EXPECT_EQ(cut.begin(0), 0u);
        EXPECT_EQ(cut.begin(cut.count), size);
        EXPECT_LE(cut.count, detail::slices::most);
        for (int k = 0; k < cut.count; ++k) {
            EXPECT_EQ(cut.begin(k) % detail::slices::unit, 0u);
            EXPECT_LE(cut.begin(k), cut.begin(k + 1));
            if (cut.count > 1) {
                EXPECT_GE(cut.begin(k + 1) - cut.begin(k), detail::slices::least - detail::slices::unit);
            }
        }
    }
}

TEST_F(in_slices, are_for_backends_that_have_threads) {
    static_assert(std::is_same_v<detail::threads_of<backend::simd>, backend::simd>);
    static_assert(std::is_same_v<detail::threads_of<backend::scalar>, detail::one_thread>);
    pool::set_count(3);
    std::atomic<int> seen = 0;
    detail::in_slices<backend::simd>(300'000, [&](int, std::size_t, std::size_t) noexcept { ++seen; });
    EXPECT_EQ(seen, detail::slices(300'000).count);
    EXPECT_GT(seen, 1);
}

TEST_F(in_slices, of_a_norm_are_added_in_order) {
    std::vector<float> g(500'003);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = std::sin(static_cast<float>(i));
    double exact = 0;
    for (const float x : g) exact += static_cast<double>(x) * x;
    const double wanted = global_norm(std::span<const float>(g));
    EXPECT_NEAR(wanted, std::sqrt(exact), 1e-9 * wanted);
    for (const int threads : {1, 2, 3, 64, 100}) {
        pool::set_count(threads);
        EXPECT_EQ(global_norm<backend::simd>(std::span<const float>(g)), wanted) << threads;
        auto clipped = g;
        EXPECT_EQ(clip_by_norm<backend::simd>(std::span<float>(clipped), 1.0), wanted);
        EXPECT_NEAR(global_norm(std::span<const float>(clipped)), 1, 1e-5);
    }
    g[400'000] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(global_norm<backend::simd>(std::span<const float>(g))));
}

struct wide : network<dense<330>, shape<421>> {};  // a weight of several slices, and a bias of none

// an optimiser that looks at a parameter as a whole sees all of it
struct signed_by_sum {
    static constexpr int slots = 0;
    template <class T>
    void update(std::span<T> w, std::span<const T> g, std::array<T*, 0>, long, double rate, bool) const noexcept {
        T sum = 0;
        for (const T x : g) sum += x;
        for (T& x : w) x -= static_cast<T>(rate) * (sum > 0 ? T(1) : T(-1));
    }
};

// parameters, average and gradients after a few steps
template <class Optimiser, class Backend = backend::simd> std::vector<float> trained(Optimiser o, int threads) {
    pool::set_count(threads);
    model<wide, Backend, batch<4>> m(3);
    trainer<decltype(m), squared_error, Optimiser> t(m, o, {.clip_norm = 0.5, .average_decay = 0.9, .accumulate = 2});
    std::vector<float> x(4 * 421), y(4 * 330);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::cos(static_cast<float>(i));
    for (int step = 0; step < 6; ++step) t.step(0.01, x, y);
    std::vector<float> all(m.parameters().begin(), m.parameters().end());
    all.insert(all.end(), t.average().begin(), t.average().end());
    all.insert(all.end(), t.gradients().begin(), t.gradients().end());
    return all;
}
template <class Optimiser> void expect_equal_bits(Optimiser o) {
    const auto wanted = trained(o, 1);
    for (const int threads : {2, 3, 64, 100}) {
        const auto found = trained(o, threads);
        EXPECT_EQ(std::memcmp(found.data(), wanted.data(), wanted.size() * sizeof(float)), 0) << threads;
    }
    const auto serial = trained<Optimiser, backend::scalar_on_heap>(o, 1);
    for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(wanted[i], serial[i], 1e-3) << i;
}
TEST_F(in_slices, of_a_step_give_the_same_bits_for_any_number_of_threads) {
    expect_equal_bits(sgd{.momentum = 0.9, .weight_decay = 0.01});
    expect_equal_bits(adam{.weight_decay = 0.01});
    expect_equal_bits(adamw{});
    expect_equal_bits(rmsprop{.momentum = 0.5, .centred = true});
    expect_equal_bits(signed_by_sum{});
}

// one element that is not finite leaves the step out, whichever slice it is in
TEST_F(in_slices, of_gradients_are_all_looked_at) {
    pool::set_count(3);
    model<wide, backend::simd, batch<4>> m(3);
    trainer<decltype(m), squared_error, sgd> t(m);
    const std::vector<float> x(4 * 421, 0.5f), y(4 * 330, 0.25f);
    for (const std::size_t at : {std::size_t{0}, std::size_t{70'000}, t.gradients().size() - 1}) {
        t.compute(x, y);
        const std::vector<float> before(m.parameters().begin(), m.parameters().end());
        t.gradients()[at] = std::numeric_limits<float>::infinity();
        EXPECT_FALSE(t.apply(0.1)) << at;
        EXPECT_TRUE(std::ranges::equal(before, m.parameters())) << at;
    }
}

}  // namespace
