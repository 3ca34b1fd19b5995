// network_table: the graph of a network for inference, and what can be counted on it.
//
//   Source   makes the graph: Source::make()
#pragma once
#include <tessera/ir/frozen_graph.hpp>
#include <tessera/ir/loop_runs.hpp>
#include <tessera/ir/operations.hpp>

namespace tessera::detail {

template <class Source> struct network_table {
    static constexpr const auto& table = frozen<Source>::graph;
    static constexpr bool failed = table.failed;
    static constexpr fault problem = table.problem;

    // trainable numbers, padding not counted
    static constexpr long parameter_count = [] {
        long n = 0;
        for (int i = 0; i < table.parameter_count; ++i) n += table.parameters[i].shape.size();
        return n;
    }();
    // the flat parameter buffer, in elements; each entry starts on a 64-byte boundary
    static constexpr int parameter_elements = [] {
        int n = 0;
        for (int i = 0; i < table.parameter_count; ++i) n += padded_size(table.parameters[i]);
        return n;
    }();
    static constexpr int state_elements = [] {
        int n = 0;
        for (int i = 0; i < table.state_count; ++i) n += padded_size(table.states[i]);
        return n;
    }();
    // multiply-adds of products and convolutions, of one sample
    static constexpr double macs = [] {
        double total = 0;
        loop_runs runs;
        const graph_view g = table.view();
        for (int i = 0; i < table.node_count; ++i) {
            const node& n = table.nodes[i];
            runs.pass(g, n);
            with_operation(n.kind, [&](auto operation) { total += operation.macs(g, n) * runs.now(); });
        }
        return total;
    }();
};

}  // namespace tessera::detail
