// options: how convolution and pooling layers are told apart: conv<64, 3, stride<2>, pad<1>, groups<32>, no_bias>.
//
// One number means every axis; several name the axes in order. Padding is `valid` unless one of these is given:
//   same                 every position of a stride-1 window has a result; at larger strides TensorFlow's rule:
//                        ceil(extent / stride) results, the odd element of padding after
//   pad<P>, pad<P, Q>    P on both ends of every axis; P before and Q after
//   pad_axes<...>        before and after, axis by axis
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/window.hpp>

namespace tessera {

template <int... N> struct kernel {
    static_assert(((N >= 1) && ...), "kernel<...>: every extent must be at least 1");
};
template <int... N> struct stride {
    static_assert(((N >= 1) && ...), "stride<...>: every stride must be at least 1");
};
template <int... N> struct dilation {
    static_assert(((N >= 1) && ...), "dilation<...>: every dilation must be at least 1");
};
template <int Before, int After = Before> struct pad {
    static_assert(Before >= 0 && After >= 0, "pad<...>: padding must not be negative");
};
template <int... BeforeAfter> struct pad_axes {
    static_assert(sizeof...(BeforeAfter) % 2 == 0 && sizeof...(BeforeAfter) <= 6,
                  "pad_axes<...>: before and after, axis by axis");
    static_assert(((BeforeAfter >= 0) && ...), "pad_axes<...>: padding must not be negative");
};
template <int N> struct groups {
    static_assert(N >= 1, "groups<N>: N must be at least 1");
};
struct same {};
struct valid {};
struct no_bias {};
struct with_bias {};            // where a layer has none unless asked for
struct with_lengths {};         // a last input says how many elements of a sequence a sample has
struct padding_not_counted {};  // avg_pool: divide by the elements covered
// conv_transpose: further elements after each axis
template <int... N> struct output_pad {
    static_assert(((N >= 0) && ...), "output_pad<...>: padding must not be negative");
};

namespace detail {

template <class Option, class... Options> inline constexpr bool has_option = (std::is_same_v<Option, Options> || ...);
// whether an option is one of those that a layer knows
template <class Option, class... Known> inline constexpr bool is_option_of = (std::is_same_v<Option, Known> || ...);

// What the options of a layer add up to, before the input is known.
struct window_options {
    int kernel[3] = {}, stride[3] = {1, 1, 1}, dilation[3] = {1, 1, 1}, before[3] = {}, after[3] = {};
    int output_pad[3] = {};
    int groups = 1;
    int axes = 0;  // that options name one by one; 0: none does, -1: they disagree
    bool same = false;

