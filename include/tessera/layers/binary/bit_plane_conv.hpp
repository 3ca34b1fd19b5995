// bit_plane_conv<C, K, Planes>: a convolution whose weights are whole numbers of a sign and Planes bits, each of which is
// trained by itself.
//
//   in      x (spatial..., I), one to three spatial axes
//   out     y (spatial'..., C)
//
//   y = alpha convolution(x, W) + bias        W, of 2^(Planes + 1) - 1 values, and alpha: see bit_planes.hpp, with the fan
//                                             of an output, the taps times I / G
//
// Options     as of conv: kernel<...>, stride, dilation, groups<G>, same, pad<P>, no_bias. trained_planes<M>: as of
//             bit_plane_dense.
// Parameters  planes (Planes, kernel..., I / G, C) and signs (kernel..., I / G, C), real, normal with deviation
//             sqrt(2 / fan), spared by weight decay; those below trained_planes are a parameter of their own,
//             fixed_planes (Planes - M, kernel..., I / G, C). bias (C), zero.
// Gradient    that of bit planes; to x exact. alpha counts as a number.
// Cost        that of conv, and three operations a bit, none of the latter in a folded model.
// Errors      compile time: C, K or Planes < 1, Planes > 16, M outside 1 to Planes; those of conv.
// Source      Bit-wise training of neural network weights; read of an implementation, which finds alpha by bisection.
//
//     struct net : network<(bit_plane_conv<16, 3, 6, same> >> relu >> max_pool<2> >> flatten >> dense<10>),
//                          shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/binary/bit_planes.hpp>

namespace tessera {

template <int C, int K, int Planes, class... Options>
struct bit_plane_conv_layer : layer_base<bit_plane_conv_layer<C, K, Planes, Options...>> {
    static_assert(C >= 1 && K >= 1 && Planes >= 1 && Planes <= 16,
                  "bit_plane_conv<C, K, Planes>: C and K at least 1, Planes from 1 to 16");
    static_assert(
        ((detail::window_options_only<Options> || detail::bits::planes_trained<Options> > 0) && ...) &&
            detail::has_one_padding<Options...> && detail::has_none<detail::layer_options::role::growth, Options...> &&
            detail::has_none<detail::layer_options::role::counting, Options...>,
        "bit_plane_conv<C, K, Planes, ...>: options are stride<>, same, pad<>, groups<>, ..., as of conv, and "
        "trained_planes<M>");
    static constexpr int trained = detail::bits::trained_of<Planes, Options...>();
    static_assert(trained <= Planes, "bit_plane_conv<C, K, Planes, trained_planes<M>>: M must be at most Planes");
    static constexpr std::string_view name = "bit_plane_conv";
    static constexpr text describe() { return detail::written(name, {C, K, Planes}); }

    constexpr value apply(value x) const {
        const detail::window_options o = detail::window_options_of<K, Options...>();
        const std::optional<detail::window> w = detail::window_of_convolution(x, C, o);
        if (!w) return {x.owner, -1};
        const extents shape = detail::shape_of_filter(x, C, o);  // (kernel..., I / G, C)
        const int fan = w->taps() * x.extent(-1) / o.groups;
        const value weight = detail::bits::planes_of<Planes, trained>(x, shape, fan);
        const value y = convolution(x, weight, *w, o.groups) * detail::bits::scale_of_planes(weight, fan);
        return detail::with_bias_of<Options...>(y, C);
    }
};

template <int C, int K, int Planes, class... Options>
inline constexpr bit_plane_conv_layer<C, K, Planes, Options...> bit_plane_conv{};

}  // namespace tessera
