// cross_entropy: the negative log-probability that softmax gives to the right class.
//
//   in      logits (..., C); labels (...) of element int32, or target probabilities (..., C)
//   out     a scalar a sample: the mean over leading axes
//
//   loss = -sum_c t_c log softmax(logits)_c,   t = (1 - smoothing) onehot(label) + smoothing / C
//
// Options     label_smoothing<S>, class_weights<W...>: t_c is multiplied by W_c. A batch mean divides by the number
//             of samples, not by the sum of their weights.
// Gradient    exact, through log_softmax: softmax - t where the t_c sum to 1.
// Errors      compile time: labels where the network's output has no classes. A label out of range is refused
//             by the trainer before the step runs.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>

namespace tessera {

template <double S>
struct label_smoothing {
    static_assert(S >= 0 && S < 1, "label_smoothing<S>: S must be in [0, 1)");
};
template <double... W>
struct class_weights {};

namespace losses {

// a further input of the graph, behind those of the network
constexpr value target(graph& g, text name, const extents& shape, element type) {
    node n;
    n.kind = op::input;
    n.type = type;
    n.shape = shape;
    n.batched = true;
    n.slot = static_cast<int>(g.inputs.size());
    g.inputs.push_back({name, shape, type});
    return add_node(g, n);
}

constexpr double smoothing_of(auto) { return 0; }
template <double S>
constexpr double smoothing_of(label_smoothing<S>) {
    return S;
}
// a vector of numbers as a value: a sum of scaled unit vectors is what concatenation of numbers comes to
constexpr value weighted(value t, auto) { return t; }
template <double... W>
constexpr value weighted(value t, class_weights<W...>) {
    if (!expects(t, t.extent(-1) == static_cast<int>(sizeof...(W)), "one class weight for each class")) return t;
    const double list[] = {W...};
    value out;
    for (int c = 0; c < t.extent(-1); ++c) {
        const value part = slice(t, -1, c, 1) * list[c];
        out = c == 0 ? part : concatenate({out, part});
    }
    return out;
}

}  // namespace losses

template <class... Options>
struct cross_entropy_with {
    static constexpr bool takes_labels = true;
    static constexpr value apply(graph& g, const values& y) {
        const value logits = y[0];
        if (!expects(logits, logits.rank() >= 1, "logits (..., classes)")) return logits;
        extents positions = logits.shape();
        --positions.rank;
        const int classes = logits.extent(-1);
        const value labels = losses::target(g, text("labels"), positions, element::int32);
        value t = one_hot(labels, classes);
        const double smoothing = (0.0 + ... + losses::smoothing_of(Options{}));
        if (smoothing > 0) t = t * (1 - smoothing) + smoothing / classes;
        ((t = losses::weighted(t, Options{})), ...);
        return mean(-sum(t * softmax_over_last(op::log_softmax, logits), last));
    }
};
using cross_entropy = cross_entropy_with<>;

// against probabilities: mix-up, distillation
struct soft_cross_entropy {
    static constexpr bool takes_labels = false;
    static constexpr value apply(graph& g, const values& y) {
        const value logits = y[0];
        if (!expects(logits, logits.rank() >= 1, "logits (..., classes)")) return logits;
        const value t = losses::target(g, text("targets"), logits.shape(), element::real);
        return mean(-sum(t * softmax_over_last(op::log_softmax, logits), last));
    }
};

}  // namespace tessera
