// Random networks, each under every configuration against the oracle: docs/random_networks.md.
#include <gtest/gtest.h>

#include "compare.hpp"
#include "print.hpp"
#include "shrink.hpp"

namespace {

using namespace tessera;
using namespace tessera::random_networks;

// of a network that fails: the fault, and the smallest like it
std::string told(const recipe& r, std::uint64_t seed, mood m, const std::string& fault) {
    const recipe smallest = shrinking(r, [&](const recipe& c) { return compare(c, seed, m).fault; }).run(400);
    return "seed " + std::to_string(seed) + ": " + fault + "\nsmallest: " + compare(smallest, seed, m).fault + "\n" +
           printed(smallest) + "\n" + printed(written(smallest, phase::inference));
}

constexpr int networks = 100;
constexpr mood mood_of(int seed) {
    constexpr mood special[] = {mood::zeros, mood::large,      mood::tiny, mood::negative_infinity,
                                mood::nan,   mood::infinities, mood::mixed};
    return seed % 2 == 0 ? mood::ordinary : special[seed / 2 % 7];
}

report total_of(int first, int count, bool large = false) {
    report total;
    for (int seed = first; seed < first + count; ++seed) {
        const recipe r = recipe_of(static_cast<std::uint64_t>(seed), 10, large);
        const report one = compare(r, static_cast<std::uint64_t>(seed), mood_of(seed));
        EXPECT_FALSE(one.failed()) << told(r, static_cast<std::uint64_t>(seed), mood_of(seed), one.fault);
        total.add(one);
    }
    return total;
}

TEST(random_networks, agree_with_the_oracle) {
    const report total = total_of(0, networks);
    // what nothing can be said of stays a small part
    EXPECT_LT(total.unknown * 5, total.compared);
    EXPECT_LT(total.skipped_differences * 10, total.differences);
    EXPECT_GT(total.streams, networks / 10);
}

TEST(random_networks, of_larger_extents_agree_with_the_oracle) { total_of(1000, 6, true); }

// the hundred have every function and operation between them
TEST(random_networks, have_every_operation) {
    bool functions[static_cast<int>(scalar_function::normalise) + 1] = {},
                                                                  kinds[static_cast<int>(op::loop_end) + 1] = {};
    for (int seed = 0; seed < networks; ++seed) {
        const graph g = with_gradients(
            with_weighted_outputs(written(recipe_of(static_cast<std::uint64_t>(seed), 10), phase::training)));
        for (const node& n : g.nodes) {
            kinds[static_cast<int>(n.kind)] = true;
            if (n.kind == op::pointwise) functions[static_cast<int>(n.function)] = true;
        }
    }
    for (int f = 0; f <= static_cast<int>(scalar_function::normalise); ++f)
        EXPECT_TRUE(functions[f]) << name_of(static_cast<scalar_function>(f));
    for (int k = 0; k <= static_cast<int>(op::loop_end); ++k) EXPECT_TRUE(kinds[k]) << name_of(static_cast<op>(k));
}

}  // namespace
