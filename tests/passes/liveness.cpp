// liveness: whatever runs between the writing of a value and its last reading, loops turn by turn, is within its range.
#include <gtest/gtest.h>

#include <algorithm>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../networks/lenet.hpp"
#include "../nodes.hpp"
#include "outlives_the_call.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct recurrent : network<(lstm<4> >> gru<3> >> flatten >> dense<3>), shape<5, 2>> {};

template <class Program> struct timeline {
    static constexpr const auto& graph = Program::graph;
    static constexpr const auto& order = Program::order;

    // the steps as they run
    static std::vector<int> steps() {
        std::vector<int> list;
        const auto anchor_of = [](int k) { return std::max(order.steps[k].anchor, 0); };
        run_steps(
            Program::steps, memory<float>{},
            [&](int k) { return order.steps[k].anchor < 0 ? op::pointwise : graph.nodes[anchor_of(k)].kind; },
            [&](int k) { return graph.view().template attributes<loop_attributes>(graph.nodes[anchor_of(k)]); },
            [&](int k, const memory<float>&) { list.push_back(k); });
        return list;
    }
    static bool writes(int step, int i) { return order.step_of[i] == step; }
    static bool reads(int step, int i) {
        for (int k = 0; k < Program::nodes; ++k)
            for (int a : arguments_of(graph, graph.nodes[k]))
                if (order.root[a] == i && order.step_of[k] == step) return true;
        return false;
    }
};

template <class Program> class liveness_of : public testing::Test {};
using programs = testing::Types<program<networks::lenet, backend::simd, batch<8>, float, training<cross_entropy>>,
                                program<recurrent, backend::scalar, batch<2>>,
                                program<recurrent, backend::scalar, batch<2>, float, training<cross_entropy>>,
                                program<recurrent, backend::simd, batch<2>, float, training<cross_entropy>>>;
TYPED_TEST_SUITE(liveness_of, programs);

TYPED_TEST(liveness_of, covers_all_from_the_writing_to_the_last_reading) {
    using line = timeline<TypeParam>;
    const auto live = liveness<TypeParam::nodes>::of(line::graph, line::order);
    const std::vector<int> steps = line::steps();
    ASSERT_GE(steps.size(), 5u);
    for (int i = 0; i < TypeParam::nodes; ++i) {
        if (line::order.step_of[i] < 0 || line::order.root[i] != i) continue;
        const op kind = line::graph.nodes[i].kind;
        // these keep what earlier turns of the loop wrote
        const bool grows = kind == op::carry || kind == op::stack || kind == op::total;
        std::size_t written = steps.size(), read = 0;
        const auto expect_covered = [&] {
            for (std::size_t t = written; t <= read && t < steps.size(); ++t) {
                EXPECT_LE(live.first[i], steps[t]) << name_of(kind) << " " << i;
                EXPECT_GE(live.last[i], steps[t]) << name_of(kind) << " " << i;
            }
        };
        for (std::size_t t = 0; t < steps.size(); ++t) {
            if (line::writes(steps[t], i) && (!grows || written == steps.size())) {
                expect_covered();
                written = read = t;
            }
            if (line::reads(steps[t], i)) read = t;
        }
        if (tests::outlives_the_call<TypeParam>(i)) {
            read = steps.size() - 1;
            EXPECT_EQ(live.last[i], TypeParam::steps);
        }
        expect_covered();
    }
}

}  // namespace
