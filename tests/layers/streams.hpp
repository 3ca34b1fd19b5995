// The program of a stream against that of whole sequences: the same results, element by element of time, again from the
// start.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/program.hpp>
#include <vector>

#include "../erased_program.hpp"

namespace tessera::streams {

template <class Real = double> std::vector<Real> numbers_of(int count, int seed) {
    std::vector<Real> x;
    for (int i = 0; i < count; ++i) x.push_back(static_cast<Real>(std::sin(1.7 * i + 0.3 * seed * seed + seed)));
    return x;
}

// a stream beside the whole sequence, of a network of one input whose parameters are none of them 0; error: of 1, and of
// larger results in proportion
template <class Real>
void expect_as_whole(const erased::program<Real>& stream, const erased::program<Real>& sequence, int length,
                     std::string_view backend, double error) {
    erased::run_of<Real> by_frame(stream), whole(sequence);
    for (std::size_t i = 0; i < whole.parameters().size(); ++i)
        by_frame.parameters()[i] = whole.parameters()[i] += static_cast<Real>(0.01);
    const std::vector<Real> x = numbers_of<Real>(sequence.elements_of_input(0), 2);
    const auto wanted = whole(x, 1);
    const auto wide = x.size() / static_cast<std::size_t>(length);
    for (int run = 0; run < 2; ++run) {
        std::vector<Real> found;
        for (std::size_t t = 0; t < x.size(); t += wide) {
            const auto y = by_frame(std::span(x).subspan(t, wide), 1);
            found.insert(found.end(), y.begin(), y.end());
        }
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double largest = std::max(1.0, std::abs(static_cast<double>(wanted[i])));
            EXPECT_NEAR(found[i], wanted[i], error * largest) << backend << ", " << run << ", " << i;
        }
        by_frame.start_states();
    }
}
template <class Net, class Backend, class Whole, class Real> void expect_as(double error) {
    expect_as_whole<Real>(erased::program_of<program<Net, Backend, batch<1>, Real, streaming>>(),
                          erased::program_of<program<Net, Whole, batch<1>, Real>>(), Net::table.inputs[0].shape[0],
                          Backend::name, error);
}
template <class Net, class Backend, class Real> void expect_as_whole(double error) {
    expect_as<Net, Backend, Backend, Real>(error);
}

// streams of both backends, against sequences of Whole, which is one of them: so each is compiled once
template <class Net, class Whole, class Real> void expect_both_as_whole(double error) {
    expect_as<Net, backend::scalar, Whole, Real>(error);
    expect_as<Net, backend::simd, Whole, Real>(error);
}
template <class Net> void expect_streams(double error_in_float) {
    expect_both_as_whole<Net, backend::scalar, double>(1e-13);
    expect_both_as_whole<Net, backend::simd, float>(error_in_float);
}

}  // namespace tessera::streams
