// A model of a stream against one of whole sequences: the same results, element by element of time, again after a reset.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <tessera/model.hpp>
#include <vector>

namespace tessera::streams {

template <class Real = double> std::vector<Real> numbers_of(int count, int seed) {
    std::vector<Real> x;
    for (int i = 0; i < count; ++i) x.push_back(static_cast<Real>(std::sin(1.7 * i + 0.3 * seed * seed + seed)));
    return x;
}

// of a network of one input; parameters of a whole model, none of which is left at 0; error: of 1, and of larger results in proportion
template <class Net, class Backend, class Real> void expect_as_whole(double error) {
    model<Net, Backend, batch<1>, Real> whole(3);
    for (Real& w : whole.parameters()) w += static_cast<Real>(0.01);
    model<Net, Backend, batch<1>, Real, streaming> by_frame(4);
    std::ranges::copy(whole.parameters(), by_frame.parameters().begin());
    const extents& in = Net::table.inputs[0].shape;
    const std::vector<Real> x = numbers_of<Real>(in.size(), 2);
    const auto result = whole(x);
    const std::vector<Real> wanted(result.begin(), result.end());
    for (int run = 0; run < 2; ++run) {
        std::vector<Real> found;
        for (std::size_t t = 0, wide = x.size() / static_cast<std::size_t>(in[0]); t < x.size(); t += wide) {
            const auto y = by_frame(std::span(x).subspan(t, wide));
            found.insert(found.end(), y.begin(), y.end());
        }
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double largest = std::max(1.0, std::abs(static_cast<double>(wanted[i])));
            EXPECT_NEAR(found[i], wanted[i], error * largest) << run << ", " << i;
        }
        by_frame.reset();
    }
}

}  // namespace tessera::streams
