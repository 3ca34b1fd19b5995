// wavelets: mother wavelets, as types without numbers of their own, for wavelet_dense and wavelet_conv.
//
//   mexican_hat   2 / (sqrt(3) pi^(1/4)) (u^2 - 1) exp(-u^2 / 2)       the sign of the published code
//   morlet        cos(5 u) exp(-u^2 / 2)
//   gaussian_derivative   -u exp(-u^2 / 2)                             published as DoG
//   meyer         sin(pi |u|) m(|u|), m = 1 up to 1/2, 0 from 1, cos(pi/2 nu(2 |u| - 1)) between,
//                 nu(t) = t^4 (35 - 84 t + 70 t^2 - 20 t^3)
//   shannon       sin(u) / u times a Hamming window over the input features, as published; 1 at 0
//
// A wavelet has a name and is called with u (..., O, I), an element of each input for each output; its result has that
// shape. One of your own:
//
//     struct haar {
//         static constexpr std::string_view name = "haar";
//         constexpr value operator()(value u) const { return less(abs(u - 0.5), 0.5) * sign(0.5 - u); }
//     };
//
// Source      Bozorgasl, Chen 2024, "Wav-KAN: Wavelet Kolmogorov-Arnold Networks".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

template <class W>
concept wavelet = std::is_empty_v<W> && requires(const W& mother, value u) {
    { std::string_view(W::name) };
    { mother(u) } -> std::same_as<value>;
};

namespace detail {

constexpr value bell(value u) { return exp(square(u) * -0.5); }

}  // namespace detail

struct mexican_hat {
    static constexpr std::string_view name = "mexican_hat";
    constexpr value operator()(value u) const {
        namespace m = detail::mathematics;
        const double height = 2 / (m::sqrt(3) * m::sqrt(m::sqrt(m::pi)));
        return (square(u) - 1) * detail::bell(u) * height;
    }
};

struct morlet {
    static constexpr std::string_view name = "morlet";
    constexpr value operator()(value u) const { return cos(u * 5) * detail::bell(u); }
};

struct gaussian_derivative {
    static constexpr std::string_view name = "gaussian_derivative";
    constexpr value operator()(value u) const { return -u * detail::bell(u); }
};

struct meyer {
    static constexpr std::string_view name = "meyer";
    constexpr value operator()(value u) const {
        constexpr double pi = detail::mathematics::pi;
        const value v = abs(u), t = clamp(v * 2 - 1, 0, 1);
        const value nu = square(square(t)) * (((t * -20 + 70) * t - 84) * t + 35);
        return masked(less(v, 1), sin(v * pi) * cos(nu * (pi / 2)));
    }
};

struct shannon {
    static constexpr std::string_view name = "shannon";
    constexpr value operator()(value u) const {  // (..., O, I)
        const int inputs = u.extent(-1);
        detail::list<double> window;
        for (int i = 0; i < inputs; ++i)
            window.push_back(
                inputs == 1 ? 1
                            : 0.54 - 0.46 * detail::mathematics::cos(2 * detail::mathematics::pi * i / (inputs - 1)));
        const value zero = equal(u, 0), finite = select(zero, 1, u);
        return select(zero, 1, sin(finite) / finite) * constant(window, {inputs});
    }
};

}  // namespace tessera
