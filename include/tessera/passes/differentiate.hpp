// differentiate: reverse mode. A graph becomes a longer graph that also holds the gradients.
//
// Adjoints are values like any other: that of a value of each sample is one a sample, that of a shared value is
// the sum over the samples present. Nodes that lead to nothing wanted are skipped.
#pragma once
#include <tessera/ir/operations.hpp>

namespace tessera {

class tape {
  public:
    constexpr tape(graph& g, const std::vector<int>& roots) : graph_(g) {
        wanted_.assign(g.nodes.size(), 0);
        adjoint_.assign(g.nodes.size(), -1);
        for (int r : roots) wanted_[index(r)] = 1;
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            for (int a : g.nodes[i].args)
                if (a >= 0 && wanted_[index(a)]) wanted_[i] = 1;
    }

    constexpr value argument(value y, int k) const { return {&graph_, y.get().args[k]}; }
    constexpr bool wants(value x) const { return x.id >= 0 && index(x.id) < wanted_.size() && wanted_[index(x.id)]; }
    constexpr value inverse_count() {
        node n;
        n.kind = op::inverse_count;
        return add_node(graph_, n);
    }

    // of y = normalise(x) with respect to x; root is 1 / sqrt(variance + epsilon)
    constexpr value normalised_gradient(value y, value dy, value root) {
        const node n = y.get();
        const auto mask = static_cast<unsigned>(n.list[0]);
        const bool over_batch = n.list[1] != 0;
        const reduction_options average{over_batch, over_batch, 1.0 / reduced_size(n.shape, mask)};
        const value mean = reduce(op::sum, dy, mask, average), along = reduce(op::sum, dy * y, mask, average);
        return root * (dy - mean - y * along);
    }

    constexpr void add(value x, value dx) {
        if (!wants(x) || !dx.valid()) return;
        const node n = x.get();
        if (!(dx.shape() == n.shape) || (dx.batched() && !n.batched)) dx = sum_to(dx, n.shape, n.batched);
        dx = stretch(dx, n.shape, n.batched);
        int& sum = adjoint_[index(x.id)];
        sum = sum < 0 ? dx.id : (value{&graph_, sum} + dx).id;
    }

    // from the seed of y back to the roots
    constexpr void run(value y, value seed) {
        add(y, seed);
        for (int i = y.id; i >= 0 && !graph_.failed; --i) {
            if (adjoint_[index(i)] < 0) continue;
            const value v{&graph_, i}, dv{&graph_, adjoint_[index(i)]};
            graph_.scope_now = v.get().scope;
            with_operation(v.get().kind, [&](auto operation) { operation.gradient(*this, v, dv); });
        }
        graph_.scope_now = 0;
    }

    // the gradient of a root; zero where nothing depends on it
    constexpr value gradient(int root) {
        const node n = graph_.nodes[index(root)];
        const int a = adjoint_[index(root)];
        return a >= 0 ? value{&graph_, a} : stretch(constant(graph_, 0), n.shape, n.batched);
    }

  private:
    static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

    graph& graph_;
    std::vector<int> adjoint_;
    std::vector<char> wanted_;
};

}  // namespace tessera
