#include "networks/lenet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/model.hpp>
#include <tessera/program/plan_table.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

struct small : network<(dense<4> >> relu >> dense<300>), shape<5>> {};
struct in_place : network<(dense<400> >> relu), shape<5>> {};

TEST(plan_table, of_a_small_program) {
    EXPECT_EQ((plan_table<model<in_place, backend::scalar, batch<2>>>()),
              "step  runs    layer  makes  offset  bytes  dies\n"
              "-----------------------------------------------\n"
              "   0  einsum  0      (400)       0  3,200     1\n"
              "   1  add     0      (400)       0  3,200     2\n"
              "   2  relu    1      (400)       0  3,200  kept\n");
}

struct recurrent : network<(lstm<4> >> dense<3>), shape<5, 2>> {};
struct with_state : network<(dense<8> >> batch_norm >> relu >> residual(dense<8>) >> dense<3>), shape<4>> {};
template <class Net, class Backend>
using trained = typename trainer<model<Net, Backend, batch<6>>, cross_entropy, sgd>::program_type;

// no two values that live at the same time share a byte, unless one takes over from the other in a step
template <class Program> void expect_sound() {
    const auto values = live_values<Program>();
    EXPECT_EQ(peak_of(values, Program::steps).bytes, Program::workspace_bound);
    long height = 0;
    for (const live_value& a : values) {
        EXPECT_LE(a.first, a.last);
        if (a.where != memory_space::workspace) continue;
        height = std::max(height, a.offset + rounded_bytes(a.bytes));
        for (const live_value& b : values) {
            if (&a == &b || b.where != memory_space::workspace || a.first > b.first) continue;
            const bool meet = b.offset < a.offset + a.bytes && a.offset < b.offset + b.bytes;
            const bool taken_over = a.last == b.first && a.offset == b.offset && a.bytes == b.bytes;
            EXPECT_FALSE(meet && b.first <= a.last && !taken_over) << a.node << " and " << b.node;
        }
    }
    EXPECT_EQ(height, Program::workspace_bytes);
}

TEST(live_values, agree_with_the_placement) {
    expect_sound<program<small, backend::scalar, batch<2>>>();
    expect_sound<program<with_state, backend::simd, batch<6>>>();
    expect_sound<program<networks::lenet, backend::simd, batch<8>>>();
    expect_sound<trained<small, backend::scalar>>();
    expect_sound<trained<with_state, backend::scalar>>();
    expect_sound<trained<with_state, backend::simd>>();
    expect_sound<trained<networks::lenet, backend::simd>>();
    expect_sound<program<recurrent, backend::scalar, batch<2>>>();
    expect_sound<trained<recurrent, backend::simd>>();
}

TEST(live_values, outputs_outlive_the_call) {
    using p = program<small, backend::scalar, batch<2>>;
    const auto values = live_values<p>();
    EXPECT_EQ(values.back().node, p::graph.outputs[0]);
    EXPECT_EQ(values.back().last, p::steps);
    EXPECT_EQ(std::ranges::count(values, p::steps, &live_value::last), 1);
}

TEST(live_values, gradients_stand_in_their_own_buffer) {
    using p = trained<small, backend::scalar>;
    const auto values = live_values<p>();
    std::vector<long> offsets;
    for (const live_value& v : values)
        if (v.where == memory_space::gradient) offsets.push_back(v.offset);
    std::ranges::sort(offsets);
    std::vector<long> wanted;
    for (int i = 0; i < small::table.parameter_count; ++i) wanted.push_back(small::table.parameters[i].offset);
    EXPECT_EQ(offsets, wanted);
    EXPECT_NE(plan_table<p>().find("gradient 0"), std::string::npos);
}

}  // namespace
