// add_loss: a penalty that a layer adds to the loss of whatever network it stands in.
//
//   in      x (), a scalar a sample; a scalar for all counts once
//
//     inline constexpr auto sparse = [](value x) {
//         add_loss(1e-3 * mean(abs(x)));             // an activity penalty
//         return x;
//     };
//
// Training and the loss of an evaluation add it; inference and gradients_of leave it out, at no cost.
//
// Gradient    exact.
// Errors      compile time: x not of rank 0; a call inside a scan.
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera {

constexpr void add_loss(value x) {
    if (!expects(x, rank == 0, "a scalar", "sum(x) or mean(x) makes one")) return;
    if (loop_depth(x.owner->nodes.data(), static_cast<int>(x.owner->nodes.size())) > 0)
        reject(*x.owner, text("add_loss outside loops"), text("one inside a scan"), text("return it from the body"));
    else
        x.owner->losses.push_back(x.id);
}

}  // namespace tessera
