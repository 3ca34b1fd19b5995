// bidirectional(f): a recurrent layer run from both ends of time: rnn, gru or lstm, with its options.
//
//   in      x (T, C), or x and what f starts from, (2 H) each: (H) of the first element, then (H) of the last; of
//           f with_lengths the lengths after them
//   out     y (T, 2 H): at each element the output of f, then that of f from the end
//
// Of a layer that gives its last state each result is such a pair, (2 H): what f has after the last element, then what
// f from the end has after the first. So it can start another one.
//
// Parameters  those of f under `forward`, and another set under `backward`.
// Gradient    exact, through time.
// Cost        twice that of f, and a copy.
// Errors      compile time: a function that is no recurrent layer, or one that runs from the end already; those of f.
//             It cannot stream: the end of a stream is not known.
// Source      Schuster, Paliwal 1997, "Bidirectional recurrent neural networks".
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/recurrent/recurrent.hpp>

namespace tessera {

namespace detail {

template <class F>
concept runs_either_way = requires { typename F::turned_around; };

}  // namespace detail

// of another function: says so, and has nothing else that could go wrong
template <class F> struct bidirectional_layer : layer_base<bidirectional_layer<F>> {
    static constexpr bool is_recurrent = detail::runs_either_way<F>;
    static_assert(is_recurrent, "bidirectional(f): f is a recurrent layer: rnn, gru or lstm");
    static constexpr std::string_view name = "bidirectional";

    constexpr value apply(value x) const { return x; }
};

template <detail::runs_either_way F> struct bidirectional_layer<F> : layer_base<bidirectional_layer<F>> {
    static_assert(!F::begins_at_the_end, "bidirectional(f): f without from_the_end");
    static constexpr std::string_view name = "bidirectional";

    constexpr auto apply(value x) const { return both(values{x}); }
    constexpr auto apply(value x, value h0) const { return both(values{x, h0}); }
    constexpr auto apply(value x, value h0, value c0) const { return both(values{x, h0, c0}); }
    constexpr auto apply(value x, value h0, value c0, value lengths) const { return both(values{x, h0, c0, lengths}); }

  private:
    static constexpr auto both(const values& x) {
        const auto forward = detail::call_in("forward", F{}, half(x, 0));  // first, as its parameters are
        const auto backward = detail::call_in("backward", typename F::turned_around{}, half(x, 1));
        return joined(forward, backward);
    }
    // the inputs of one direction; lengths are those of both
    static constexpr auto half(const values& x, int which) {
        values own{x[0]};
        const int starts = F::takes_lengths && x.count > 1 ? x.count - 1 : x.count;
        for (int i = 1; i < starts; ++i)
            own.push(expects(x[i], x[i].shape() == extents{2 * F::hidden},
                             (text("(") + 2 * F::hidden + ") to start from").view())
                         ? slice(x[i], 0, which * F::hidden, F::hidden)
                         : x[i]);
        if (starts < x.count) own.push(x[starts]);
        return own;
    }
    static constexpr value joined(value a, value b) {
        return a.valid() && b.valid() ? concatenate({a, b}) : value{a.owner, -1};
    }
    static constexpr values joined(const values& a, const values& b) {
        values pairs;
        for (int i = 0; i < a.count && i < b.count; ++i) pairs.push(joined(a[i], b[i]));
        return pairs;
    }
};

template <detail::composable F> constexpr bidirectional_layer<F> bidirectional(F) { return {}; }

}  // namespace tessera
