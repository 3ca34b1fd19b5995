// max_pool<K>, avg_pool<K>: the largest element, or the mean, of each window. Windows do not overlap unless a
// stride is given.
//
//   in      x (spatial..., C), one to three spatial axes
//   out     y (spatial'..., C)
//
// Options     kernel<...>, stride (K), dilation, same, pad<P>; avg_pool: padding_not_counted divides by the
//             elements covered instead of the window's size.
// Parameters  none.
// Gradient    max: to the first largest element of each window; mean: exact.
// Cost        |kernel| operations an output.
// Errors      compile time: a rank outside 2 to 4; a window larger than the padded input.
#pragma once
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <detail::op Kind, int K, class... Options> struct pool_layer : layer_base<pool_layer<Kind, K, Options...>> {
    static_assert(K >= 1, "max_pool<K>, avg_pool<K>: K must be at least 1");
    static_assert(detail::window_options_only<Options...>,
                  "max_pool<K, ...>, avg_pool<K, ...>: options are stride<>, pad<>, ...");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::grouping, Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::bias, Options...>,
                  "max_pool<K, ...>, avg_pool<K, ...>: one kind of padding, no groups, no output_pad, no no_bias");
    static_assert(Kind == detail::op::average_pool ||
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "max_pool<K, ...>: padding_not_counted is avg_pool's");
    static constexpr std::string_view name = Kind == detail::op::max_pool ? "max_pool" : "avg_pool";
    static constexpr text describe() { return text(name) + std::string_view("<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        const int spatial = x.rank() - 1;
        if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
        const detail::window_options o = detail::window_options_of<K, Options...>(K);
        if (!expects_axes(x, o, spatial)) return x;
        return pool_windows(Kind, x, o.on(x.shape(), spatial),
                            detail::has_option<padding_not_counted, Options...> ? detail::padding_counts::no
                                                                                : detail::padding_counts::yes);
    }
};

template <int K, class... Options> inline constexpr pool_layer<detail::op::max_pool, K, Options...> max_pool{};
template <int K, class... Options> inline constexpr pool_layer<detail::op::average_pool, K, Options...> avg_pool{};

}  // namespace tessera
