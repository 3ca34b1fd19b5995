// bilstm_max<H, options...>: an LSTM from both ends, and over time the largest of each of its outputs: the encoder of
// sentences of InferSent.
//
//   in      x (T, C); or x and how many elements a sample has, an int32 value ()
//   out     y (2 H)
//
//   h = bidirectional(lstm<H>)(x)          (T, 2 H)
//   y = max over t < length of h_t         each feature by itself
//
// Elements from the length on have no part in it, whatever they hold; of a length below 1 y is -1, which no output of an
// LSTM falls below. A length above T counts as T.
// Options     padding_is_zero: elements from the length on count as 0 in the maximum, as in the authors' first encoder.
// Parameters  forward and backward: weight_ih (C, 4 H), weight_hh (H, 4 H), bias_ih, bias_hh (4 H), as of lstm<H>.
// Gradient    exact; of equal largest outputs each has its share.
// Cost        8 T H (C + H) multiply-adds, whatever the length.
// Errors      compile time: H < 1; an input of rank other than 2; lengths of another element or shape; other options. It
//             cannot stream: the end of a stream is not known.
// Source      Conneau et al. 2017, "Supervised Learning of Universal Sentence Representations from Natural Language
//             Inference Data".
//
//     struct encoder : network<bilstm_max<2048>, in<"words", shape<64, 300>>, in<"length", shape<>, int32>> {};
#pragma once
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/lstm.hpp>

namespace tessera {

struct padding_is_zero {};

template <int H, class... Options> struct bilstm_max_layer : layer_base<bilstm_max_layer<H, Options...>> {
    static_assert((std::is_same_v<Options, padding_is_zero> && ...),
                  "bilstm_max<H, ...>: the option is padding_is_zero");
    static constexpr std::string_view name = "bilstm_max";
    static constexpr text describe() { return detail::written(name, {H}); }

    constexpr value apply(value x) const {
        const value h = bidirectional(lstm<H>).apply(x);  // (T, 2 H)
        return h.valid() ? max(h, axes(0)) : h;
    }
    constexpr value apply(value x, value length) const {
        const value h = bidirectional(lstm<H, with_lengths>).apply(x, length);  // (T, 2 H)
        if (!h.valid()) return h;
        const value place = iota(x.extent(0)).with(x);
        const value counts = reshape(less(place, to_real(length)), {x.extent(0), 1});
        return max(select(counts, h, detail::has_option<padding_is_zero, Options...> ? 0 : -1), axes(0));  // (2 H)
    }
};

template <int H, class... Options> inline constexpr bilstm_max_layer<H, Options...> bilstm_max{};

}  // namespace tessera
