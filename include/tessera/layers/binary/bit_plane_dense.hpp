// bit_plane_dense<N, Planes>: a dense layer whose weights are whole numbers of a sign and Planes bits, each of which is
// trained by itself.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   W = sign sum_p 2^p b_p        b_p = 1 where planes_p > 0, else 0; sign = -1 where signs > 0, else 1
//   y = alpha (x W) + bias        alpha = sqrt(2 / C) / deviation of W
//
// W takes 2^(Planes + 1) - 1 values.
// Options     trained_planes<M>: the M planes of most weight are trained; the others stay as they are, whatever the
//             optimiser does, and so may hold other data. All unless given. no_bias.
// Parameters  planes (Planes, C, N) and signs (C, N), real, normal with deviation sqrt(2 / C), spared by weight decay;
//             those below trained_planes are a parameter of their own, fixed_planes (Planes - M, C, N). bias (N), zero.
//             Published code draws again until a weight has a bit that is on; here one in 2^Planes starts as 0.
// Gradient    straight through: planes_p receives sign 2^p dW, signs receives -sum_p 2^p b_p dW. alpha counts as a number.
// Cost        C N multiply-adds a position and three operations a bit, none of the latter in a folded model.
// Errors      compile time: N or Planes < 1, Planes > 16, M outside 1 to Planes; an input of rank 0 or above 4.
// Source      Bit-wise training of neural network weights; read of an implementation, which finds alpha by bisection.
//
//     struct net : network<(bit_plane_dense<300, 6, trained_planes<3>> >> relu >> dense<10>), shape<784>> {};
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

template <int M> struct trained_planes {
    static_assert(M >= 1, "trained_planes<M>: M must be at least 1");
};

namespace detail {

template <class> inline constexpr int planes_trained = 0;  // 0: another option
template <int M> inline constexpr int planes_trained<trained_planes<M>> = M;

// 1 where x > 0, straight through
constexpr value bit_of(value x) {
    return with_gradient(less(0, x), x, [](value dy) { return dy; });
}
// sum of 2^(first + p) b_p
constexpr value sum_of_planes(value planes, int first, bool trained) {
    extents one = planes.shape();
    value total;
    for (int p = 0; p < planes.extent(0); ++p) {
        extents shape;
        for (int a = 1; a < one.rank; ++a) shape.push(one[a]);
        const value latent = reshape(slice(planes, 0, p, 1), shape);
        const value bit = trained ? bit_of(latent) : stop_gradient(less(0, latent));
        const value part = bit * static_cast<double>(1 << (first + p));
        total = p == 0 ? part : total + part;
    }
    return total;
}

}  // namespace detail

template <int N, int Planes, class... Options>
struct bit_plane_dense_layer : layer_base<bit_plane_dense_layer<N, Planes, Options...>> {
    static_assert(N >= 1 && Planes >= 1 && Planes <= 16,
                  "bit_plane_dense<N, Planes>: N at least 1, Planes from 1 to 16");
    static_assert(((std::is_same_v<Options, no_bias> || detail::planes_trained<Options> > 0) && ...),
                  "bit_plane_dense<N, Planes, ...>: the options are trained_planes<M> and no_bias");
    static constexpr int trained = [] {
        int m = 0;
        ((m = detail::planes_trained<Options> > 0 ? detail::planes_trained<Options> : m), ...);
        return m > 0 ? m : Planes;
    }();
    static_assert(trained <= Planes, "bit_plane_dense<N, Planes, trained_planes<M>>: M must be at most Planes");
    static constexpr std::string_view name = "bit_plane_dense";
    static constexpr text describe() { return detail::written(name, {N, Planes}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int c = x.extent(-1);
        const value weight = weights(x, c);  // (C, N)
        const value centred = weight - mean(weight);
        const value scale =
            stop_gradient(initial::root_per_fan(2, c) * rsqrt(maximum(mean(square(centred)), detail::least_scale)));
        return detail::with_bias_of<Options...>(einsum("...i,io->...o", x, weight) * scale, N);
    }

  private:
    static constexpr value weights(value x, int c) {
        constexpr int fixed = Planes - trained;
        const initialiser start = initial::kaiming(c);
        const value planes = parameter("planes", {trained, c, N}, start).no_weight_decay().with(x);
        value magnitude = detail::sum_of_planes(planes, fixed, true);
        if constexpr (fixed > 0) {
            const value others = parameter("fixed_planes", {fixed, c, N}, start).no_weight_decay().with(x);
            magnitude = magnitude + detail::sum_of_planes(others, 0, false);
        }
        const value latent = parameter("signs", {c, N}, start).no_weight_decay().with(x);
        const value sign = with_gradient(select(less(0, latent), -1, 1), latent, [](value dy) { return -dy; });
        return sign * magnitude;
    }
};

template <int N, int Planes, class... Options>
inline constexpr bit_plane_dense_layer<N, Planes, Options...> bit_plane_dense{};

}  // namespace tessera
