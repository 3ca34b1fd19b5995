// prototype_loss<Cluster, Separation>: cross-entropy, and where the prototypes lie, of prototypes<...>.
//
//   in      logits (classes), distances (M); a label of element int32
//   out     a scalar a sample
//
//   loss = cross entropy + Cluster cluster_cost + Separation separation_cost
//
// Options     0.8 and -0.08 unless told otherwise. That of the wrong classes' weights is an option of the layer.
// Gradient    exact.
// Cost        one exp a class, three operations a prototype.
// Errors      compile time: outputs that are not two; those of cluster_cost. A label out of range is refused by the
//             trainer before the step runs.
// Source      Chen et al. 2019, "This Looks Like That: Deep Learning for Interpretable Image Recognition".
#pragma once
#include <tessera/ir/operations.hpp>
#include <tessera/layers/structure/prototype_costs.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

template <double Cluster = 0.8, double Separation = -0.08> struct prototype_loss {
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& y) {
        if (y.count != 2) return reject(g, text("logits and distances"), text("") + y.count + " outputs");
        if (!expects(y[0], rank == 1, "logits (classes)")) return {&g, -1};
        const int classes = y[0].extent(-1);
        const value label = losses::labels(g, y[0]);
        const value wrong = -pick(softmax_over_last(detail::op::log_softmax, y[0]), label);
        return wrong + Cluster * cluster_cost(y[1], label, classes) +
               Separation * separation_cost(y[1], label, classes);
    }
};

}  // namespace tessera
