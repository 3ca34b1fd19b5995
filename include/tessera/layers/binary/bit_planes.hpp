// bit planes: weights that are whole numbers of a sign and some bits, each of which is trained by itself.
//
//   planes_of<Planes, Trained>(x, shape, fan)    W of a shape (..., outputs), which parameters of these names make:
//
//     W = sign sum_p 2^p b_p        b_p = 1 where planes_p > 0, else 0; sign = -1 where signs > 0, else 1
//
//   scale_of_planes(W, fan)                      alpha = sqrt(2 / fan) / deviation of W, a number
//
// planes (Trained, shape...) are those of most weight; those below are fixed_planes (Planes - Trained, shape...); signs is
// of the shape. All are normal with deviation sqrt(2 / fan), and spared by weight decay.
//
// Gradient    straight through: planes_p receives sign 2^p dW, signs receives -sum_p 2^p b_p dW; fixed_planes and the
//             scale none.
#pragma once
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

template <int M> struct trained_planes {
    static_assert(M >= 1, "trained_planes<M>: M must be at least 1");
};

namespace detail::bits {

template <class> inline constexpr int planes_trained = 0;  // 0: another option
template <int M> inline constexpr int planes_trained<trained_planes<M>> = M;

// what trained_planes<M> says, or all
template <int Planes, class... Options> constexpr int trained_of() {
    int m = 0;
    ((m = planes_trained<Options> > 0 ? planes_trained<Options> : m), ...);
    return m > 0 ? m : Planes;
}

// 1 where x > 0, straight through
constexpr value bit_of(value x) {
    return with_gradient(less(0, x), x, [](value dy) { return dy; });
}
// sum of 2^(first + p) b_p
constexpr value sum_of_planes(value planes, int first, bool trained) {
    const extents all = planes.shape();
    extents shape;
    for (int a = 1; a < all.rank; ++a) shape.push(all[a]);
    value total;
    for (int p = 0; p < planes.extent(0); ++p) {
        const value latent = reshape(slice(planes, 0, p, 1), shape);
        const value bit = trained ? bit_of(latent) : stop_gradient(less(0, latent));
        const value part = bit * static_cast<double>(1 << (first + p));
        total = p == 0 ? part : total + part;
    }
    return total;
}

template <int Planes, int Trained> constexpr value planes_of(value x, const extents& shape, int fan) {
    constexpr int fixed = Planes - Trained;
    const initialiser start = initial::kaiming(fan);
    const auto of = [&](std::string_view name, int count) {
        extents all{count};
        for (int a = 0; a < shape.rank; ++a) all.push(shape[a]);
        return parameter(name, all, start).no_weight_decay().with(x);
    };
    value magnitude = sum_of_planes(of("planes", Trained), fixed, true);
    if constexpr (fixed > 0) magnitude = magnitude + sum_of_planes(of("fixed_planes", fixed), 0, false);
    const value latent = parameter("signs", shape, start).no_weight_decay().with(x);
    const value sign = with_gradient(select(less(0, latent), -1, 1), latent, [](value dy) { return -dy; });
    return sign * magnitude;
}

constexpr value scale_of_planes(value weight, int fan) {
    const value centred = weight - mean(weight);
    return stop_gradient(initial::root_per_fan(2, fan) * rsqrt(maximum(mean(square(centred)), least_scale)));
}

}  // namespace detail::bits

}  // namespace tessera
