// squeeze_excite<Ratio>: each channel is weighed by what the means of all channels say of it.
//
//   in      x (positions..., C)
//   out     y like x
//
//   s = the mean of x over all positions (C)
//   y = x sigmoid(relu(s reduce) expand)
//
// Options     with_bias adds a bias to both maps. The paper found none to be better, so there is none unless asked for.
// Parameters  reduce (C, R), Kaiming; expand (R, C), Xavier; R = C / Ratio, rounded down; with_bias: reduce_bias (R),
//             expand_bias (C), zero.
// Gradient    exact.
// Cost        two passes over x, 2 C R multiply-adds.
// Errors      compile time: Ratio < 1; an input of rank 0 or 1; fewer than Ratio channels.
// Source      Hu, Shen, Albanie, Sun, Wu 2018, "Squeeze-and-Excitation Networks".
//
//     conv<64, 3, same> >> batch_norm >> squeeze_excite<16>
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

namespace detail::gates {

// channels of an image, of which a bottleneck keeps one in so many
constexpr bool expects_channels(value x, int ratio) {
    return expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least") &&
           expects(x, x.extent(-1) >= ratio, (text("at least ") + ratio + std::string_view(" channels")).view());
}

// a map of the last axis, by the parameters of a name and, where asked, a bias
constexpr value mapped(value x, std::string_view equation, std::string_view name, const extents& shape,
                       initialiser start, bool biased, const extents& outputs) {
    const value y = einsum(equation, x, parameter(name, shape, start));
    return biased ? y + parameter((text(name) + std::string_view("_bias")).view(), outputs).no_weight_decay() : y;
}

}  // namespace detail::gates

template <int Ratio = 16, class... Options>
struct squeeze_excite_layer : layer_base<squeeze_excite_layer<Ratio, Options...>> {
    static_assert(Ratio >= 1, "squeeze_excite<Ratio>: Ratio must be at least 1");
    static_assert((detail::is_option_of<Options, with_bias> && ...),
                  "squeeze_excite<Ratio, ...>: the option is with_bias");
    static constexpr std::string_view name = "squeeze_excite";
    static constexpr text describe() { return text("squeeze_excite<") + Ratio + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!detail::gates::expects_channels(x, Ratio)) return x;
        constexpr bool biased = detail::has_option<with_bias, Options...>;
        const int c = x.extent(-1), r = c / Ratio;
        const value hidden = relu(
            detail::gates::mapped(mean(x, leading), "c,cr->r", "reduce", {c, r}, initial::kaiming(c), biased, {r}));
        return x *
               sigmoid(detail::gates::mapped(hidden, "r,rc->c", "expand", {r, c}, initial::xavier(r, c), biased, {c}));
    }
};

template <int Ratio = 16, class... Options> inline constexpr squeeze_excite_layer<Ratio, Options...> squeeze_excite{};

}  // namespace tessera
