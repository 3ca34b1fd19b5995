// fourier<Frequencies>: cosines, then sines, of 1 to Frequencies times x.
//
//   cos(k x), k = 1 ... F;  sin(k x) = cos(k x - pi / 2), k = 1 ... F
//
// There is no constant among them: a layer's bias is one.
//
// Parameters  none.    Gradient  exact.    Cost  one cosine a function.
// Errors      compile time: Frequencies < 1.
// Source      Xu et al. 2024, "FourierKAN-GCF: Fourier Kolmogorov-Arnold Network for Graph Collaborative Filtering".
#pragma once
#include <tessera/layers/kan/basis.hpp>

namespace tessera {

template <int Frequencies = 4> struct fourier {
    static_assert(Frequencies >= 1, "fourier<Frequencies>: Frequencies must be at least 1");
    static constexpr std::string_view name = "fourier";
    static constexpr int count = 2 * Frequencies;

    constexpr value operator()(value x) const {  // x (..., 1)
        detail::list<double> times, later;
        for (int i = 0; i < count; ++i) {
            times.push_back(i % Frequencies + 1);
            later.push_back(i < Frequencies ? 0 : -detail::mathematics::pi / 2);
        }
        return cos(x * constant(times, {count}) + constant(later, {count}));
    }
};

}  // namespace tessera
