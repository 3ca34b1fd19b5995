// recurrent: what the recurrent layers share: their four parameters, and the product with all inputs at once.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera::recurrent {

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
    const value b = parameter("bias_ih", {wide}, start).undecayed().with(x);
    const value c = parameter("bias_hh", {wide}, start).undecayed().with(x);
    return {einsum("tc,cg->tg", x, w) + b, u, c};
}

// what a loop starts from: a vector of H
constexpr bool expects_start(value h, int hidden) {
    return expects(h, h.shape() == extents{hidden}, (text("(") + hidden + ") to start from").view());
}

constexpr value zeros(value x, int hidden) {
    return x.valid() ? stretch(constant(*x.owner, 0), {hidden}, x.batched()) : x;
}
constexpr value sigmoid(value x) { return apply(scalar_function::sigmoid, x); }

}  // namespace tessera::recurrent
