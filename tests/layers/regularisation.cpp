// Dropout and drop_path: nothing in inference; in training zeros of the right share, the rest scaled.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/regularisation/drop_path.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct drops : network<dropout<0.25>, shape<50, 40>> {};
struct drops_paths : network<drop_path<0.25>, shape<7>> {};
struct drops_nothing : network<(dropout<0.0> >> drop_path<0.0>), shape<7>> {};

static_assert(drops::table.node_count == 1 && drops_paths::table.node_count == 1);
static_assert(count_of<drops, phase::training>(op::random) == 1);
static_assert(count_of<drops_nothing, phase::training>(op::random) == 0);

TEST(dropout, zeroes_its_share_and_scales_the_rest) {
    evaluation<drops> e(phase::training, 2);
    e.input().assign(e.input().size(), 3);
    e.run(7);
    double dropped = 0;
    for (std::size_t i = 0; i < e.output().size(); ++i) {
        const double y = e.output()[i];
        EXPECT_TRUE(y == 0 || y == 4) << y;
        EXPECT_NEAR(e.input_gradient()[i], y / 3, 1e-15);
        dropped += y == 0;
    }
    EXPECT_NEAR(dropped / static_cast<double>(e.output().size()), 0.25, 0.03);
}

TEST(dropout, two_layers_drop_independently) {
    evaluation<network<(dropout<> >> dropout<>), shape<2000>>> e(phase::training);
    e.input().assign(2000, 1);
    e.run(7);
    double kept = 0;
    for (const double y : e.output()) kept += y != 0;
    EXPECT_NEAR(kept / 2000, 0.25, 0.05);
}

TEST(drop_path, drops_samples_whole) {
    const int samples = 400;
    evaluation<drops_paths> e(phase::training, samples);
    e.input().assign(e.input().size(), 3);
    e.run(7);
    int dropped = 0;
    for (std::size_t s = 0; s < 400; ++s) {
        for (std::size_t i = 1; i < 7; ++i) EXPECT_EQ(e.output()[7 * s + i], e.output()[7 * s]);
        dropped += e.output()[7 * s] == 0;
    }
    EXPECT_NEAR(dropped, 100, 30);
}

}  // namespace
