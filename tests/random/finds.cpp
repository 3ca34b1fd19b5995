// Networks that random ones were made smaller to, as they are compiled. Each was wrong once.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Net, class Backend> std::vector<float> gradients_of_parameters(const std::vector<float>& inputs) {
    using p = program<Net, Backend, batch<2>, float, training<weighted_outputs>>;
    std::vector<float> parameters(Net::parameter_elements), gradients(Net::parameter_elements, -1);
    const std::vector<float> ones(1000, 1);
    alignas(64) static std::byte workspace[p::workspace_bytes + 64];
    memory<float> m;
    m.count = 2;
    m.real_inputs[0] = inputs.data();
    m.real_inputs[1] = ones.data();
    m.parameters = parameters.data();
    m.gradients = gradients.data();
    m.workspace = reinterpret_cast<float*>(workspace);
    Backend::template run<p>(m);
    return gradients;
}

// The gradients of both are one value: the first is written where it is made, and the second is a copy.
inline constexpr auto two_biases = [](value x) { return x + parameter("a", {4}) + parameter("b", {4}); };
struct biased_twice : network<two_biases, shape<4>> {};

TEST(finds, two_parameters_of_one_gradient) {
    const std::vector<float> x(8, 1);
    for (const auto& g : {gradients_of_parameters<biased_twice, backend::scalar>(x),
                          gradients_of_parameters<biased_twice, backend::simd>(x)})
        for (int i = 0; i < 4; ++i) {
            EXPECT_EQ(g[static_cast<std::size_t>(i)], 1);
            EXPECT_EQ(g[static_cast<std::size_t>(biased_twice::table.parameters[1].offset + i)], 1);
        }
}

// Parameters are numbered in the order in which a function makes them, whether a compiler traces it or a program does.
inline constexpr auto both_ways = [](value x) { return bidirectional(rnn<2>)(x); };
struct run_both_ways : network<both_ways, shape<3, 2>> {};

TEST(finds, parameters_of_two_directions_in_one_order) {
    graph g;
    node n;
    n.kind = op::input;
    n.shape = {3, 2};
    n.batched = true;
    n.slot = 0;
    g.inputs.push_back({text("x"), n.shape, n.type});
    both_ways(add_node(g, n));
    ASSERT_EQ(static_cast<int>(g.parameters.size()), run_both_ways::table.parameter_count);
    for (int i = 0; i < run_both_ways::table.parameter_count; ++i) {
        const text path = g.path_of(g.parameters[static_cast<std::size_t>(i)]);
        EXPECT_EQ(path.view(), run_both_ways::table.path_of(run_both_ways::table.parameters[i]).view());
    }
}

}  // namespace
