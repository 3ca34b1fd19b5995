// cross_entropy: the negative log-probability that softmax gives to the right class.
//
//   in      logits (..., C); labels (...) of element int32
//   out     a scalar a sample: the mean over leading axes
//
//   loss = -sum_c t_c log softmax(logits)_c,   t = w ((1 - smoothing) onehot(label) + smoothing / C)
//
// A class with t_c = 0 adds nothing, though its logit be -infinity; one with t_c > 0 makes the loss infinite then.
//
// Options     of cross_entropy_with<...>: label_smoothing<S>; class_weights<W...>, one for each class, w = 1 without;
//             ignore_label<L>, -100 by default: a position of that label, which need not be a class, adds nothing.
//             A batch mean divides by the number of samples, not by the sum of their weights. With ignore_label the
//             mean is over all positions of the batch that count, so samples with more of them weigh more; where none
//             counts, the loss is 0 and so are its gradients. (PyTorch then gives NaN.)
// Gradient    exact, through log_softmax: softmax - t where the t_c sum to 1.
// Cost        one exp a class. Without label_smoothing and class_weights no array of 0 and 1 is built for the labels.
// Errors      compile time: several outputs, or one of rank 0; not one weight for each class. A label out of range is
//             refused by the trainer before the step runs.
#pragma once
#include <cstdint>
#include <optional>
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
            const value piece = broadcast_to(constant(g, list[first]), {end - first}, false);
            joined = first == 0 ? piece : concatenate({joined, piece});
        }
        return joined;
    }
};

template <std::int32_t L = -100> struct ignore_label {
    static constexpr std::int32_t label = L;
};

namespace detail {

template <class> inline constexpr bool is_smoothing = false;
template <auto S> inline constexpr bool is_smoothing<label_smoothing<S>> = true;
template <class> inline constexpr bool is_weighting = false;
template <auto... W> inline constexpr bool is_weighting<class_weights<W...>> = true;

template <class> inline constexpr bool is_ignoring = false;
template <std::int32_t L> inline constexpr bool is_ignoring<ignore_label<L>> = true;
template <class> inline constexpr std::optional<std::int32_t> label_to_ignore{};
template <std::int32_t L> inline constexpr std::optional<std::int32_t> label_to_ignore<ignore_label<L>> = L;

}  // namespace detail

template <class... Options> struct cross_entropy_with {
    static_assert(((detail::is_smoothing<Options> || detail::is_weighting<Options> || detail::is_ignoring<Options>) &&
                   ...) &&
                      (0 + ... + int(detail::is_smoothing<Options>)) <= 1 &&
                      (0 + ... + int(detail::is_weighting<Options>)) <= 1 &&
                      (0 + ... + int(detail::is_ignoring<Options>)) <= 1,
                  "cross_entropy_with<...>: options are label_smoothing<S>, class_weights<W...> and ignore_label<L>, "
                  "each once");
    static constexpr bool takes_labels = true;

    static constexpr std::optional<std::int32_t> ignored = [] {
        std::optional<std::int32_t> label;
        ((label = detail::is_ignoring<Options> ? detail::label_to_ignore<Options> : label), ...);
        return label;
    }();
    static constexpr bool ignores(std::int32_t label) { return ignored == label; }

    static constexpr value apply(graph& g, const values& y) { return make(g, y, true); }
    // of a sample by itself, as though it were the whole batch
    static constexpr value apply_alone(graph& g, const values& y) { return make(g, y, false); }

  private:
    static constexpr value make(graph& g, const values& y, bool in_batch) {
        const value logits = losses::single_output(y);
        if (!expects(logits, logits.rank() >= 1, "logits (..., classes)")) return {&g, -1};
        const value labels = losses::labels(g, logits);
        if constexpr (only_picks) {
            const value picked = log_probability_of(logits, labels);  // (...)
            if (!ignored) return mean(-picked);
            const value counts = 1 - equal(labels, *ignored);
            return per_label(sum(masked(counts, picked)), sum(counts), in_batch);
        }
        const value onehot = one_hot(labels, logits.extent(-1), ignored);  // (..., C)
        value t = onehot;
        // smoothing first, whatever the order of the options: the weights apply to what it adds, too
        ((t = smoothed(t, Options{})), ...);
        ((t = weighted(t, Options{})), ...);
        const value log_probability = softmax_over_last(detail::op::log_softmax, logits);  // (..., C)
        if (!ignored) return mean(-sum(masked(t, log_probability), last));
        // 1 where the label counts, 0 where not
        const value counts = reduce(detail::op::sum, onehot, last.of(logits.rank()));  // (..., 1)
        return per_label(sum(masked(t * counts, log_probability)), sum(counts), in_batch);
    }

    static constexpr bool only_picks = !((detail::is_smoothing<Options> || detail::is_weighting<Options>) || ...);

    // The logarithm of what softmax gives to a label, without an array of 0 and 1 for the labels. Its gradient, 1 at the
    // label less softmax, is made in the memory of the logarithms.
    static constexpr value log_probability_of(value logits, value labels) {
        const value y = softmax_over_last(detail::op::log_softmax, logits);
        extents rows = labels.shape();
        rows.push(1);
        return with_gradient(pick(y, labels, ignored), logits, [&](value dy) {
            const value d = reshape(dy, rows);
            const detail::take_along_attributes at{logits.rank() - 1, ignored.has_value(), ignored.value_or(0)};
            return detail::add_along(d, reshape(labels, rows), y.shape(), at, masked(-d, exp(y)));
        });
    }
    // the mean over the labels that count
    static constexpr value per_label(value log_probabilities, value counts, bool in_batch) {
        // 1 / samples at the least, or 0, which nothing is divided by
        return -log_probabilities / maximum(in_batch ? batch_mean(counts) : counts, 1e-10);
    }

    static constexpr value smoothed(value t, auto) { return t; }
    template <auto S> static constexpr value smoothed(value t, label_smoothing<S> option) { return option.apply(t); }
    static constexpr value weighted(value t, auto) { return t; }
    template <auto... W> static constexpr value weighted(value t, class_weights<W...> option) {
        return option.apply(t);
    }
};

using cross_entropy = cross_entropy_with<>;

}  // namespace tessera
