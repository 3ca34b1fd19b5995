// The bases and the wavelets: their values, and what holds of them.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/layers/kan/b_spline.hpp>
#include <tessera/layers/kan/bernstein.hpp>
#include <tessera/layers/kan/chebyshev.hpp>
#include <tessera/layers/kan/fourier.hpp>
#include <tessera/layers/kan/gram.hpp>
#include <tessera/layers/kan/hermite.hpp>
#include <tessera/layers/kan/jacobi.hpp>
#include <tessera/layers/kan/legendre.hpp>
#include <tessera/layers/kan/radial.hpp>
#include <tessera/layers/kan/relu_bumps.hpp>
#include <tessera/layers/kan/wavelets.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;

template <class Basis> inline constexpr auto all_of = [](value x) { return values_of<Basis>(x); };
template <class Wavelet> inline constexpr auto pairs_of = [](value x) { return Wavelet{}(x); };

// the functions of a basis at some places, place by place
template <class Basis> struct at : network<all_of<Basis>, shape<1>> {};
template <class Basis> numbers values_at(const numbers& x, const numbers& recurrence = {}) {
    evaluation<at<Basis>> e(phase::inference, static_cast<int>(x.size()));
    e.input() = x;
    if (!recurrence.empty()) e.parameter("recurrence") = recurrence;
    e.run();
    return e.output();
}
template <class Wavelet> double wavelet_at(double x) {
    evaluation<network<pairs_of<Wavelet>, shape<1, 1>>> e;
    e.input() = {x};
    e.run();
    return e.output()[0];
}

void expect_near(const numbers& found, const numbers& wanted, double tolerance = 5e-7) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], tolerance) << i;
}

static_assert(basis<b_spline<5, 3>> && basis<gram<3>> && basis<relu_bumps<5, 3>> && !basis<mexican_hat> && !basis<int>);
static_assert(wavelet<mexican_hat> && wavelet<shannon>);
static_assert(b_spline<5, 3>::count == 8 && b_spline<10, 2>::count == 12 && chebyshev<3>::count == 4);
static_assert(fourier<4>::count == 8 && relu_bumps<5, 3>::count == 8 && radial<8>::count == 8);
static_assert(output_shape<network<all_of<legendre<3>>, shape<2, 5>>> == (extents{2, 5, 4}));

// a basis that gives another number of functions than it says
struct too_few {
    static constexpr std::string_view name = "too_few";
    static constexpr int count = 3;
    constexpr value operator()(value x) const { return x + iota(2); }
};
static_assert(mistake<all_of<too_few>, 4>().expected.view() == "functions of too_few of shape (4, 3)");
static_assert(mistake<all_of<chebyshev<3>>, 2, 2, 2, 2, 2, 2>().expected.view() ==
              "features on the last axis, and an axis to spare");

// the recursion of Cox and de Boor, on any knots
double recursion(const numbers& knots, std::size_t i, int degree, double x) {
    if (degree == 0) return x >= knots[i] && x < knots[i + 1];
    const auto k = static_cast<std::size_t>(degree);
    return (x - knots[i]) / (knots[i + k] - knots[i]) * recursion(knots, i, degree - 1, x) +
           (knots[i + k + 1] - x) / (knots[i + k + 1] - knots[i + 1]) * recursion(knots, i + 1, degree - 1, x);
}

template <int Grid, int Degree> void compare_with_recursion() {
    const double step = 3.0 / Grid;
    numbers knots, places;
    for (int i = -Degree; i <= Grid + Degree; ++i) knots.push_back(-1 + i * step);
    for (double x = -4; x < 5; x += 0.0937) places.push_back(x);
    const numbers found = values_at<b_spline<Grid, Degree, -1.0, 2.0>>(places);
    for (std::size_t p = 0; p < places.size(); ++p) {
        double all = 0;
        for (std::size_t i = 0; i < Grid + Degree; ++i) {
            const double f = found[p * (Grid + Degree) + i];
            EXPECT_NEAR(f, recursion(knots, i, Degree, places[p]), 1e-13) << Degree << ' ' << places[p] << ' ' << i;
            all += f;
        }
        if (places[p] >= -1 && places[p] < 2) {
            EXPECT_NEAR(all, 1, 1e-13) << places[p];
        } else {
            EXPECT_LT(all, 1 + 1e-13);
        }
    }
}

