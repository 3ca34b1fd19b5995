// bit_plane_dense<N, Planes>: a dense layer whose weights are whole numbers of a sign and Planes bits, each of which is
// trained by itself.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = alpha (x W) + bias        W, of 2^(Planes + 1) - 1 values, and alpha: see bit_planes.hpp, with fan C
//
// Options     trained_planes<M>: the M planes of most weight are trained; the others stay as they are, whatever the
//             optimiser does, and so may hold other data. All unless given. no_bias.
// Parameters  planes (Planes, C, N) and signs (C, N), real, normal with deviation sqrt(2 / C), spared by weight decay;
//             those below trained_planes are a parameter of their own, fixed_planes (Planes - M, C, N). bias (N), zero.
//             Published code draws again until a weight has a bit that is on; here one in 2^Planes starts as 0.
// Gradient    that of bit planes; to x exact. alpha counts as a number.
// Cost        C N multiply-adds a position and three operations a bit, none of the latter in a folded model.
// Errors      compile time: N or Planes < 1, Planes > 16, M outside 1 to Planes; an input of rank 0 or above 4.
// Source      Bit-wise training of neural network weights; read of an implementation, which finds alpha by bisection.
//
//     struct net : network<(bit_plane_dense<300, 6, trained_planes<3>> >> relu >> dense<10>), shape<784>> {};
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/binary/bit_planes.hpp>

namespace tessera {

template <int N, int Planes, class... Options>
struct bit_plane_dense_layer : layer_base<bit_plane_dense_layer<N, Planes, Options...>> {
    static_assert(N >= 1 && Planes >= 1 && Planes <= 16,
                  "bit_plane_dense<N, Planes>: N at least 1, Planes from 1 to 16");
    static_assert(((std::is_same_v<Options, no_bias> || detail::bits::planes_trained<Options> > 0) && ...),
                  "bit_plane_dense<N, Planes, ...>: the options are trained_planes<M> and no_bias");
    static constexpr int trained = detail::bits::trained_of<Planes, Options...>();
    static_assert(trained <= Planes, "bit_plane_dense<N, Planes, trained_planes<M>>: M must be at most Planes");
    static constexpr std::string_view name = "bit_plane_dense";
    static constexpr text describe() { return detail::written(name, {N, Planes}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int c = x.extent(-1);
        const value weight = detail::bits::planes_of<Planes, trained>(x, {c, N}, c);  // (C, N)
        const value y = einsum("...i,io->...o", x, weight) * detail::bits::scale_of_planes(weight, c);
        return detail::with_bias_of<Options...>(y, N);
    }
};

template <int N, int Planes, class... Options>
inline constexpr bit_plane_dense_layer<N, Planes, Options...> bit_plane_dense{};

}  // namespace tessera
