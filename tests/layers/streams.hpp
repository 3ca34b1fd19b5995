// A model of a stream against one of whole sequences: the same results, element by element of time, again after a reset.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace tessera::streams {

template <class Real = double> std::vector<Real> numbers_of(int count, int seed) {
    std::vector<Real> x;
    for (int i = 0; i < count; ++i) x.push_back(static_cast<Real>(std::sin(1.7 * i + 0.3 * seed * seed + seed)));
    return x;
}

// of a network of one input, with the parameters of a whole model, against its results; error: of 1, and of larger
// results in proportion
template <class Net, class Backend, class Whole, class Real>
void expect_as(const Whole& whole, const std::vector<Real>& x, const std::vector<Real>& wanted, double error) {
    model<Net, Backend, batch<1>, Real, streaming> by_frame(4);
    std::ranges::copy(whole.parameters(), by_frame.parameters().begin());
    const auto wide = x.size() / static_cast<std::size_t>(Net::table.inputs[0].shape[0]);
    for (int run = 0; run < 2; ++run) {
        std::vector<Real> found;
        for (std::size_t t = 0; t < x.size(); t += wide) {
            const auto y = by_frame(std::span(x).subspan(t, wide));
            found.insert(found.end(), y.begin(), y.end());
        }
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double largest = std::max(1.0, std::abs(static_cast<double>(wanted[i])));
            EXPECT_NEAR(found[i], wanted[i], error * largest) << Backend::name << ", " << run << ", " << i;
        }
        by_frame.reset();
    }
}

// the results of a whole model, with parameters none of which is left at 0, and what it read
template <class Net, class Whole, class Real, class F> void with_whole(F f) {
    model<Net, Whole, batch<1>, Real> whole(3);
    for (Real& w : whole.parameters()) w += static_cast<Real>(0.01);
    const std::vector<Real> x = numbers_of<Real>(Net::table.inputs[0].shape.size(), 2);
    const auto result = whole(x);
    f(whole, x, std::vector<Real>(result.begin(), result.end()));
}
template <class Net, class Backend, class Real> void expect_as_whole(double error) {
    with_whole<Net, Backend, Real>([&](const auto& whole, const auto& x, const auto& wanted) {
        expect_as<Net, Backend>(whole, x, wanted, error);
    });
}

// streams of both backends, against sequences of Whole, which is one of them: so each is compiled once
template <class Net, class Whole, class Real> void expect_both_as_whole(double error) {
    with_whole<Net, Whole, Real>([&](const auto& whole, const auto& x, const auto& wanted) {
        expect_as<Net, backend::scalar_on_heap>(whole, x, wanted, error);
        expect_as<Net, backend::simd>(whole, x, wanted, error);
    });
}
template <class Net> void expect_streams(double error_in_float) {
    expect_both_as_whole<Net, backend::scalar_on_heap, double>(1e-13);
    expect_both_as_whole<Net, backend::simd, float>(error_in_float);
}

}  // namespace tessera::streams
