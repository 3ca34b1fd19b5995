// lstm<H, options...>: long short-term memory over the time axis.
//
//   in      x (T, C)
//   out     h (T, H), all hidden states; h and c begin at 0, or at the second and third input, (H) each
//
//   i, f, o = sigmoid(x W_i + b_i + h U_i + c_i), ...      g = tanh(x W_g + b_g + h U_g + c_g)
//   c_t = f c_(t-1) + i g                                  h_t = o tanh(c_t)
//
// Options say what the result is, which way time runs, and whether lengths come last: see recurrent.hpp. Runs frame by frame when streaming.
// Parameters  weight_ih (C, 4 H), weight_hh (H, 4 H), bias_ih, bias_hh (4 H), gates in the order i, f, g, o;
//             uniform with bound 1 / sqrt(H).
// Gradient    exact, through time.
// Cost        4 H (C + H) multiply-adds an element; the part of x is one product for all elements.
// Errors      compile time: H < 1; an input of rank other than 2; a start of other extents; other
//             options. While streaming: options.
// Source      Hochreiter, Schmidhuber 1997; forget gate of Gers et al. 2000.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/recurrent/recurrent.hpp>

namespace tessera {

template <int H, class... Options> struct lstm_layer : layer_base<lstm_layer<H, Options...>> {
    static_assert(H >= 1, "lstm<H>: H must be at least 1");
    static_assert(detail::recurrent::are_options<Options...>,
                  "lstm<H, ...>: options are last_output, last_state or with_last_state, from_the_end and "
                  "with_lengths");
    using turned_around = lstm_layer<H, Options..., from_the_end>;
    using result = detail::recurrent::result<Options...>;
    static constexpr int hidden = H;
    static constexpr bool begins_at_the_end = detail::has_option<from_the_end, Options...>;
    static constexpr bool takes_lengths = detail::has_option<with_lengths, Options...>;
    static constexpr std::string_view name = "lstm";
    static constexpr text describe() { return detail::recurrent::describe<Options...>("lstm", H); }

    constexpr result apply(value x) const
        requires(!takes_lengths)
    {
        return run(x, detail::recurrent::zeros(x, H), detail::recurrent::zeros(x, H), {});
    }
    constexpr result apply(value x, value lengths) const
        requires takes_lengths
    {
        return run(x, detail::recurrent::zeros(x, H), detail::recurrent::zeros(x, H), lengths);
    }
    constexpr result apply(value x, value h0, value c0) const
        requires(!takes_lengths)
    {
        return run(x, h0, c0, {});
    }
    constexpr result apply(value x, value h0, value c0, value lengths) const
        requires takes_lengths
    {
        return run(x, h0, c0, lengths);
    }

  private:
    static constexpr result run(value x, value h0, value c0, value lengths) {
        const detail::recurrent::weights w = detail::recurrent::weights_for(x, 4, H);
        if (!w.projected.valid()) return detail::recurrent::failed<Options...>(x);
        if (!detail::recurrent::expects_start(h0, H) || !detail::recurrent::expects_start(c0, H))
            return detail::recurrent::failed<Options...>(x);
        const value carries = scan(
            [&](value carried, value p) {  // (2 H): h, c; p (4 H)
                const value h = slice(carried, 0, 0, H), c = slice(carried, 0, H, H);
                const value q = p + (einsum("h,hg->g", h, w.recurrent) + w.bias);  // (4 H)
                const auto gate = [&](int k) { return slice(q, 0, k * H, H); };
                const value i = detail::recurrent::sigmoid(gate(0)), f = detail::recurrent::sigmoid(gate(1)),
                            g = tanh(gate(2));
                const value o = detail::recurrent::sigmoid(gate(3)), next = f * c + i * g;
                return concatenate({o * tanh(next), next});
            },
            concatenate({h0, c0}), w.projected, detail::recurrent::way<Options...>(lengths));  // (T, 2 H)
        return detail::recurrent::result_of<Options...>(carries, H);
    }
};

template <int H, class... Options> inline constexpr lstm_layer<H, Options...> lstm{};

}  // namespace tessera
