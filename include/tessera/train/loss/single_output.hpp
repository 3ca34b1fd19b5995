// losses::single_output: what a loss of one output is of.
//
// Errors  compile time: a network of several outputs. A loss of one's own calls a loss for one of them:
//         cross_entropy::apply(g, {y[1]}).
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera::losses {

constexpr value single_output(const values& y) {
    if (y.count == 1) return y[0];
    return reject(detail::graph_of(y), "a network of one output", text() + y.count + " outputs",
                  "a loss of your own calls it for one of them");
}

}  // namespace tessera::losses
