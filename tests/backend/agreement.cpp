// Every backend, number type, capacity and network: what a model computes is what the oracle computes in double, for
// full batches and for fewer samples.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <vector>

#include "../erased_program.hpp"
#include "../typed_sweep.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct pictures
    : network<(conv<5, 3> >> batch_norm >> relu >> max_pool<2> >> conv<7, 3, same> >> relu >> flatten >> dense<3>),
              shape<9, 7, 3>> {};
struct tokens : network<(dense<6> >> residual(layer_norm >> multi_head_attention<2>) >> global_avg_pool >> dense<2>),
                        shape<11, 5>> {};
struct signals : network<(gru<5> >> dense<2>), shape<7, 3>> {};

template <class Net, class Backend, class Real, class Batch> struct configuration {
    using net = Net;
    using real = Real;
    using tested = program<Net, Backend, Batch, Real>;
};

template <class Configuration> struct agreement : testing::Test {};
using cases = decltype(sweep_of<configuration>(hana::tuple_t<pictures, tokens, signals>,
                                               hana::tuple_t<backend::scalar, backend::simd>,
                                               hana::tuple_t<float, double>, hana::tuple_t<batch<1>, batch<5>>));
TYPED_TEST_SUITE(agreement, cases::type);

template <class Real> void compare(const erased::program<Real>& p, const erased::program<double>& exact) {
    erased::run_of<Real> tested(p);
    erased::run_of<double> oracle(exact);
    constexpr double tolerance = sizeof(Real) == 4 ? 1e-5 : 1e-13;
    for (int count : {1, p.capacity / 2 + 1, p.capacity}) {
        std::vector<Real> x(static_cast<std::size_t>(count * p.elements_of_input(0)));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(std::sin(1.3 * static_cast<double>(i)));
        const std::vector<double> same(x.begin(), x.end());
        const auto found = tested(x, count);
        const auto wanted = oracle(same, count);
        ASSERT_EQ(found.size(), wanted.size());
        double largest = 0;
        for (double w : wanted) largest = std::max(largest, std::abs(w));
        for (std::size_t i = 0; i < wanted.size(); ++i)
            EXPECT_NEAR(static_cast<double>(found[i]), wanted[i], tolerance * largest) << i << " of " << count;
    }
}
TYPED_TEST(agreement, with_the_oracle_in_double) {
    using net = typename TypeParam::net;
    compare(erased::program_of<typename TypeParam::tested>(),
            erased::program_of<program<net, backend::scalar, batch<5>, double>>());
}

// two loops that differ in where a zero stands
inline constexpr auto opposites = [](value a, value b) {
    return values{select(less(a, 0.5), 1, 0), select(less(b, 0.5), 0, 1)};
};
struct compared : network<opposites, shape<4>, shape<4>> {};

template <class Backend> struct loops : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(loops, backends);

TYPED_TEST(loops, are_told_apart_by_their_zeros) {
    model<compared, TypeParam> m;
    const std::vector<float> x{0, 1, 0.25f, 2};
    m(x, x);
    EXPECT_EQ(std::vector<float>(m.output(0).begin(), m.output(0).end()), (std::vector<float>{1, 0, 1, 0}));
    EXPECT_EQ(std::vector<float>(m.output(1).begin(), m.output(1).end()), (std::vector<float>{0, 1, 0, 1}));
}

}  // namespace