TEST(b_spline, is_what_the_recursion_gives) {
    compare_with_recursion<4, 0>();
    compare_with_recursion<4, 1>();
    compare_with_recursion<5, 2>();
    compare_with_recursion<5, 3>();
    compare_with_recursion<1, 4>();
    compare_with_recursion<3, 5>();
}

TEST(b_spline, has_the_values_of_five_intervals) {
    const numbers inside = values_at<b_spline<5, 3>>({0.3});
    expect_near(inside, {0, 0, 0, .070313, .611979, .315104, .002604, 0});
    const numbers end = values_at<b_spline<5, 3>>({1});
    expect_near(end, {0, 0, 0, 0, 0, .166667, .666667, .166667});
    double outside = 0;
    for (double f : values_at<b_spline<5, 3>>({1.3})) outside += f;
    EXPECT_NEAR(outside, .929688, 5e-7);
}

TEST(radial, has_known_values) {
    expect_near(values_at<radial<8>>({0.3}), {0, .000106, .016562, .349719, .999375, .386499, .020229, .000143});
}

TEST(polynomials, have_known_values) {
    expect_near(values_at<chebyshev<3>>({std::tanh(0.3)}), {1, .291313, -.830274, -.775051});
    expect_near(values_at<legendre<3>>({0.3}), {1, .3, -.365, -.3825});
    expect_near(values_at<jacobi<3, 1.0, 1.0>>({std::tanh(0.3)}), {1, .582625, -.431764, -.700886});
    expect_near(values_at<hermite<4>>({0.5}), {1, .5, .25 - 1, .125 - 1.5, .0625 - 1.5 + 3});
    expect_near(values_at<bernstein<3>>({0.25}), {.421875, .421875, .140625, .015625});
}

TEST(chebyshev, is_a_cosine_of_multiples) {
    for (double t = 0.05; t < 3.1; t += 0.3) {
        const numbers f = values_at<chebyshev<8>>({std::cos(t)});
        for (int n = 0; n <= 8; ++n) EXPECT_NEAR(f[static_cast<std::size_t>(n)], std::cos(n * t), 1e-12);
    }
}

// sums over nodes of Gauss and Legendre, exact to degree 11
template <class Basis, class Weight> void expect_orthogonal(const Weight& weight) {
    const numbers half = {.2386191860831969, .6612093864662645, .9324695142031521};
    const numbers share = {.4679139345726910, .3607615730481386, .1713244923791704};
    numbers places, shares;
    for (std::size_t i = 0; i < 3; ++i)
        for (double s : {-1.0, 1.0}) {
            places.push_back(s * half[i]);
            shares.push_back(share[i]);
        }
    const numbers f = values_at<Basis>(places);
    for (std::size_t n = 0; n < Basis::count; ++n)
        for (std::size_t m = 0; m < n; ++m) {
            double product = 0;
            for (std::size_t p = 0; p < places.size(); ++p)
                product += shares[p] * weight(places[p]) * f[p * Basis::count + n] * f[p * Basis::count + m];
            EXPECT_NEAR(product, 0, 1e-13) << n << ' ' << m;
        }
}

TEST(polynomials, are_orthogonal) {
    expect_orthogonal<legendre<4>>([](double) { return 1; });
    expect_orthogonal<jacobi<4, 1.0, 1.0>>([](double x) { return 1 - x * x; });
    expect_orthogonal<jacobi<3, 2.0, 1.0>>([](double x) { return (1 - x) * (1 - x) * (1 + x); });
    expect_orthogonal<jacobi<4, 0.0, 0.0>>([](double) { return 1; });
    // Chebyshev's, by the midpoints of the angle
    numbers places;
    for (int i = 0; i < 9; ++i) places.push_back(std::cos((i + 0.5) * detail::mathematics::pi / 9));
    const numbers f = values_at<chebyshev<4>>(places);
    for (std::size_t n = 0; n < 5; ++n)
        for (std::size_t m = 0; m < n; ++m) {
            double product = 0;
            for (std::size_t p = 0; p < 9; ++p) product += f[p * 5 + n] * f[p * 5 + m];
            EXPECT_NEAR(product, 0, 1e-13);
        }
}

