// wavelet_dense<N, Wavelet>: a dense layer whose weights are wavelets, moved and stretched for each pair of features.
//
//   in      x (..., I)
//   out     y (..., N)
//
//   y_o = sum_i weight_oi psi((x_i - translation_oi) / scale_oi) + base_io silu(x_i)
//
// Options     base_branch<F>, no_base, normalised_by<F>, activated_by<F>. It has base_branch<silu>; the published layer
//             of this name normalises its result, normalised_by<batch_norm>.
// Parameters  weight (N, I) and base (I, N), uniform to sqrt(3 / I); scale, translation (N, I), one and zero.
// Gradient    exact.
// Cost        2 I N multiply-adds and I N wavelets a position: a wavelet belongs to a pair, so one of x is of no use to
//             another output. They are computed where they are added up, and not stored.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes; a type that is no wavelet.
// Source      Bozorgasl, Chen 2024, "Wav-KAN: Wavelet Kolmogorov-Arnold Networks".
#pragma once
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/layers/kan/edges.hpp>
#include <tessera/layers/kan/wavelets.hpp>

namespace tessera {

namespace detail::kan {

// psi((x - translation) / scale): x (..., I) to (..., outputs, I)
template <class Wavelet> constexpr value wavelets_of(value x, int outputs) {
    extents apart = x.shape();
    apart[-1] = 1;
    apart.push(x.extent(-1));
    const extents pairs{outputs, x.extent(-1)};
    const value scale = parameter("scale", pairs, initial::constant(1)).no_weight_decay().with(x);
    const value translation = parameter("translation", pairs).no_weight_decay().with(x);
    return Wavelet{}((reshape(x, apart) - translation) / scale);
}

}  // namespace detail::kan

template <int N, class Wavelet, class... Options>
struct wavelet_dense_layer : layer_base<wavelet_dense_layer<N, Wavelet, Options...>> {
    static_assert(
        wavelet<Wavelet>,
        "wavelet_dense<N, Wavelet>: Wavelet is a type without members, with name and a call from value to value");
    static_assert(N >= 1, "wavelet_dense<N>: N must be at least 1");
    static_assert(
        (detail::kan::is_around<Options> && ...),
        "wavelet_dense<N, Wavelet, ...>: options are base_branch<>, no_base, normalised_by<>, activated_by<>");
    static constexpr std::string_view name = "wavelet_dense";
    static constexpr text describe() {
        return detail::written(name, {N}) + std::string_view(" of ") + std::string_view(Wavelet::name);
    }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int inputs = x.extent(-1);
        const initialiser start = initial::uniform(initial::root_per_fan(3, inputs));
        value y = sum(detail::kan::wavelets_of<Wavelet>(x, N) * parameter("weight", {N, inputs}, start), last);
        if constexpr (detail::kan::has_base<Options..., base_branch<silu>>)
            y = y + einsum("...i,io->...o",
                           detail::kan::apply_option<detail::kan::role::base, Options..., base_branch<silu>>(x),
                           parameter("base", {inputs, N}, start));
        return detail::kan::finished<Options...>(y);
    }
};

template <int N, class Wavelet = mexican_hat, class... Options>
inline constexpr wavelet_dense_layer<N, Wavelet, Options...> wavelet_dense{};

}  // namespace tessera
