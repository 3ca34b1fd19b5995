// margin_loss: the right class's capsule is to be long, all others short; each class by itself, so several may be there.
//
//   in      lengths (..., C), as of capsule_lengths; labels (...) of element int32
//   out     a scalar a sample: the mean over leading axes
//
//   loss = sum_c t_c max(0, 0.9 - y_c)^2 + 0.5 (1 - t_c) max(0, y_c - 0.1)^2,   t = onehot(label)
//
// Options     of margin_loss_with<Upper, Lower, Absent, Factor>: the two margins, what an absent class weighs, and what the
//             sum is multiplied by: 0.9, 0.1, 0.5, 1. The authors' code has half of the paper's loss: Factor 0.5.
//             margin_and_picture<Weight> adds Weight times the summed square of what a second output (P) differs from a
//             picture, a further target like it: 0.0005, as in the paper.
// Gradient    exact; 0 on the margins.
// Cost        nine operations a class.
// Errors      compile time: several outputs, or one of rank 0; margin_and_picture: other than two outputs. A label out of
//             range is refused by the trainer before the step runs.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules", equation 4.
//
//     trainer<model<net, batch<32>>, margin_loss, adam> train(...);
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

template <double Upper = 0.9, double Lower = 0.1, double Absent = 0.5, double Factor = 1.0> struct margin_loss_with {
    static_assert(Upper > Lower && Lower >= 0, "margin_loss_with<Upper, Lower>: Upper above Lower, Lower not negative");
    static_assert(Absent >= 0 && Factor > 0, "margin_loss_with<..., Absent, Factor>: a weight must not be negative");
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& outputs) {
        const value y = losses::single_output(outputs);
        if (!expects(y, y.rank() >= 1, "lengths (..., classes)")) return {&g, -1};
        const value right = one_hot(losses::labels(g, y), y.extent(-1));  // (..., C)
        const value shortfall = square(positive(Upper - y)), excess = square(positive(y - Lower));
        return mean(sum(select(right, shortfall, Absent * excess), last)) * Factor;
    }

  private:
    static constexpr value positive(value x) { return tessera::apply(detail::scalar_function::relu, x); }
};

using margin_loss = margin_loss_with<>;

template <double Weight = 0.0005, class Margin = margin_loss> struct margin_and_picture {
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& y) {
        if (y.count != 2)
            return reject(g, "a network of two outputs, lengths and a picture", text() + y.count + " outputs");
        const value margin = Margin::apply(g, {y[0]});
        const value picture = losses::target(g, "picture", y[1].shape(), losses::width_of(y[1]));
        return margin + Weight * sum(square(y[1] - picture));
    }
};

}  // namespace tessera
