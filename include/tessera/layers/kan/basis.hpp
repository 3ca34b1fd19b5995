// basis: functions of one variable that a layer of Kolmogorov and Arnold adds up, as a type without numbers of its own.
//
// A basis has a name, `count` functions, and is called with x (..., C, 1); it returns their values (..., C, count). What
// it does is written with pointwise functions, so that the layer's product or convolution computes them where it copies
// its operand: they are never stored. What is in front of them, a norm or tanh, is stored once, without their axis. One
// that uses x several times begins with x = for_each(x, count): the gradient of x then is one sum over the functions,
// computed in one go. Parameters of a basis are made in its call, in the scope of the layer, and what is computed of
// them alone stands before that; x.extent(-2) is how many features it has.
//
//     struct bumps {                                                          // 1 / (1 + (3 x - c)^2), c = -1, 0, 1
//         static constexpr std::string_view name = "bumps";
//         static constexpr int count = 3;
//         constexpr value operator()(value x) const { return 1 / (1 + square(x * 3 - iota(count, -1))); }
//     };
//     struct net : network<(kan_dense<8, bumps> >> kan_dense<2, bumps>), shape<4>> {};
//
// Where the first function is 1 everywhere, after_first(x) may give the others, (..., C, count - 1): a layer then leaves out
// the products with 1, and the gradients of it.
//
// values_of<Basis>(x) has them of features: x (..., C) to (..., C, count).
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

template <class B>
concept basis = std::is_empty_v<B> && std::is_same_v<std::remove_cv_t<decltype(B::count)>, int> && (B::count >= 1) &&
                requires(const B& functions, value x) {
                    { std::string_view(B::name) };
                    { functions(x) } -> std::same_as<value>;
                };

// x (..., C, 1) to (..., C, count), the same for each function
constexpr value for_each(value x, int count) {
    if (!x.valid()) return x;
    extents wanted = x.shape();
    wanted[-1] = count;
    return broadcast_to(x, wanted, x.batched());
}

namespace detail {

template <class Basis>
concept starts_with_one = basis<Basis> && (Basis::count > 1) && requires(value x) {
    { Basis::after_first(x) } -> std::same_as<value>;
};

// made(x) of x (..., C) with an axis for the functions, of which there must be count
template <class Made> constexpr value functions_of_features(std::string_view name, value x, int count, Made made) {
    if (!expects(x, x.rank() >= 1 && x.rank() < max_rank, "features on the last axis, and an axis to spare")) return x;
    extents apart = x.shape(), wanted = x.shape();
    apart.push(1);
    wanted.push(count);
    const value y = made(reshape(x, apart));
    if (y.valid() && !(y.shape() == wanted))
        return reject(*x.owner,
                      text("functions of ") + name + std::string_view(" of shape ") + wanted.describe().view(),
                      y.shape().describe());
    return y;
}

}  // namespace detail

template <basis Basis> constexpr value values_of(value x) {
    return detail::functions_of_features(Basis::name, x, Basis::count, Basis{});
}

}  // namespace tessera
