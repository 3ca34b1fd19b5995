// Normalisation: parameters, states, and the statistics that batch_norm keeps.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/normalisation/rms_norm.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct batch : network<batch_norm, shape<4, 4, 3>> {};
static_assert(output_shape<batch> == extents{4, 4, 3});
static_assert(paths_are<batch>({"weight", "bias"}));
static_assert(batch::parameter_count == 6);
static_assert(batch::table.state_count == 2);
static_assert(batch::table.path_of(batch::table.states[0]).view() == "running_mean");
static_assert(batch::table.path_of(batch::table.states[1]).view() == "running_var");
static_assert(batch::table.states[0].start == initial::constant(0));
static_assert(batch::table.states[1].start == initial::constant(1));
static_assert(batch::table.parameters[0].start == initial::constant(1));
static_assert(!batch::table.parameters[0].decays && !batch::table.parameters[1].decays);
static_assert(count_of<batch>(op::store) == 0);
static_assert(count_of<batch, phase::training>(op::store) == 2);

struct layer_last : network<layer_norm, shape<5, 8>> {};
struct layer_two : network<layer_norm_over<2>, shape<5, 8>> {};
static_assert(parameter_shape<layer_last>("weight") == extents{8});
static_assert(parameter_shape<layer_two>("bias") == (extents{5, 8}));
static_assert(!mistake<layer_norm_over<3>, 5, 8>().expected.empty());

struct groups_of_two : network<group_norm<2>, shape<5, 6>> {};
static_assert(output_shape<groups_of_two> == extents{5, 6});
static_assert(groups_of_two::parameter_count == 12);
static_assert(mistake<group_norm<4>, 5, 6>().expected.view() == "channels divisible by 4 groups");

struct instance : network<instance_norm, shape<5, 6>> {};
struct plain_instance : network<instance_norm_with<no_affine>, shape<5, 6>> {};
static_assert(instance::parameter_count == 12 && plain_instance::parameter_count == 0);
static_assert(!mistake<instance_norm, 6>().expected.empty());

struct root_mean_square : network<rms_norm, shape<5, 6>> {};
static_assert(paths_are<root_mean_square>({"weight"}) && root_mean_square::parameter_count == 6);

TEST(batch_norm, running_statistics_follow_the_batch) {
    evaluation<network<batch_norm, shape<1>>> e(phase::training, 4);
    e.input() = {1, 2, 3, 6};  // mean 3, unbiased variance 14 / 3
    e.run();
    EXPECT_NEAR(e.updated("running_mean")[0], 0.3, 1e-15);
    EXPECT_NEAR(e.updated("running_var")[0], 0.9 + 0.1 * 14 / 3, 1e-15);
}

// one layer on x and on 2 x
inline constexpr auto applied_twice = [](value x) {
    const auto norm = tied<"norm">(batch_norm);
    const value once = norm(x), again = norm(2 * x);
    return once + again;
};

TEST(batch_norm, applied_again_follows_both_batches) {
    evaluation<network<applied_twice, shape<1>>> e(phase::training, 4);
    e.input() = {1, 2, 3, 6};
    e.run();
    EXPECT_NEAR(e.updated("norm.running_mean")[0], 0.9 * 0.3 + 0.6, 1e-15);
    EXPECT_NEAR(e.updated("norm.running_var")[0], 0.9 * (0.9 + 0.1 * 14 / 3) + 0.1 * 4 * 14 / 3, 1e-15);
}
static_assert(count_of<network<applied_twice, shape<1>>, phase::training>(op::store) == 2);

// a layer that binds its states in another order when trained
inline constexpr auto other_order = [](value x) {
    const value one = state(x.training() ? "mean" : "var", {x.extent(-1)}).with(x);
    const value other = state(x.training() ? "var" : "mean", {x.extent(-1)}).with(x);
    return x + one - other;
};
struct in_any_order : network<other_order, shape<3>> {};
static_assert(in_any_order::table.states[0].name.view() == "var");
static_assert(in_any_order::graph_for<phase::training>::graph.states[0].name.view() == "var");
static_assert(in_any_order::graph_for<phase::training>::graph.states[1].offset == in_any_order::table.states[1].offset);

TEST(batch_norm, momentum_and_epsilon_can_be_chosen) {
    evaluation<network<batch_norm_with<0.5, 1.0>, shape<1>>> e(phase::training, 2);
    e.input() = {-1, 1};
    e.run();
    EXPECT_NEAR(e.updated("running_var")[0], 2, 1e-15);
    EXPECT_NEAR(e.output()[1], 1 / std::sqrt(1.5), 1e-15);
}

TEST(batch_norm, one_element_leaves_the_statistics_finite) {
    evaluation<network<batch_norm, shape<2>>> e(phase::training, 1);
    e.input() = {5, -7};
    e.run();
    EXPECT_NEAR(e.updated("running_mean")[1], -0.7, 1e-15);
    EXPECT_NEAR(e.updated("running_var")[0], 0.9, 1e-15);
    EXPECT_EQ(e.output()[0], 0);
}

TEST(batch_norm, inference_uses_the_running_statistics) {
    evaluation<network<batch_norm, shape<1>>> e;
    e.input() = {5};
    e.state("running_mean") = {3};
    e.state("running_var") = {4};
    e.parameter("weight") = {2};
    e.parameter("bias") = {10};
    e.run();
    EXPECT_NEAR(e.output()[0], 10 + 2 * 2 / std::sqrt(4 + 1e-5), 1e-14);
}

template <class Net> numbers normalised_output(const numbers& x) {
    evaluation<Net> e;
    e.input() = x;
    e.run();
    return e.output();
}

TEST(normalisation, one_group_is_layer_norm_over_all_and_one_a_channel_is_instance_norm) {
    const numbers x{1, 4, 2, 8, 5, 7, 3, 6};
    const auto one_group = normalised_output<network<group_norm<1>, shape<4, 2>>>(x);
    const auto whole = normalised_output<network<layer_norm_over<2>, shape<4, 2>>>(x);
    const auto two_groups = normalised_output<network<group_norm<2>, shape<4, 2>>>(x);
    const auto channels = normalised_output<network<instance_norm, shape<4, 2>>>(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_NEAR(one_group[i], whole[i], 1e-14);
        EXPECT_NEAR(two_groups[i], channels[i], 1e-14);
    }
}

TEST(rms_norm, ignores_the_scale_of_its_input) {
    const auto small = normalised_output<network<rms_norm_with<1e-30>, shape<3>>>({1, 2, 2});
    EXPECT_NEAR(small[0], 1 / std::sqrt(3.0), 1e-14);
    const auto large = normalised_output<network<rms_norm_with<1e-30>, shape<3>>>({1e5, 2e5, 2e5});
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(small[i], large[i], 1e-14);
}

}  // namespace
