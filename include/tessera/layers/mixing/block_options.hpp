// block_options: what the blocks of this family have in common, and how they are told apart:
//
//   activated_by<f>      the function between two maps: activated_by<gelu_tanh>
//   norm_epsilon<E>      what a layer norm adds to the variance
//   post_norm            a layer norm after each sum instead of before each branch
//   paths_dropped<P>     in training a sample skips a branch with probability P: see drop_path
//   expanded<N>          an inverted residual widens to N channels, whatever its factor says
//   excited_by<f>        f on the widened channels, after the depthwise convolution: a squeeze-and-excitation
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/layers/activated_by.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/regularisation/drop_path.hpp>

namespace tessera {

template <auto F> struct excited_by {};
template <double E> struct norm_epsilon {
    static_assert(E > 0, "norm_epsilon<E>: E must be positive");
};
template <double P> struct paths_dropped {
    static_assert(P >= 0 && P < 1, "paths_dropped<P>: P must be at least 0 and below 1");
};
template <int N> struct expanded {
    static_assert(N >= 1, "expanded<N>: N must be at least 1");
};
struct post_norm {};

namespace detail {

namespace blocks {

template <class Option> inline constexpr bool is_activation = false;
template <auto F> inline constexpr bool is_activation<activated_by<F>> = true;
template <class Option> inline constexpr bool is_excitation = false;
template <auto F> inline constexpr bool is_excitation<excited_by<F>> = true;
template <class Option> inline constexpr bool is_epsilon = false;
template <double E> inline constexpr bool is_epsilon<norm_epsilon<E>> = true;
template <class Option> inline constexpr bool is_drop = false;
template <double P> inline constexpr bool is_drop<paths_dropped<P>> = true;
template <class Option> inline constexpr int width_of = 0;
template <int N> inline constexpr int width_of<expanded<N>> = N;

// what an option does to y, where it is the one
template <class Option> constexpr value activate(value y) { return y; }
template <class Option>
    requires is_activation<Option>
constexpr value activate(value y) {
    return []<auto F>(activated_by<F>, value x) { return invoke(F, x); }(Option{}, y);
}
template <class Option> constexpr value excite(value y) { return y; }
template <class Option>
    requires is_excitation<Option>
constexpr value excite(value y) {
    return []<auto F>(excited_by<F>, value x) { return call_in("excite", F, x); }(Option{}, y);
}
template <class Option> constexpr value drop(value y) { return y; }
template <class Option>
    requires is_drop<Option>
constexpr value drop(value y) {
    return []<double P>(paths_dropped<P>, value x) { return drop_path<P>(x); }(Option{}, y);
}

// by the function that the options name, or by `Otherwise`
template <auto Otherwise, class... Options> constexpr value activated(value x) {
    if constexpr ((is_activation<Options> || ...)) {
        ((x = activate<Options>(x)), ...);
        return x;
    } else {
        return invoke(Otherwise, x);
    }
}
template <class... Options> constexpr value excited(value x) {
    ((x = excite<Options>(x)), ...);
    return x;
}
// x plus its branch
template <class... Options> constexpr value joined(value x, value branch) {
    if (!x.valid() || !branch.valid()) return {x.owner, -1};
    ((branch = drop<Options>(branch)), ...);
    return x + branch;
}

constexpr double number_of(double otherwise) { return otherwise; }
template <class Option, class... Rest> constexpr double number_of(double otherwise, Option, Rest... rest) {
    if constexpr (is_epsilon<Option>)
        return []<double E>(norm_epsilon<E>) { return E; }(Option{});
    else
        return number_of(otherwise, rest...);
}
template <class... Options> inline constexpr double epsilon = number_of(1e-6, Options{}...);

// convolutions without bias in a scope of their own, of as many channels as is known when the input is
template <int K, class... Options>
constexpr value convolved(std::string_view scope, value x, int channels, int groups = 1) {
    if (!x.valid()) return x;
    const scope_guard inside(graph_of(x), scope, written(groups > 1 ? "depthwise_conv" : "conv", {channels, K}), true);
    window_options o = window_options_of<K, Options...>();
    o.groups = groups;
    return convolve_with_parameters<no_bias>(x, channels, o);
}

// an affine map of the features of (T, C) in a scope of its own, to as many as is known when the input is
constexpr value mapped(std::string_view scope, value x, int features) {
    if (!x.valid()) return x;
    const scope_guard inside(graph_of(x), scope, written("dense", {features}), true);
    const int c = x.extent(-1);
    return einsum("tc,cf->tf", x, parameter("weight", {c, features}, initial::kaiming(c))) +
           parameter("bias", {features}).no_weight_decay();
}
// of the places
constexpr value along_places(value x, int places) {
    const int t = x.extent(0);
    return einsum("tn,tc->nc", parameter("weight", {t, places}, initial::kaiming(t)), x);
}
constexpr value plus_place_bias(value x) {
    const int places = x.extent(0);
    return x + reshape(parameter("bias", {places}).no_weight_decay().with(x), {places, 1});
}
constexpr value mapped_along_places(std::string_view scope, value x, int places) {
    if (!x.valid()) return x;
    const scope_guard inside(graph_of(x), scope, written("token_dense", {places}), true);
    return plus_place_bias(along_places(x, places));
}

}  // namespace blocks

}  // namespace detail

}  // namespace tessera
