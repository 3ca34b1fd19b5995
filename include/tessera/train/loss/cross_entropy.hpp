// cross_entropy: the negative log-probability that softmax gives to the right class.
//
//   in      logits (..., C); labels (...) of element int32
//   out     a scalar a sample: the mean over leading axes
//
//   loss = -sum_c t_c log softmax(logits)_c,   t = w ((1 - smoothing) onehot(label) + smoothing / C)
//
// Options     of cross_entropy_with<...>: label_smoothing<S>; class_weights<W...>, one for each class, w = 1 without.
//             A batch mean divides by the number of samples, not by the sum of their weights.
// A class with t_c = 0 adds nothing, though its logit be -infinity; one with t_c > 0 makes the loss infinite then.
// Gradient    exact, through log_softmax: softmax - t where the t_c sum to 1.
// Cost        one exp a class.
// Errors      compile time: several outputs, or one of rank 0; not one weight for each class. A label out of range is
//             refused by the trainer before the step runs.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

template <auto S> struct label_smoothing {
    static_assert(S >= 0 && S < 1, "label_smoothing<S>: S must be in [0, 1)");

    static constexpr value apply(value t) {
        return S == 0 ? t : t * (1 - double{S}) + double{S} / t.extent(-1);  // (..., C)
    }
};

template <auto... W> struct class_weights {
    static constexpr int count = static_cast<int>(sizeof...(W));
    static_assert(count >= 1, "class_weights<W...>: one weight for each class");
    static_assert(((W >= 0) && ...), "class_weights<W...>: a weight must not be negative");

    static constexpr value apply(value t) {
        if (!expects(t, t.extent(-1) == count, (text("") + count + std::string_view(" classes, as weights")).view()))
            return t;
        return t * weights(*t.owner);  // (..., C)
    }

  private:
    // neighbours of equal weight are one piece of the vector
    static constexpr value weights(graph& g) {
        const double list[] = {double{W}...};
        value joined;  // (C)
        for (int first = 0, end = 0; first < count; first = end) {
            while (end < count && list[end] == list[first]) ++end;
            const value piece = stretch(constant(g, list[first]), {end - first}, false);
            joined = first == 0 ? piece : concatenate({joined, piece});
        }
        return joined;
    }
};

template <class> inline constexpr bool is_smoothing = false;
template <auto S> inline constexpr bool is_smoothing<label_smoothing<S>> = true;
template <class> inline constexpr bool is_weighting = false;
template <auto... W> inline constexpr bool is_weighting<class_weights<W...>> = true;

template <class... Options> struct cross_entropy_with {
    static_assert(((is_smoothing<Options> || is_weighting<Options>) && ...) &&
                      (0 + ... + int(is_smoothing<Options>)) <= 1 && (0 + ... + int(is_weighting<Options>)) <= 1,
                  "cross_entropy_with<...>: options are label_smoothing<S> and class_weights<W...>, each once");
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& y) {
        const value logits = losses::single_output(y);
        if (!expects(logits, logits.rank() >= 1, "logits (..., classes)")) return {&g, -1};
        const value labels = losses::labels(g, logits);
        value t = one_hot(labels, logits.extent(-1));  // (..., C)
        // smoothing first, whatever the order of the options: the weights apply to what it adds, too
        ((t = smoothed(t, Options{})), ...);
        ((t = weighted(t, Options{})), ...);
        return mean(-sum(masked(t, softmax_over_last(op::log_softmax, logits)), last));
    }

  private:
    static constexpr value smoothed(value t, auto) { return t; }
    template <auto S> static constexpr value smoothed(value t, label_smoothing<S> option) { return option.apply(t); }
    static constexpr value weighted(value t, auto) { return t; }
    template <auto... W> static constexpr value weighted(value t, class_weights<W...> option) {
        return option.apply(t);
    }
};

using cross_entropy = cross_entropy_with<>;

}  // namespace tessera
