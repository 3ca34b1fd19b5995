// outlives_the_call: whether a value of a program is an output or a loss, and so is read after the last step.
#pragma once

namespace tests {

template <class Program> bool outlives_the_call(int node) {
    const auto& g = Program::graph;
    const auto& root = Program::order.root;
    for (int k = 0; k < g.output_count; ++k)
        if (root[g.outputs[k]] == node) return true;
    for (int k = 0; k < g.loss_count; ++k)
        if (root[g.losses[k]] == node) return true;
    return false;
}

}  // namespace tests