    // the window for an input of `spatial` axes; `same` needs its extents
    constexpr window on(const extents& input, int spatial) const {
        window w;
        for (int i = 0; i < spatial; ++i) {
            const int a = 3 - spatial + i;
            w.kernel[a] = kernel[i];
            w.stride[a] = stride[i];
            w.dilation[a] = dilation[i];
            w.before[a] = before[i];
            w.after[a] = after[i];
            if (same) {
                const int n = input.size_of[i], results = (n + stride[i] - 1) / stride[i];
                const int missing = (results - 1) * stride[i] + w.span(a) - n;
                w.before[a] = missing > 0 ? missing / 2 : 0;
                w.after[a] = missing > 0 ? missing - missing / 2 : 0;
            }
        }
        return w;
    }
};

namespace layer_options {

// An option that can never be right has been refused where it is written; here it becomes one that can.
constexpr void name_axes(window_options& w, int count) { w.axes = w.axes == 0 || w.axes == count ? count : -1; }
constexpr void assign(window_options& w, int (&to)[3], std::initializer_list<int> n) {
    for (std::size_t i = 0; i < 3; ++i) to[i] = n.size() == 1 ? *n.begin() : i < n.size() ? n.begin()[i] : to[i];
    if (n.size() > 1) name_axes(w, static_cast<int>(n.size()));
}
template <int... N> constexpr void read(window_options& w, kernel<N...>) { assign(w, w.kernel, {N...}); }
template <int... N> constexpr void read(window_options& w, stride<N...>) { assign(w, w.stride, {(N < 1 ? 1 : N)...}); }
template <int... N> constexpr void read(window_options& w, dilation<N...>) { assign(w, w.dilation, {N...}); }
template <int Before, int After> constexpr void read(window_options& w, pad<Before, After>) {
    assign(w, w.before, {Before});
    assign(w, w.after, {After});
}
template <int... N> constexpr void read(window_options& w, pad_axes<N...>) {
    const int list[] = {N..., 0};
    name_axes(w, static_cast<int>(sizeof...(N) / 2));
    for (std::size_t i = 0; i < sizeof...(N) / 2; ++i) {
        w.before[i] = list[2 * i];
        w.after[i] = list[2 * i + 1];
    }
}
template <int N> constexpr void read(window_options& w, groups<N>) { w.groups = N < 1 ? 1 : N; }
constexpr void read(window_options& w, same) { w.same = true; }
constexpr void read(window_options&, valid) {}
constexpr void read(window_options&, no_bias) {}
constexpr void read(window_options&, padding_not_counted) {}
template <int... N> constexpr void read(window_options& w, output_pad<N...>) { assign(w, w.output_pad, {N...}); }

}  // namespace layer_options

// options that name axes name as many as the input of a layer has
constexpr bool expects_axes(value x, const window_options& o, int spatial) {
    if (o.axes == 0 || o.axes == spatial) return true;
    reject(*x.owner, text("options for ") + spatial + std::string_view(" spatial axes"),
           o.axes < 0 ? text("options for several numbers of axes") : text("options for ") + o.axes,
           text("one number stands for every axis"));
    return false;
}

// what convolutions and pooling can read; looked at by the layer, so that a mistake is said first
template <class... Options>
concept window_options_only = (requires(window_options& w) { layer_options::read(w, Options{}); } && ...);

namespace layer_options {

enum class role { window, padding, grouping, growth, bias, counting };

template <class Option> inline constexpr role role_of = role::window;
template <> inline constexpr role role_of<same> = role::padding;
template <> inline constexpr role role_of<valid> = role::padding;
template <int Before, int After> inline constexpr role role_of<pad<Before, After>> = role::padding;
template <int... N> inline constexpr role role_of<pad_axes<N...>> = role::padding;
template <int N> inline constexpr role role_of<groups<N>> = role::grouping;
template <int... N> inline constexpr role role_of<output_pad<N...>> = role::growth;
template <> inline constexpr role role_of<no_bias> = role::bias;
template <> inline constexpr role role_of<padding_not_counted> = role::counting;

template <role Role, class... Options> inline constexpr int count_of = (0 + ... + int(role_of<Options> == Role));

}  // namespace layer_options

// whether a layer can do with all of its options: padding is of one kind, and what it has no use for is not there
template <class... Options>
inline constexpr bool has_one_padding = layer_options::count_of<layer_options::role::padding, Options...> <= 1;
template <layer_options::role Role, class... Options>
inline constexpr bool has_none = layer_options::count_of<Role, Options...> == 0;

namespace layer_options {

// others have been refused by the layer
template <class Option> constexpr void read_if_known(window_options& w, Option option) {
    if constexpr (window_options_only<Option>) read(w, option);
}

}  // namespace layer_options

// `step` is the stride where no option names one
template <int Kernel, class... Options> constexpr window_options window_options_of(int step = 1) {
    window_options w;
    layer_options::assign(w, w.kernel, {Kernel});
    layer_options::assign(w, w.stride, {step < 1 ? 1 : step});
    (layer_options::read_if_known(w, Options{}), ...);
    return w;
}

}  // namespace detail

}  // namespace tessera
