// delf_pool<Hidden>: the descriptor of an image, the sum of its features weighed by what delf_score gives.
//
//   in      x (positions..., C)
//   out     y (C)
//
//   y = sum over the positions of s x, s = delf_score<Hidden>(x)
//
// Options     those of delf_score; of_directions: features of length 1, x / |x|, and the mean for the sum, as the
//             authors' code has it. With with_batch_norm it is that code. To train the scores alone, begin with
//             stop_gradient.
// Parameters  those of delf_score, below its name.
// Gradient    exact; 1e-12 is added to the square of a length.
// Cost        that of delf_score and P C multiply-adds, of P positions.
// Errors      compile time: those of delf_score.
// Source      Noh, Araujo, Sim, Weyand, Han 2017, "Large-Scale Image Retrieval with Attentive Deep Local Features",
//             section 4.2.
//
//     layer<stop_gradient> >> delf_pool<512> >> dense<586>
#pragma once
#include <tessera/layers/attention/delf_score.hpp>

namespace tessera {

struct of_directions {};

template <int Hidden = 512, class... Options> struct delf_pool_layer : layer_base<delf_pool_layer<Hidden, Options...>> {
    static_assert((detail::is_option_of<Options, with_batch_norm, no_bias, of_directions> && ...),
                  "delf_pool<Hidden, ...>: the options are with_batch_norm, no_bias and of_directions");
    static constexpr std::string_view name = "delf_pool";
    static constexpr text describe() { return text("delf_pool<") + Hidden + std::string_view(">"); }

    constexpr value apply(value x) const {
        value s = score(x);
        if (!s.valid()) return s;
        const int c = x.extent(-1), positions = s.size();
        x = reshape(x, {positions, c});
        s = reshape(s, {positions});
        if constexpr (detail::has_option<of_directions, Options...>)
            s = s * rsqrt(sum(square(x), last) + 1e-12) * (1.0 / positions);
        return einsum("p,pc->c", s, x);
    }

  private:
    static constexpr value score(value x) {
        constexpr bool normed = detail::has_option<with_batch_norm, Options...>,
                       bare = detail::has_option<no_bias, Options...>;
        if constexpr (normed && bare)
            return delf_score<Hidden, with_batch_norm, no_bias>(x);
        else if constexpr (normed)
            return delf_score<Hidden, with_batch_norm>(x);
        else if constexpr (bare)
            return delf_score<Hidden, no_bias>(x);
        else
            return delf_score<Hidden>(x);
    }
};

template <int Hidden = 512, class... Options> inline constexpr delf_pool_layer<Hidden, Options...> delf_pool{};

}  // namespace tessera
