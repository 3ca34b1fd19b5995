// place: no two values that are alive together share memory, and the workspace is close to what cannot be beaten.
// Lifetimes are worked out here anew, from the order of the steps alone.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../networks/lenet.hpp"
#include "../nodes.hpp"
#include "outlives_the_call.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using networks::lenet;

// bytes [begin, end) of the workspace, in use in steps first to last
struct piece {
    int owner;  // a node; -1 for the room of a kernel
    long begin, end;
    int first, last;
};

bool overlap(const piece& a, const piece& b) {
    return a.begin < b.end && b.begin < a.end && a.first <= b.last && b.first <= a.last;
}

template <class Program> struct usage {
    static constexpr const auto& graph = Program::graph;
    static constexpr const auto& order = Program::order;
    static constexpr const auto& places = Program::places;
    static constexpr long element_bytes = sizeof(typename Program::real_type);

    static int last_read(int i) {
        if (tests::outlives_the_call<Program>(i)) return order.step_count;
        int last = order.step_of[i];
        for (int k = 0; k < Program::nodes; ++k)
            for (int a : arguments_of(graph, graph.nodes[k]))
                if (order.root[a] == i && order.step_of[k] > last) last = order.step_of[k];
        return last;
    }
    static std::vector<piece> pieces() {
        std::vector<piece> all;
        for (int i = 0; i < Program::nodes; ++i) {
            const node& n = graph.nodes[i];
            if (order.step_of[i] < 0 || places.at[i].where != memory_space::workspace) continue;
            const bool written = order.stored[i] || order.steps[order.step_of[i]].anchor == i;
            if (!written) continue;
            const long bytes = n.shape.size() * element_bytes * (n.batched ? Program::capacity : 1);
            const long begin = long{line_bytes} * places.at[i].offset;
            all.push_back({i, begin, begin + bytes, order.step_of[i], last_read(i)});
        }
        for (int k = 0; k < order.step_count; ++k) {
            const int a = order.steps[k].anchor;
            if (a < 0) continue;
            const long bytes =
                Program::backend_type::workspace(Program::view(), graph.nodes[a], Program::capacity,
                                                 static_cast<int>(element_bytes), order.steps[k].before > 0);
            if (bytes > 0)
                all.push_back(
                    {-1, long{line_bytes} * places.scratch[k], long{line_bytes} * places.scratch[k] + bytes, k, k});
        }
        return all;
    }
    // a is made where it stands in b, which is joined of such parts
    static bool is_part(const piece& a, const piece& b) {
        if (graph.nodes[b.owner].kind != op::concatenate || !places.elided[b.owner]) return false;
        for (int i : arguments_of(graph, graph.nodes[b.owner]))
            if (order.root[i] == a.owner) return b.begin <= a.begin && a.end <= b.end;
        return false;
    }
    // b takes a's place: written element by element by the loop that reads a for the last time, or added to where it is,
    // or an anchor's result that its own tail replaces
    static bool takes_over(const piece& a, const piece& b) {
        if (a.owner < 0 || b.owner < 0) return false;
        if (is_part(a, b) || is_part(b, a)) return true;
        if (a.begin != b.begin || a.end != b.end) return false;
        const fused_step& t = order.steps[b.first];
        if (a.first == b.first) return t.anchor == a.owner && !order.stored[a.owner];
        const bool adds_to_it = t.anchor == b.owner && graph.nodes[b.owner].kind == op::add_along;
        return (t.anchor < 0 || adds_to_it) && a.last == b.first;
    }
};

// steps of several results, some of which nothing reads
inline constexpr auto best_of_each = [](value x) {
    const sorted_values y = top_k(x, 5);
    return concatenate({y.values, to_real(y.indices) * top_k(y.values, 5).values});
};
struct of_results : network<(multi_head_attention<2> >> best_of_each >> flatten >> dense<10>), shape<9, 8>> {};

template <class Program> class placement_of : public testing::Test {};
using programs = testing::Types<program<lenet, backend::scalar>, program<lenet, backend::scalar, batch<8>, double>,
                                program<lenet, backend::scalar, batch<8>, float, training<cross_entropy>>,
                                program<of_results, backend::scalar, batch<4>>,
                                program<of_results, backend::simd, batch<4>, float, training<cross_entropy>>,
                                program<of_results, backend::scalar, batch<4>, float, training<cross_entropy>>,
                                program<lenet, backend::simd>, program<lenet, backend::simd, batch<8>>,
                                program<lenet, backend::simd, batch<8>, float, training<cross_entropy>>>;
TYPED_TEST_SUITE(placement_of, programs);

TYPED_TEST(placement_of, nothing_alive_is_overwritten) {
    using use = usage<TypeParam>;
    const std::vector<piece> all = use::pieces();
    ASSERT_GT(all.size(), 3u);
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const bool sound =
                !overlap(all[i], all[j]) || use::takes_over(all[i], all[j]) || use::takes_over(all[j], all[i]);
            EXPECT_TRUE(sound) << "node " << all[i].owner << " of step " << all[i].first << " and node " << all[j].owner
                               << " of step " << all[j].first;
        }
}
TYPED_TEST(placement_of, every_piece_is_aligned_and_inside) {
    for (const piece& p : usage<TypeParam>::pieces()) {
        EXPECT_EQ(p.begin % line_bytes, 0);
        EXPECT_GE(p.begin, 0);
        EXPECT_LE(p.end, TypeParam::workspace_bytes);
    }
}
TYPED_TEST(placement_of, workspace_is_within_five_percent_of_the_bound) {
    EXPECT_GE(TypeParam::workspace_bytes, TypeParam::workspace_bound);
    EXPECT_LE(static_cast<double>(TypeParam::workspace_bytes), 1.05 * static_cast<double>(TypeParam::workspace_bound));
}
// the bound is what it says: the most that is alive in any step
TYPED_TEST(placement_of, bound_is_what_lives_together) {
    using use = usage<TypeParam>;
    const std::vector<piece> all = use::pieces();
    long most = 0;
    for (int k = 0; k <= use::order.step_count; ++k) {
        long alive = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            bool counted = all[i].first <= k && k <= all[i].last;
            for (std::size_t j = 0; counted && j < all.size(); ++j)  // what is taken over counts once
                counted = !(all[j].first <= k && k <= all[j].last && use::takes_over(all[i], all[j]));
            if (counted) alive += rounded_bytes(all[i].end - all[i].begin);
        }
        most = std::max(most, alive);
    }
    EXPECT_EQ(most, TypeParam::workspace_bound);
}
// every value that a step reads or leaves has an address
TYPED_TEST(placement_of, what_is_stored_has_a_place) {
    using use = usage<TypeParam>;
    for (int i = 0; i < TypeParam::nodes; ++i) {
        const bool needs_one = use::order.step_of[i] >= 0 && use::order.stored[i];
        EXPECT_TRUE(!needs_one || use::places.at[i].where != memory_space::none) << i;
    }
}

}  // namespace
