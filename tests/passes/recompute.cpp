// recompute: what is computed again for the backward half, and what is not: graphs of training made by hand.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>

#include "../networks/prologues.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using namespace networks;

template <bool Answer> struct answering : backend::simd {
    static constexpr bool computes_again(const graph_view&, const node&, const recomputed_code&) { return Answer; }
};
template <class Net, class Backend = answering<true>>
using trained = program<Net, Backend, batch<4>, training<weighted_outputs>>;

template <class Program> constexpr int count(op kind, scalar_function f, bool after_the_loss) {
    const auto& g = Program::graph;
    int n = 0;
    for (int i = 0; i < g.node_count; ++i)
        n += g.nodes[i].kind == kind && g.nodes[i].function == f && (i > g.losses[0]) == after_the_loss;
    return n;
}
// the largest value that is made before the loss, kept, and read after it
template <class Program> constexpr int largest_kept() {
    const auto& g = Program::graph;
    int largest = 0;
    for (int i = g.losses[0] + 1; i < g.node_count; ++i)
        for (int k = 0; k < g.nodes[i].argument_count; ++k) {
            const int a = Program::order.root[g.view().argument(g.nodes[i], k)];
            if (a < g.losses[0] && !is_source(g.nodes[a].kind)) largest = std::max(largest, g.nodes[a].shape.size());
        }
    return largest;
}

struct spline_layers : network<(spline_bases<8> >> dense<6> >> spline_bases<8> >> dense<4>), shape<5>> {};
TEST(recompute, of_bases_nothing_is_kept_but_what_they_are_computed_from) {
    EXPECT_EQ((largest_kept<trained<spline_layers>>()), 6);
    EXPECT_EQ((largest_kept<trained<spline_layers, answering<false>>>()), 48);
    // for the weights of each layer, and for what the second layer's inputs get
    EXPECT_EQ((count<trained<spline_layers>>(op::pointwise, scalar_function::absolute, true)), 3);
}
TEST(recompute, is_for_backends_that_fuse_and_for_training) {
    using scalar = program<spline_layers, backend::scalar, batch<4>, training<weighted_outputs>>;
    EXPECT_EQ((count<scalar>(op::pointwise, scalar_function::absolute, true)), 0);
    EXPECT_EQ((program<spline_layers, answering<true>, batch<4>>::nodes),
              (program<spline_layers, answering<false>, batch<4>>::nodes));
}

// the normalised values are kept for their own gradient
struct normalised : network<(conv<6, 3, same> >> pre_activation<6>), shape<7, 5, 3>> {};
TEST(recompute, what_is_kept_anyway_is_read) {
    using p = trained<normalised>;
    EXPECT_EQ((count<p>(op::pointwise, scalar_function::normalise, true)), 0);
    EXPECT_EQ((count<p>(op::pointwise, scalar_function::relu, true)), 4);  // for weights and for inputs, twice
    EXPECT_LT((trained<normalised>::workspace_bytes), (trained<normalised, answering<false>>::workspace_bytes));
}

// the epilogue of a convolution is written in its place: nothing would be saved
struct plain : network<(conv<6, 3, same> >> relu >> conv<6, 3, same> >> relu >> conv<2, 1>), shape<7, 5, 3>> {};
TEST(recompute, an_epilogue_is_kept) {
    EXPECT_EQ((count<trained<plain>>(op::pointwise, scalar_function::relu, true)), 0);
}

inline constexpr auto in_a_loop = [](value x) {
    const value u = bind(*x.owner, parameter("u", {6, 6}, initial::normal(0.3)));
    return scan([&](value h, value now) { return einsum("i,io->o", cos(h * 3 + now), u); },
                constant({1, 2, 3, 4, 5, 6}, {6}).with(x), x);
};
struct loop : network<in_a_loop, shape<4, 6>> {};
TEST(recompute, nothing_in_a_loop) { EXPECT_EQ((trained<loop>::nodes), (trained<loop, answering<false>>::nodes)); }

}  // namespace
