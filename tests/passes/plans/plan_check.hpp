// expect_good_plan<Program>: the workspace of a well-known network is within five percent of what no placement can
// beat, and no two values that are alive together share memory. Prints the plan and the bound.
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/program.hpp>
#include <vector>

#include "../../nodes.hpp"

namespace plans {

using namespace tessera;
using namespace tessera::detail;

// bytes [begin, end) of the workspace, in use in steps first to last
struct piece {
    int owner;
    long begin, end;
    int first, last;
    bool meets(const piece& other) const {
        return begin < other.end && other.begin < end && first <= other.last && other.first <= last;
    }
};

template <class Program> class plan_of {
    static constexpr const auto& graph_ = Program::graph;
    static constexpr const auto& order_ = Program::order;
    static constexpr const auto& places_ = Program::places;

    // by node: the step that reads it last; outputs and losses outlive all steps
    static std::vector<int> last_reads() {
        std::vector<int> last(order_.step_of, order_.step_of + Program::nodes);
        const auto read = [&](int of, int in) {
            int& l = last[static_cast<std::size_t>(order_.root[of])];
            l = std::max(l, in);
        };
        for (int k = 0; k < Program::nodes; ++k)
            for (int a : arguments_of(graph_, graph_.nodes[k])) read(a, order_.step_of[k]);
        for (int k = 0; k < graph_.output_count; ++k) read(graph_.outputs[k], order_.step_count);
        for (int k = 0; k < graph_.loss_count; ++k) read(graph_.losses[k], order_.step_count);
        return last;
    }

  public:
    static std::vector<piece> pieces() {
        const std::vector<int> last = last_reads();
        std::vector<piece> all;
        for (int i = 0; i < Program::nodes; ++i) {
            const node& n = graph_.nodes[i];
            const int step = order_.step_of[i];
            if (step < 0 || places_.at[i].where != memory_space::workspace) continue;
            if (!order_.stored[i] && order_.steps[step].anchor != i) continue;
            const long size = static_cast<long>(n.shape.size()) * (n.batched ? Program::capacity : 1);
            const long bytes = size * static_cast<long>(sizeof(typename Program::real_type));
            const long begin = long{line_bytes} * places_.at[i].offset;
            all.push_back({i, begin, begin + bytes, step, last[static_cast<std::size_t>(i)]});
        }
        return all;
    }
    // b is written element by element over a, by the loop that reads a for the last time, or added to where a is
    static bool takes_over(const piece& a, const piece& b) {
        if (a.begin != b.begin || a.end != b.end) return false;
        const fused_step& s = order_.steps[b.first];
        if (a.first == b.first) return s.anchor == a.owner && !order_.stored[a.owner];
        const bool adds_to_it = s.anchor == b.owner && graph_.nodes[b.owner].kind == op::add_along;
        return (s.anchor < 0 || adds_to_it) && a.last == b.first;
    }
};

template <class Program> void expect_good_plan(const char* name) {
    constexpr double mebibyte = 1024 * 1024;
    constexpr auto planned = static_cast<double>(Program::workspace_bytes);
    constexpr auto bound = static_cast<double>(Program::workspace_bound);
    std::printf("%s: %d steps, %.3f MiB planned, %.3f MiB bound\n", name, Program::steps, planned / mebibyte,
                bound / mebibyte);
    EXPECT_GE(planned, bound);
    EXPECT_LE(planned, 1.05 * bound);
    const std::vector<piece> all = plan_of<Program>::pieces();
    ASSERT_GT(all.size(), 3U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_GE(all[i].begin, 0);
        EXPECT_LE(all[i].end, Program::workspace_bytes);
        for (std::size_t j = 0; j < i; ++j) {
            const bool sound = !all[i].meets(all[j]) || plan_of<Program>::takes_over(all[i], all[j]) ||
                               plan_of<Program>::takes_over(all[j], all[i]);
            EXPECT_TRUE(sound) << "nodes " << all[j].owner << " and " << all[i].owner;
        }
    }
}

}  // namespace plans
