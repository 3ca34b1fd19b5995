// losses::target: what a loss compares with, as a further input of the graph after those of the network.
//
//   name, shape, type   of the input; the shape is that of one sample
//
// Errors      none: in a graph that has failed, the value is void.
#pragma once
#include <tessera/ir/operations/reduce.hpp>

namespace tessera::losses {

// what is compared with a value of real numbers is made of: it has its width
constexpr element width_of(value y) {
    return y.valid() && detail::has_width(y.get().type) ? y.get().type : element::real;
}

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
