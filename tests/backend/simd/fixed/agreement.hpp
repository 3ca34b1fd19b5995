// Programs of small steps beside the oracle, and which of their steps have fixed kernels.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/program.hpp>
#include <vector>

#include "../../../erased_program.hpp"

namespace tessera::fixed_kernels {

using namespace tessera::detail;
using simd::fixed_form;

template <class Net, class Real = float, class Mode = inference>
using small_program = program<Net, backend::simd, Real, Mode>;
using arch = backend::simd::Arch;

template <class Program> constexpr int count_of(fixed_form form) {
    int count = 0;
    for (int k = 0; k < Program::steps; ++k)
        count += !Program::table.elided[k] && simd::fixed_forms<Program, arch>.of[k] == form;
    return count;
}

// columns that are no whole vectors need loads under a mask
inline constexpr bool any_width = simd::vector_traits<simd::vector<float, arch>>::masked;

template <class Real> Real number(std::size_t i) { return static_cast<Real>(std::sin(1.3 * static_cast<double>(i))); }

// calls of all numbers of samples, from the full ones down; states are kept from one call to the next
template <class Real>
void expect_agreement(const erased::program<Real>& of_small_steps, const erased::program<double>& exact, int calls) {
    erased::run_of<Real> tested(of_small_steps);
    erased::run_of<double> oracle(exact);
    for (std::size_t i = 0; i < oracle.parameters().size(); ++i)
        oracle.parameters()[i] = tested.parameters()[i] = number<Real>(i);
    const auto size = static_cast<std::size_t>(exact.elements_of_input(0));
    for (int call = 0; call < calls * exact.capacity; ++call) {
        const int samples = exact.capacity - call % exact.capacity;
        std::vector<Real> x(size * static_cast<std::size_t>(samples));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = number<Real>(3 * i + static_cast<std::size_t>(call) * 7);
        const std::vector<double> same(x.begin(), x.end());
        const auto found = tested(x, samples);
        const auto wanted = oracle(same, samples);
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            EXPECT_NEAR(found[i], wanted[i], (sizeof(Real) == 4 ? 2e-5 : 2e-13) * (1 + std::abs(wanted[i])))
                << i << " of " << samples;
    }
}
template <class Net, class Real, class Mode = inference, int Capacity = 1> void expect_agreement(int calls = 1) {
    expect_agreement<Real>(erased::program_of<program<Net, backend::simd, Real, Mode, batch<Capacity>>>(),
                           erased::program_of<program<Net, backend::scalar, double, Mode, batch<Capacity>>>(), calls);
}
template <class Net, class Mode = inference> void expect_agreement_of_both(int calls = 1) {
    expect_agreement<Net, float, Mode>(calls);
    expect_agreement<Net, double, Mode>(calls);
}

template <auto Layers, int... Extents> struct of : network<(identity >> Layers), shape<Extents...>> {};
template <fixed_form Form, auto Layers, int... Extents> void agrees() {
    using net = of<Layers, Extents...>;
    static_assert(!any_width || count_of<small_program<net>>(Form) >= 1);
    expect_agreement<net, float, inference, 3>();
    expect_agreement<net, double>();
}

}  // namespace tessera::fixed_kernels
