// gru<H, options...>: a gated recurrent unit over the time axis.
//
//   in      x (T, C)
//   out     h (T, H), all hidden states; h_(-1) = 0, or a second input h0 (H)
//
//   r_t = sigmoid(x_t W_ir + b_ir + h_(t-1) W_hr + b_hr)
//   z_t = sigmoid(x_t W_iz + b_iz + h_(t-1) W_hz + b_hz)
//   n_t = tanh(x_t W_in + b_in + r_t (h_(t-1) W_hn + b_hn))
//   h_t = (1 - z_t) n_t + z_t h_(t-1)
//
// Options say what the result is, which way time runs, and whether lengths come last: see recurrent.hpp. Runs frame by frame when streaming.
// Parameters  weight_ih (C, 3 H), weight_hh (H, 3 H), bias_ih, bias_hh (3 H), gates in the order r, z, n; uniform with
//             bound 1 / sqrt(H).
// Gradient    exact, through time.
// Cost        3 H (C + H) multiply-adds an element; the part of x is one product for all elements.
// Errors      compile time: H < 1; an input of rank other than 2; a start of other extents; other
//             options. While streaming: options.
// Source      Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder", in the form of cuDNN.
#pragma once
#include <tessera/layers/recurrent/recurrent.hpp>

namespace tessera {

template <int H, class... Options> struct gru_layer : layer_base<gru_layer<H, Options...>> {
    static_assert(H >= 1, "gru<H>: H must be at least 1");
    static_assert(detail::recurrent::are_options<Options...>,
                  "gru<H, ...>: options are last_output, last_state or with_last_state, from_the_end and "
                  "with_lengths");
    using turned_around = gru_layer<H, Options..., from_the_end>;
    using result = detail::recurrent::result<Options...>;
    static constexpr int hidden = H;
    static constexpr bool begins_at_the_end = detail::has_option<from_the_end, Options...>;
    static constexpr bool takes_lengths = detail::has_option<with_lengths, Options...>;
    static constexpr std::string_view name = "gru";
    static constexpr text describe() { return detail::recurrent::describe<Options...>("gru", H); }

    constexpr result apply(value x) const
        requires(!takes_lengths)
    {
        return run(x, detail::recurrent::zeros(x, H), {});
    }
    // what it starts from, or the lengths
    constexpr result apply(value x, value y) const {
        return takes_lengths ? run(x, detail::recurrent::zeros(x, H), y) : run(x, y, {});
    }
    constexpr result apply(value x, value h0, value lengths) const
        requires takes_lengths
    {
        return run(x, h0, lengths);
    }

  private:
    static constexpr result run(value x, value h0, value lengths) {
        const detail::recurrent::weights w = detail::recurrent::weights_for(x, 3, H);
        if (!w.projected.valid() || !detail::recurrent::expects_start(h0, H))
            return detail::recurrent::failed<Options...>(x);
        const value carries = scan(
            [&](value h, value p) {                                          // h (H), p (3 H)
                const value q = einsum("h,hg->g", h, w.recurrent) + w.bias;  // (3 H)
                const auto gate = [&](value g, int i) { return slice(g, 0, i * H, H); };
                const value r = detail::recurrent::sigmoid(gate(p, 0) + gate(q, 0)),
                            z = detail::recurrent::sigmoid(gate(p, 1) + gate(q, 1));
                const value n = tanh(gate(p, 2) + r * gate(q, 2));
                return n + z * (h - n);
            },
            h0, w.projected, detail::recurrent::way<Options...>(lengths));  // (T, H)
        return detail::recurrent::result_of<Options...>(carries, H);
    }
};

template <int H, class... Options> inline constexpr gru_layer<H, Options...> gru{};

}  // namespace tessera
