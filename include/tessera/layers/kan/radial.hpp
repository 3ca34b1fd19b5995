// radial<Count, Low, High>: Gaussian bumps around centres at equal distances.
//
//   R_i(x) = exp(-((x - c_i) / h)^2), c_i = Low + i h, h = (High - Low) / (Count - 1)
//
// Parameters  none.    Gradient  exact.    Cost  one exponential a function.
// Errors      compile time: Count < 2; Low >= High.
// Source      Li 2024, "Kolmogorov-Arnold Networks are Radial Basis Function Networks" (FastKAN).
#pragma once
#include <tessera/layers/kan/basis.hpp>

namespace tessera {

template <int Count = 8, double Low = -2.0, double High = 2.0> struct radial {
    static_assert(Count >= 2, "radial<Count>: Count must be at least 2");
    static_assert(Low < High, "radial<Count, Low, High>: Low must be below High");
    static constexpr std::string_view name = "radial";
    static constexpr int count = Count;
    static constexpr double step = (High - Low) / (Count - 1);

    constexpr value operator()(value x) const {  // x (..., 1)
        return exp(-square((x - iota(count, Low, step)) * (1 / step)));
    }
};

}  // namespace tessera
