// edges: what the layers of Kolmogorov and Arnold have in common, a sum of functions of each element that a place sees.
//
//   y = norm and activation of  linear(base(x), base weight) + linear(functions(x), weight scale)
//
// where linear is a product of the features, or a convolution. weight (..., I, count, O) stands on each function of each
// input, scale (..., I, O) on each input. The functions are computed where the product copies its operand. A function that
// is 1 everywhere is none of them: the same for all samples, it is computed once.
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/activation/silu.hpp>
#include <tessera/layers/kan/basis.hpp>
#include <tessera/layers/kan/options.hpp>

namespace tessera::detail::kan {

// count 1: of the base branch, or a scale
template <class... Options> constexpr initialiser start_of(int fan, int count) {
    if constexpr (std::is_same_v<option_of<role::scaling, Options...>, scaled>)
        return count > 1 ? initial::uniform(0.1 / count) : initial::uniform(initial::root_per_fan(1, fan));
    else if constexpr (!std::is_void_v<option_of<role::start, Options...>>)
        return count > 1 ? initial::normal(1.0 / (fan * count)) : initial::uniform(initial::root_per_fan(3, fan));
    else
        return initial::uniform(initial::root_per_fan(3, fan * count));
}

// the factors of all functions: weight, times scale; (..., I, count, O)
template <class Basis, class... Options> constexpr value weight_of(value x, const extents& edge, int fan) {
    extents shape = edge, factor = edge;
    const int outputs = edge[-1];
    shape[-1] = Basis::count;
    shape.push(outputs);
    const value weight = parameter("weight", shape, start_of<Options...>(fan, Basis::count)).with(x);
    if constexpr (std::is_same_v<option_of<role::scaling, Options...>, scaled>) {
        factor[-1] = 1;
        factor.push(outputs);
        const value scale = parameter("scale", edge, start_of<Options...>(fan, 1)).with(x);
        return weight * reshape(scale, factor);
    } else {
        return weight;
    }
}

// Of weight (..., I, count, O) what stands on the functions that are multiplied with, (..., I, count', O), and on one that
// is 1, summed over the inputs, (..., O).
template <class Basis> inline constexpr int multiplied = Basis::count - starts_with_one<Basis>;
template <class Basis> constexpr value multiplied_part(value weight) {
    return starts_with_one<Basis> ? slice(weight, -2, 1, multiplied<Basis>) : weight;
}
constexpr value part_of_one(value weight) { return sum(slice(weight, -2, 0, 1), axes(-2, -3)); }
// those functions of x (..., I): (..., I count')
template <class Basis> constexpr value multiplied_functions(value x) {
    value y;
    if constexpr (starts_with_one<Basis>)
        y = functions_of_features(Basis::name, x, multiplied<Basis>,
                                  [](value each) { return Basis::after_first(each); });
    else
        y = values_of<Basis>(x);
    extents together = x.shape();
    together[-1] *= multiplied<Basis>;
    return y.valid() ? reshape(y, together) : y;
}

template <class... Options> constexpr value finished(value y) {
    return apply_option<role::activation, Options...>(apply_option<role::norm, Options...>(y));
}

template <class... Options>
inline constexpr bool has_base =
    !std::is_same_v<option_of<role::base, Options...>, no_base> && !std::is_void_v<option_of<role::base, Options...>>;

// a convolution of functions: x (spatial..., I) to (spatial'..., channels)
template <class Basis, class... Options> constexpr value convolve(value x, int channels, const window_options& o) {
    const int spatial = x.rank() - 1;
    if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
    if (!expects_axes(x, o, spatial)) return x;
    const int inputs = x.extent(-1);
    if (inputs % o.groups != 0 || channels % o.groups != 0)
        return reject(*x.owner, text("channels divisible by ") + o.groups + std::string_view(" groups"),
                      text("") + inputs + std::string_view(" in, ") + channels + std::string_view(" out"));
    window w = o.on(x.shape(), spatial);
    if (!expects_fit(x, w, spatial)) return {x.owner, -1};
    if constexpr (std::is_same_v<option_of<role::border, Options...>, zeros_before>) {
        extents before, after;
        bool pads = false;
        for (int a = 3 - spatial; a < 3; ++a) {
            before.push(w.before[a]);
            after.push(w.after[a]);
            pads = pads || w.before[a] > 0 || w.after[a] > 0;
            w.before[a] = w.after[a] = 0;
        }
        before.push(0);
        after.push(0);
        if (pads) x = padded(x, before, after);
    }
    extents edge;
    for (int a = 0; a < spatial; ++a) edge.push(o.kernel[a]);
    edge.push(inputs / o.groups);
    edge.push(channels);
    // an edge of the layer that scales counts the taps of one channel
    const bool scales = std::is_same_v<option_of<role::scaling, Options...>, scaled>;
    const int fan = scales ? w.taps() : w.taps() * (inputs / o.groups);

    const value functions = multiplied_functions<Basis>(apply_option<role::argument, Options...>(x));
    if (!functions.valid()) return functions;
    const value weight = weight_of<Basis, Options...>(x, edge, fan);
    extents filter = edge;
    filter[-2] = edge[-2] * multiplied<Basis>;
    value y = convolution(functions, reshape(multiplied_part<Basis>(weight), filter), w, o.groups);
    if constexpr (starts_with_one<Basis>) {
        extents image = x.shape();
        image[-1] = 1;
        filter[-2] = 1;
        const value ones = broadcast_to(constant(*x.owner, 1), image, false, weight.get().type);
        y = y + convolution(ones, reshape(part_of_one(weight), filter), w);
    }
    if constexpr (has_base<Options...>)
        y = y + convolution(apply_option<role::base, Options...>(x),
                            parameter("base", edge, start_of<Options...>(fan, 1)), w, o.groups);
    return y;
}

}  // namespace tessera::detail::kan
