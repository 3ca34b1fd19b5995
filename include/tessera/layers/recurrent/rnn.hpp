// rnn<H, options...>: the plain recurrent network over the time axis.
//
//   in      x (T, C)
//   out     h (T, H), all hidden states; h_(-1) = 0, or a second input h0 (H)
//
//   h_t = tanh(x_t W_ih + b_ih + h_(t-1) W_hh + b_hh)
//
// Options say what the result is, which way time runs, and whether lengths come last: see recurrent.hpp. Runs frame by frame when streaming.
// Parameters  weight_ih (C, H), weight_hh (H, H), bias_ih, bias_hh (H); uniform with bound 1 / sqrt(H).
// Gradient    exact, through time.
// Cost        H (C + H) multiply-adds an element.
// Errors      compile time: H < 1; an input of rank other than 2; a start of other extents; other
//             options. While streaming: options.
// Source      Elman 1990, "Finding structure in time".
#pragma once
#include <tessera/layers/recurrent/recurrent.hpp>

namespace tessera {

template <int H, class... Options> struct rnn_layer : layer_base<rnn_layer<H, Options...>> {
    static_assert(H >= 1, "rnn<H>: H must be at least 1");
    static_assert(detail::recurrent::are_options<Options...>,
                  "rnn<H, ...>: options are last_output, last_state or with_last_state, from_the_end and "
                  "with_lengths");
    using turned_around = rnn_layer<H, Options..., from_the_end>;
    using result = detail::recurrent::result<Options...>;
    static constexpr int hidden = H;
    static constexpr bool begins_at_the_end = detail::has_option<from_the_end, Options...>;
    static constexpr bool takes_lengths = detail::has_option<with_lengths, Options...>;
    static constexpr std::string_view name = "rnn";
    static constexpr text describe() { return detail::recurrent::describe<Options...>("rnn", H); }

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
        const detail::recurrent::weights w = detail::recurrent::weights_for(x, 1, H);
        if (!w.projected.valid() || !detail::recurrent::expects_start(h0, H))
            return detail::recurrent::failed<Options...>(x);
        const value carries =
            scan([&](value before, value p) { return tanh(p + (einsum("h,hg->g", before, w.recurrent) + w.bias)); }, h0,
                 w.projected, detail::recurrent::way<Options...>(lengths));  // (T, H)
        return detail::recurrent::result_of<Options...>(carries, H);
    }
};

template <int H, class... Options> inline constexpr rnn_layer<H, Options...> rnn{};

}  // namespace tessera