TEST(bernstein, adds_up_to_1) {
    for (double x : {-0.5, 0.0, 0.3, 1.0, 1.7}) {
        double all = 0;
        for (double f : values_at<bernstein<5>>({x})) all += f;
        EXPECT_NEAR(all, 1, 1e-12) << x;
    }
}

TEST(fourier, is_cosines_then_sines) {
    expect_near(values_at<fourier<2>>({0.7}), {std::cos(0.7), std::cos(1.4), std::sin(0.7), std::sin(1.4)}, 1e-14);
}

TEST(gram, learns_its_recurrence) {
    static_assert(gram<3>::ratio(1, 2) == 2.25);
    static_assert(gram<3, true_recurrence>::ratio(1, 2) == 0.25);
    EXPECT_NEAR((gram<3>::ratio(2, 3)), 33.333333, 1e-6);
    EXPECT_NEAR((gram<3, true_recurrence>::ratio(2, 3)), 4 * 5 / 9.0 / 15, 1e-12);
    const double x = 0.4, w1 = 0.3, w2 = -0.7, b1 = 2.25, b2 = 100 / 3.0;
    const double p2 = x * x - b1 * w1, p3 = x * p2 - b2 * w2 * x;
    expect_near(values_at<gram<3, plain>>({x}, {9, w1, w2, 9}), {1, x, p2, p3}, 1e-13);
    const auto silu_of = [](double p) { return p / (1 + std::exp(-p)); };
    expect_near(values_at<gram<3>>({x}, {9, w1, w2, 9}), {silu_of(1), silu_of(x), silu_of(p2), silu_of(p3)}, 1e-13);
    // fitted, the polynomials of Legendre with 1 in front of the largest power
    expect_near(values_at<gram<3, plain, true_recurrence>>({x}, {0, 4 / 3.0, 4 / 15.0 / (4 / 27.0), 0}),
                {1, x, x * x - 1 / 3.0, x * x * x - 0.6 * x}, 1e-12);
}

TEST(relu_bumps, have_known_values) {
    evaluation<at<relu_bumps<5, 3>>> e;
    e.input() = {0.3};
    e.run();
    expect_near(e.output(), {0, .191406, .878906, .878906, .191406, 0, 0, 0});
    static_assert(at<relu_bumps<5, 3>>::parameter_count == 16 &&
                  at<relu_bumps<5, 3, fixed_ends>>::parameter_count == 0);
    // its ends are moved
    e.parameter("low") = {0, 0, 0.1, 0, 0, 0, 0, 0};
    e.run();
    const double r = 6.25, low = 0.1 - 0.2, high = 0.6;
    EXPECT_NEAR(e.output()[2], std::pow(r * (0.3 - low) * (high - 0.3), 2), 1e-12);
}

TEST(wavelets, have_known_values) {
    EXPECT_NEAR(wavelet_at<mexican_hat>(0.3), -.754536, 5e-7);
    EXPECT_NEAR(wavelet_at<morlet>(0.3), .067625, 5e-7);
    EXPECT_NEAR(wavelet_at<gaussian_derivative>(0.3), -.286799, 5e-7);
    EXPECT_NEAR(wavelet_at<meyer>(0.3), std::sin(0.3 * detail::mathematics::pi), 1e-12);
    EXPECT_NEAR(wavelet_at<meyer>(-0.75), std::sin(0.75 * detail::mathematics::pi) * std::sqrt(0.5), 1e-12);
    EXPECT_EQ(wavelet_at<meyer>(1.5), 0);
    EXPECT_NEAR(wavelet_at<shannon>(0.3), std::sin(0.3) / 0.3, 1e-12);
    EXPECT_EQ(wavelet_at<shannon>(0), 1);
    // the window lies over the inputs
    evaluation<network<pairs_of<shannon>, shape<1, 3>>> e;
    e.input() = {0, 0, 0};
    e.run();
    expect_near(e.output(), {0.08, 1, 0.08}, 1e-12);
}

}  // namespace
