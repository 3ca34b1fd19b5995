// loop_runs: how often a node runs in one call: the product of the lengths of the loops around it.
//
//     for each node, in order: runs.pass(g, n); ... runs.now()
#pragma once
#include <tessera/ir/node.hpp>

namespace tessera::detail {

class loop_runs {
  public:
    constexpr void pass(const graph_view& g, const node& n) {
        if (n.kind == op::loop) {
            ++depth_;
            product_[depth_] = product_[depth_ - 1] * g.attributes<loop_attributes>(n).length;
        }
        if (n.kind == op::loop_end) --depth_;
    }
    constexpr double now() const { return product_[depth_]; }

  private:
    double product_[max_loop_depth + 1] = {1};
    int depth_ = 0;
};

}  // namespace tessera::detail
