// generalised_mean_pool: between the mean and the maximum of each channel over all positions, how far is learnt.
//
//   in      x (positions..., C)
//   out     y (C), y = (mean x^p)^(1/p), of x no less than 1e-6
//
// p = 1 is the mean, and the larger p the nearer the maximum. Where x is below 1e-6 its gradient is 0, and that of p
// finite. x is divided by the largest first, so no power overflows.
// Options     of_each_channel: a p for each channel. fixed_power<P>: not learnt.
// Parameters  power (1), or (C) with of_each_channel, 3; spared by weight decay. fixed_power: none.
// Gradient    exact, to x and p.
// Cost        an exp and a log an element, four operations.
// Errors      compile time: an input of rank 0 or 1; fixed_power<P> with P = 0.
// Source      Radenovic, Tolias, Chum 2019, "Fine-Tuning CNN Image Retrieval with No Human Annotation".
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct of_each_channel {};
template <auto P> struct fixed_power {
    static_assert(P != 0, "fixed_power<P>: P must not be 0");
};

namespace detail {

template <class> inline constexpr double power_option = 0;
template <auto P> inline constexpr double power_option<fixed_power<P>> = double(P);

}  // namespace detail

template <class... Options> struct generalised_mean_pool_layer : layer_base<generalised_mean_pool_layer<Options...>> {
    static constexpr double fixed = (0.0 + ... + detail::power_option<Options>);
    static_assert(((std::is_same_v<Options, of_each_channel> || detail::power_option<Options> != 0) && ...) &&
                      sizeof...(Options) <= 1,
                  "generalised_mean_pool_with<...>: of_each_channel or fixed_power<P>");
    static constexpr std::string_view name = "generalised_mean_pool";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        const int powers = detail::has_option<of_each_channel, Options...> ? x.extent(-1) : 1;
        const value p = fixed != 0 ? constant(*x.owner, fixed)
                                   : parameter("power", {powers}, initial::constant(3)).no_weight_decay().with(x);
        const value positive = maximum(x, 1e-6);
        const value largest = stop_gradient(max(positive, leading, keep_axes));  // (1..., C)
        const value powered = exp(p * log(positive / largest));                  // (positions..., C)
        return exp(log(mean(powered, leading)) / p) * reshape(largest, {x.extent(-1)});
    }
};

template <class... Options> inline constexpr generalised_mean_pool_layer<Options...> generalised_mean_pool_with{};
inline constexpr generalised_mean_pool_layer<> generalised_mean_pool{};

}  // namespace tessera
