// losses::target: what a loss compares with, as a further input of the graph after those of the network.
//
//   name, shape, type   of the input; the shape is that of one sample
//
// Errors      none: in a graph that has failed, the value is void.
#pragma once
#include <tessera/ir/operations/reduce.hpp>

namespace tessera::losses {

constexpr value target(graph& g, text name, const extents& shape, element type) {
    detail::node n;
    n.kind = detail::op::input;
    n.type = type;
    n.shape = shape;
    n.batched = true;
    n.slot = static_cast<int>(g.inputs.size());
    g.inputs.push_back({name, shape, type});
    return add_node(g, n);
}

// the class of each row of scores (..., C)
constexpr value labels(graph& g, value scores) {
    return target(g, text("labels"), detail::without(scores.shape(), last.of(scores.rank())), element::int32);
}

}  // namespace tessera::losses
