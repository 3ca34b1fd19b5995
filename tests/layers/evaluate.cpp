// Whole numbers in evaluations: given, known and computed, each where it is read.
#include "evaluate.hpp"

#include <gtest/gtest.h>

#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/operations/top_k.hpp>

namespace {

using namespace tessera;

// of rows (3, 2) that whose first element is the largest, the last, the first, and one that is asked for
inline constexpr auto rows = [](value x, value which) {
    const value best = arg_max(permute(slice(x, 1, 0, 1), {1, 0}));  // (1)
    const value known = index_table({2, 0}).with(x);
    return concatenate({gather(x, best), gather(x, known), gather(x, reshape(which, {1}))}, 0);
};
struct net : network<rows, in<"x", shape<3, 2>>, in<"which", shape<>, int32>> {};

TEST(evaluation, reads_each_whole_number_where_it_is) {
    evaluation<net> e(phase::inference, 2);
    e.input() = {1, 2, 9, 4, 5, 6, 10, 20, 30, 40, 50, 60};
    e.index(1) = {1, 2};
    e.run();
    EXPECT_EQ(e.output(), (numbers{9, 4, 5, 6, 1, 2, 9, 4, 50, 60, 50, 60, 10, 20, 50, 60}));
    EXPECT_EQ(e.input_gradient(), (numbers{1, 1, 2, 2, 1, 1, 1, 1, 0, 0, 3, 3}));
}

}  // namespace
