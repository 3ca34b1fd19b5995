// recurrent: what the recurrent layers share: their four parameters, the product with all inputs at once, and options:
//
//   last_output       the result is that of the element run last, (H), instead of all, (T, H)
//   last_state        the result is what the next element would start from: h (H); of an lstm h (H) and c (H)
//   with_last_state   the result is all outputs (T, H), and then that
//   from_the_end      runs from the last element to the first
//   with_lengths      a last input, an int32 value (), says how many elements a sample has: the carry stays what it was at
//                     the others, so that the last output and state are those of the sample's own end, and from the
//                     end a sample begins at its own end; see ir/operations/scan.hpp
//
// They do not change the parameters. Each result but the outputs of all elements, forward, looks along time: a stream,
// whose outputs are the last at every call, refuses it.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct last_output {};
struct last_state {};
struct with_last_state {};
struct from_the_end {};

namespace detail {

namespace recurrent {

// options of which at most one says what the result is
template <class... Options>
inline constexpr bool are_options =
    (is_option_of<Options, last_output, last_state, with_last_state, from_the_end, with_lengths> && ...) &&
    (0 + ... + is_option_of<Options, last_output, last_state, with_last_state>) <= 1;

template <class... Options> constexpr scan_options way(value lengths) {
    return {.from_the_end = has_option<from_the_end, Options...>, .lengths = lengths};
}

template <class... Options> constexpr text describe(std::string_view layer, int hidden) {
    text t = text(layer) + std::string_view("<") + hidden;
    const auto add = [&](bool given, std::string_view option) {
        if (given) t = t + std::string_view(", ") + option;
    };
    add(has_option<last_output, Options...>, "last_output");
    add(has_option<last_state, Options...>, "last_state");
    add(has_option<with_last_state, Options...>, "with_last_state");
    add(has_option<from_the_end, Options...>, "from_the_end");
    add(has_option<with_lengths, Options...>, "with_lengths");
    return t + std::string_view(">");
}

template <class... Options>
using result =
    std::conditional_t<has_option<last_state, Options...> || has_option<with_last_state, Options...>, values, value>;

template <class... Options> constexpr result<Options...> failed(value x) { return {value{x.owner, -1}}; }

// what the options ask for of the carries of all elements (T, parts H), of which the outputs are the first part
template <class... Options> constexpr result<Options...> result_of(value carries, int hidden) {
    if (!carries.valid()) return failed<Options...>(carries);
    const int at = has_option<from_the_end, Options...> ? 0 : carries.extent(0) - 1, parts = carries.extent(1) / hidden;
    const auto final_of = [&](int part) {
        return reshape(slice(slice(carries, 0, at, 1), 1, part * hidden, hidden), {hidden});  // (H)
    };
    if constexpr (std::is_same_v<result<Options...>, values>) {
        values results;
        if (has_option<with_last_state, Options...>) results.push(slice(carries, 1, 0, hidden));
        for (int part = 0; part < parts; ++part) results.push(final_of(part));
        return results;
    } else if constexpr (has_option<last_output, Options...>) {
        return final_of(0);
    } else {
        return slice(carries, 1, 0, hidden);  // (T, H)
    }
}

struct weights {
    value projected;  // x W_ih + b_ih (T, gates H)
    value recurrent;  // W_hh (H, gates H)
    value bias;       // b_hh (gates H)
};

constexpr weights weights_for(value x, int gates, int hidden) {
    if (!expects(x, rank == 2, "a sequence (time, features)")) return {};
    const initialiser start = initial::uniform(initial::root_per_fan(1, hidden));
    const int wide = gates * hidden;
    const value w = parameter("weight_ih", {x.extent(1), wide}, start).with(x);
    const value u = parameter("weight_hh", {hidden, wide}, start).with(x);
    const value b = parameter("bias_ih", {wide}, start).no_weight_decay().with(x);
    const value c = parameter("bias_hh", {wide}, start).no_weight_decay().with(x);
    return {einsum("tc,cg->tg", x, w) + b, u, c};
}

// what a loop starts from: a vector of H
constexpr bool expects_start(value h, int hidden) {
    return expects(h, h.shape() == extents{hidden}, (text("(") + hidden + ") to start from").view());
}

constexpr value zeros(value x, int hidden) {
    return x.valid() ? broadcast_to(constant(*x.owner, 0), {hidden}, x.batched()) : x;
}
constexpr value sigmoid(value x) { return apply(scalar_function::sigmoid, x); }

}  // namespace recurrent

}  // namespace detail

}  // namespace tessera
