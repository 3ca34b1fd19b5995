// A team of threads that shares out the items of each operation, as the threads of a device block do, leaves exactly
// the values of a single thread: a LeNet-5 forward, and its training step.
#include <gtest/gtest.h>

#include <barrier>
#include <tessera/backend/scalar/descend.hpp>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>
#include <thread>
#include <vector>

#include "../../networks/lenet.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using networks::lenet;

constexpr int samples = 2;
using forward = program<lenet, backend::scalar, batch<2>>;
using both_ways = program<lenet, backend::scalar, batch<2>, float, training<cross_entropy>>;

class host_team {
  public:
    host_team(int rank, int size, std::barrier<>& gate) : rank_(rank), size_(size), gate_(gate) {}
    int rank() const { return rank_; }
    int size() const { return size_; }
    void meet() const { gate_.arrive_and_wait(); }

  private:
    int rank_, size_;
    std::barrier<>& gate_;
};

// everything that a step may read or write
template <class Program> struct run_state {
    std::vector<float> parameters = std::vector<float>(lenet::parameter_elements), gradients = parameters,
                       images = std::vector<float>(samples * 28 * 28);
    buffer<float, Program::workspace_bytes / 4, true> workspace;
    std::vector<std::int32_t> labels{3, 8};
    memory<float> m;

    run_state() {
        for (int i = 0; i < lenet::table.parameter_count; ++i) {
            const variable_info& v = lenet::table.parameters[i];
            initialise(v, i, 5, parameters.data() + v.offset);
        }
        for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<float>(uniform_number(6, 0, i));
        m.count = samples;
        m.real_inputs[0] = images.data();
        m.index_inputs[1] = labels.data();
        m.parameters = parameters.data();
        m.gradients = gradients.data();
        m.workspace = workspace.data();
    }
    template <class Team> void step(const Team& team) {
        scalar::run(scalar::instructions_of<Program>, m, team);
        scalar::descend(parameters.data(), static_cast<const float*>(gradients.data()), lenet::parameter_elements, 0.1f,
                        team);
    }
    void step_as_block(int threads) {
        std::barrier<> gate(threads);
        std::vector<std::jthread> team;
        for (int rank = 0; rank < threads; ++rank)
            team.emplace_back([this, rank, threads, &gate] { step(host_team(rank, threads, gate)); });
    }
    std::vector<float> output() const {
        const auto y = calls::view_of<Program>(m, Program::graph.outputs[0]);
        return {y.begin(), y.end()};
    }
};

class block_emulation : public testing::TestWithParam<int> {};

TEST_P(block_emulation, forward_equals_one_thread) {
    run_state<forward> wanted, found;
    wanted.step(scalar::alone{});
    found.step_as_block(GetParam());
    EXPECT_EQ(wanted.output(), found.output());
    EXPECT_NE(wanted.output()[0], 0);
}

TEST_P(block_emulation, training_equals_one_thread) {
    run_state<both_ways> wanted, found;
    const std::vector<float> before = wanted.parameters;
    wanted.step(scalar::alone{});
    found.step_as_block(GetParam());
    EXPECT_EQ(wanted.output(), found.output());
    EXPECT_EQ(wanted.gradients, found.gradients);
    EXPECT_EQ(wanted.parameters, found.parameters);
    EXPECT_NE(wanted.parameters, before);
}

// two steps: the second reads what the first one wrote
TEST_P(block_emulation, training_goes_on) {
    run_state<both_ways> wanted, found;
    for (int i = 0; i < 2; ++i) {
        wanted.step(scalar::alone{});
        found.step_as_block(GetParam());
    }
    EXPECT_EQ(wanted.parameters, found.parameters);
}

INSTANTIATE_TEST_SUITE_P(threads, block_emulation, testing::Values(1, 2, 3, 8));

}  // namespace
