// residual_adapter<C, K, Stride, place>: a convolution that many tasks share, with a small one of each task's own that
// adapts it, and a batch norm of its own.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   in_series (the default)   u = shared x,  y = norm(u + adapter(adapter_norm u))
//   in_parallel               y = norm(shared x + adapter x)
//   without_adapter           y = norm(shared x)
//
// `shared` is conv<C, K> with padding K / 2, `adapter` 1 by 1, in parallel with the stride. An adapter of zeros changes
// nothing. To learn a task freeze the shared weights: freeze<"*.shared">.
// Options     the place of the adapter.
// Parameters  shared.weight (K..., I, C); adapter_norm.weight, .bias (C), in series; adapter.weight (1..., C or I, C);
//             norm.weight, .bias (C). No convolution has a bias.
// Gradient    exact.
// Cost        that of conv<C, K>, and C^2 or I C multiply-adds a place.
// Errors      compile time: C, K or Stride < 1; a rank outside 2 to 4; another option.
// Source      Rebuffi, Bilen, Vedaldi 2017, "Learning multiple visual domains with residual adapters"; 2018, "Efficient
//             parametrization of multi-domain deep neural networks" (in parallel).
//
//     inline constexpr auto block = residual(residual_adapter<64> >> relu >> residual_adapter<64>) >> relu;
#pragma once
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

struct in_series {};
struct in_parallel {};
struct without_adapter {};

template <int C, int K, int Stride, class Place>
struct residual_adapter_layer : layer_base<residual_adapter_layer<C, K, Stride, Place>> {
    static_assert(C >= 1 && K >= 1 && Stride >= 1, "residual_adapter<C, K, Stride>: all at least 1");
    static_assert(detail::is_option_of<Place, in_series, in_parallel, without_adapter>,
                  "residual_adapter<...>: the place is in_series, in_parallel or without_adapter");
    static constexpr std::string_view name = "residual_adapter";
    static constexpr text describe() { return detail::written(name, {C, K, Stride}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(spatial..., channels), rank 2 to 4")) return x;
        value y = detail::call_in("shared", conv<C, K, stride<Stride>, pad<K / 2>, no_bias>, x);
        if constexpr (std::is_same_v<Place, in_series>)
            y = y + detail::call_in("adapter", conv<C, 1, no_bias>, detail::call_in("adapter_norm", batch_norm, y));
        else if constexpr (std::is_same_v<Place, in_parallel>)
            y = y + detail::call_in("adapter", conv<C, 1, stride<Stride>, no_bias>, x);
        return detail::call_in("norm", batch_norm, y);  // (spatial'..., C)
    }
};

template <int C, int K = 3, int Stride = 1, class Place = in_series>
inline constexpr residual_adapter_layer<C, K, Stride, Place> residual_adapter{};

}  // namespace tessera
