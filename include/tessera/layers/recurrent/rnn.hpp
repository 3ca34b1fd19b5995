// rnn<H>: the plain recurrent network over the time axis.
//
//   in      x (T, C)
//   out     h (T, H), all hidden states; h_(-1) = 0, or a second input h0 (H)
//
//   h_t = tanh(x_t W_ih + b_ih + h_(t-1) W_hh + b_hh)
//
// Runs frame by frame when streaming.
// Parameters  weight_ih (C, H), weight_hh (H, H), bias_ih, bias_hh (H); uniform with bound 1 / sqrt(H).
// Gradient    exact, through time.
// Cost        H (C + H) multiply-adds an element.
// Errors      compile time: H < 1; an input of rank other than 2; a start of other extents.
// Source      Elman 1990, "Finding structure in time".
#pragma once
#include <tessera/layers/recurrent/recurrent.hpp>

namespace tessera {

template <int H> struct rnn_layer : layer_base<rnn_layer<H>> {
    static_assert(H >= 1, "rnn<H>: H must be at least 1");
    static constexpr std::string_view name = "rnn";
    static constexpr text describe() { return text("rnn<") + H + std::string_view(">"); }

    constexpr value apply(value x) const { return apply(x, recurrent::zeros(x, H)); }
    constexpr value apply(value x, value h0) const {
        const recurrent::weights w = recurrent::weights_for(x, 1, H);
        if (!w.projected.valid() || !recurrent::expects_start(h0, H)) return x;
        return scan([&](value h, value p) { return tanh(p + (einsum("h,hg->g", h, w.recurrent) + w.bias)); }, h0,
                    w.projected);
    }
};

template <int H> inline constexpr rnn_layer<H> rnn{};

}  // namespace tessera
