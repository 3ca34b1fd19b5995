// A table of which one row is looked up very often: its gradient is as exact as that of a row that is looked up once.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

template <int Length> struct words : network<(embedding<3, 2>), in<"tokens", shape<Length>, int32>> {};
template <int Length> using trained = program<words<Length>, backend::scalar, batch<2>, float, training<squared_error>>;

// the gradient of the table where the rows that `row_of` gives are looked up, and all are 0.3 off
template <int Length, class F> std::vector<float> gradient_of(const F& row_of) {
    using program_type = trained<Length>;
    std::vector<std::int32_t> tokens;
    for (int i = 0; i < 2 * Length; ++i) tokens.push_back(row_of(i));
    const std::vector<float> target(2 * tokens.size(), 0.0f);
    std::vector<float> parameters(program_type::parameter_bytes / sizeof(float), 0.3f), gradients(parameters.size());
    std::vector<float> workspace(program_type::workspace_bytes / sizeof(float), 7.0f);
    memory<float> m;
    m.count = 2;
    m.index_inputs[0] = tokens.data();
    m.real_inputs[1] = target.data();
    m.parameters = parameters.data();
    m.gradients = gradients.data();
    m.workspace = workspace.data();
    backend::scalar::run<program_type>(m);
    return gradients;
}

TEST(repeated_rows, have_the_gradient_that_one_has) {
    constexpr int length = 1 << 19;
    const auto g = gradient_of<length>([](int i) { return i % 1024 == 5 ? 2 : 1; });
    const auto wanted = gradient_of<2>([](int) { return 0; });  // of all looked up
    ASSERT_GT(wanted[0], 0.01f);
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(g[k], 0);
        EXPECT_NEAR(g[2 + k] / wanted[k], 1 - 1.0 / 1024, 1e-6);
        EXPECT_NEAR(g[4 + k] / wanted[k] * 1024, 1, 1e-6);
    }
}

// 32 rows are added up without room, 34 with it
TEST(repeated_rows, take_room_where_there_may_be_many) {
    const auto room = [](auto tag) {
        using p = typename decltype(tag)::type;
        long bytes = 0;
        for (const node& n : p::graph.nodes)
            if (n.kind == op::scatter_add) bytes += p::backend_type::workspace(p::graph.view(), n, p::capacity, 4);
        return bytes;
    };
    EXPECT_EQ(room(std::type_identity<trained<16>>{}), 0);
    EXPECT_EQ(room(std::type_identity<trained<17>>{}), 3 * 2 * 4);
}

}  // namespace
