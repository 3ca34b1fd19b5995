// Networks with pointwise code in front of products and convolutions, that stand for those that live by it.
//
//   spline_bases      cubic B-splines on a uniform grid of [-2, 2]. Liu et al. 2024, "KAN: Kolmogorov-Arnold Networks"
//   chebyshev_bases   Chebyshev polynomials of tanh x. Sidharth et al. 2024, "Chebyshev Polynomial-Based
//                     Kolmogorov-Arnold Networks"
//   pre_activation    He, Zhang, Ren, Sun 2016, "Identity Mappings in Deep Residual Networks"
#pragma once
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

// x (..., C) to (..., C, 1), and back with each channel's functions side by side
constexpr value apart(value x) {
    extents e = x.shape();
    e.push(1);
    return reshape(x, e);
}
constexpr value side_by_side(value x, int functions) {
    extents e;
    for (int a = 0; a < x.rank() - 1; ++a) e.push(x.extent(a));
    e[-1] *= functions;
    return reshape(x, e);
}
// 0, 1, ..., N - 1
template <int N> constexpr auto numbers_up_to() {
    struct list {
        double of[N];
    } l{};
    for (int i = 0; i < N; ++i) l.of[i] = i;
    return l;
}

template <int N>
inline constexpr auto spline_bases = [](value x) {  // (..., C) to (..., C N)
    const value u = abs((apart(x) + 2) * ((N - 1) / 4.0) - constant(numbers_up_to<N>().of, {N}));
    const value inner = (square(u) * (u * 0.5 - 1)) + 2.0 / 3, outer = 2 - u;
    return side_by_side(select(less(u, 1), inner, select(less(u, 2), square(outer) * outer / 6, 0)), N);
};

template <int N>
inline constexpr auto chebyshev_bases = [](value x) {  // (..., C) to (..., C N)
    return side_by_side(cos(apart(acos(tanh(x))) * constant(numbers_up_to<N>().of, {N})), N);
};

template <int C>
inline constexpr auto pre_activation =
    residual(batch_norm >> relu >> conv<C, 3, same> >> batch_norm >> relu >> conv<C, 3, same>);

}  // namespace networks
