// liveness: between which steps the memory of each value is taken.
#pragma once
#include <tessera/passes/fuse.hpp>

namespace tessera::detail {

// By node, of those that run in a step: the step from which its memory is taken and the last that reads it. What
// outlives the call (outputs, losses, taps) is read in step `step_count`. A node that names another's memory counts as
// that one.
template <int Nodes> struct liveness {
    int first[Nodes + 1] = {};
    int last[Nodes + 1] = {};

    template <class Graph> static constexpr liveness of(const Graph& g, const schedule<Nodes>& s) {
        liveness l;
        const graph_view view = g.view();
        for (int i = 0; i < Nodes; ++i) {
            const node& n = g.nodes[i];
            l.first[i] = s.step_of[i];
            if (s.step_of[i] < 0) continue;
            l.read(i, s.step_of[i]);
            const int* const arguments = view.arguments + n.first_argument;
            for (int k = 0; k < n.argument_count; ++k) l.read(s.root[arguments[k]], s.step_of[i]);
        }
        for (int e = 0; e < Nodes; ++e)
            if (g.nodes[e].kind == op::loop_end) l.stretch_over(g, s, loop_begin(g.nodes, e), e);
        for (int i = 0; i < g.output_count; ++i) l.read(s.root[g.outputs[i]], s.step_count);
        for (int i = 0; i < g.loss_count; ++i) l.read(s.root[g.losses[i]], s.step_count);
        for (int i = 0; i < g.tap_count; ++i) l.read(s.root[g.taps[i].id], s.step_count);
        for (int i = 0; i < Nodes; ++i)  // what a carry becomes has its memory
            if (g.nodes[i].kind == op::next) l.read(view.argument(g.nodes[i], 0), l.last[i]);
        return l;
    }

  private:
    constexpr void read(int i, int step) {
        if (last[i] < step) last[i] = step;
    }
    // In a loop, what comes from outside, as a source does that was bound in it, is needed to its end; what is written
    // over many iterations is there from its beginning, and a carry to its end.
    template <class Graph> constexpr void stretch_over(const Graph& g, const schedule<Nodes>& s, int begin, int end) {
        const int from = s.step_of[begin], until = s.step_of[end];
        for (int i = begin; i < end; ++i) {
            const node& n = g.nodes[i];
            const int* const arguments = g.view().arguments_of(n);
            for (int k = 0; k < n.argument_count; ++k)
                if (const int a = s.root[arguments[k]]; s.step_of[a] < from) read(a, until);
            if (n.kind == op::carry) read(i, until);
            const bool gathers = n.kind == op::stack || n.kind == op::total;
            if ((n.kind == op::carry || gathers) && first[i] > from) first[i] = from;
        }
    }
};

}  // namespace tessera::detail
