// Random networks, each under every configuration against the oracle: docs/random_networks.md.
#include <gtest/gtest.h>

#include "../nodes.hpp"
#include "compare.hpp"
#include "oracle/evaluate.hpp"
#include "print.hpp"
#include "random_network.hpp"
#include "run_time/modes.hpp"
#include "shrink.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using namespace tessera::random_networks;

// of a network that fails: the fault, and the smallest like it
std::string told(const recipe& r, std::uint64_t seed, mood m, const std::string& fault) {
    const recipe smallest = shrinking(r, [&](const recipe& c) { return compare(c, seed, m).fault; }).run(400);
    return "seed " + std::to_string(seed) + ": " + fault + "\nsmallest: " + compare(smallest, seed, m).fault + "\n" +
           printed(smallest) + "\n" + printed(written(smallest, phase::inference));
}

constexpr int networks = 135;
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
    EXPECT_GT(total.streams * 12, networks);
    EXPECT_GT(total.refused_streams, 0);
    EXPECT_GT(total.multiplied * 12, networks);
}

// some of them in two widths
TEST(random_networks, compute_in_float64_too) {
    int with_casts = 0;
    for (int seed = 0; seed < networks; ++seed) {
        const graph g = written(recipe_of(static_cast<std::uint64_t>(seed), 10), phase::inference);
        bool casts = false;
        for (const node& n : g.nodes) casts = casts || n.type == element::float64;
        with_casts += casts;
    }
    EXPECT_GT(with_casts, networks / 20);
}

TEST(random_networks, of_larger_extents_agree_with_the_oracle) { total_of(1000, 6, true); }

// A program that computes something else is found, but where no number that is compared depends on it: of nodes picked
// at random, one has another function, or a number a thousandth larger.
TEST(random_networks, find_what_is_changed) {
    long changed = 0, found = 0;
    for (int seed = 0; seed < 400; ++seed) {
        const auto s = static_cast<std::uint64_t>(seed);
        const report r = compare_changed(recipe_of(s, 10), s, [&](graph& g) {
            node& n = g.nodes[static_cast<std::size_t>(seed * 7) % g.nodes.size()];
            using f = scalar_function;
            if (n.kind == op::sum) {
                auto own = g.attributes<reduce_attributes>(n);
                own.factor *= 1.001;
                g.set_attributes(n, own);
            } else if (n.kind == op::constant && g.number(n) > 0.1) {
                g.set_number(n, g.number(n) * 1.001);
            } else if (n.kind == op::attention) {
                auto own = g.attributes<attention_attributes>(n);
                own.scale *= 1.001;
                g.set_attributes(n, own);
            } else if (n.kind == op::softmax)
                n.kind = op::log_softmax;
            else if (n.kind == op::maximum)
                n.kind = op::sum;
            else if (n.kind == op::max_pool)
                n.kind = op::average_pool;
            else if (n.kind == op::pointwise && n.function == f::add)
                n.function = f::subtract;
            else if (n.kind == op::pointwise && n.function == f::multiply)
                n.function = f::add;
            else if (n.kind == op::pointwise && n.function == f::tangent_h)
                n.function = f::error_function;
            else if (n.kind == op::pointwise && n.function == f::maximum)
                n.function = f::minimum;
            else
                return false;
            return true;
        });
        changed += r.changed;
        found += r.failed();
    }
    EXPECT_GT(changed, 50);
    // the rest is damped below what float may differ by: a thousandth of a number, or of a factor, in a loop or before a
    // function that is flat there
    EXPECT_GT(found * 3, changed * 2) << found << " of " << changed;
    RecordProperty("found", static_cast<int>(found));
}

// While inputs move, a stop_gradient of the network is held, and the one with which a norm takes its mean off is not.
TEST(random_networks, differences_hold_what_stops_a_gradient) {
    for (const bool stopped : {true, false}) {
        graph g;
        node n;
        n.kind = op::input;
        n.shape = {4};
        n.batched = true;
        n.slot = 0;
        g.inputs.push_back({text("x"), n.shape, n.type});
        const value x = add_node(g, n);
        const value y = normalise(stopped ? stop_gradient(x) : x, 1u, false, 1e-2).y;
        given in;
        in.inputs = {{1, 2, 4, 3}};
        held_values held;
        const auto result = [&] {
            return oracle(g, in, precision::of<double>(), &held).run().made[static_cast<std::size_t>(y.id)];
        };
        const numbers before = result();
        in.inputs[0][0] = 2;
        const numbers after = result();
        double sum = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_EQ(before[i].value == after[i].value, stopped) << i;
            sum += after[i].value;
        }
        EXPECT_NEAR(sum, 0, 1e-12);
    }
}

// they have every function and operation between them
TEST(random_networks, have_every_operation) {
    bool functions[static_cast<int>(scalar_function::normalise) + 1] = {},
                                                                  kinds[static_cast<int>(op::loop_end) + 1] = {};
    for (int seed = 0; seed < networks; ++seed) {
        const recipe r = recipe_of(static_cast<std::uint64_t>(seed), 10);
        const auto look_at = [&](const graph& g) {
            for (const node& n : g.nodes) {
                kinds[static_cast<int>(n.kind)] = true;
                if (n.kind == op::pointwise) functions[static_cast<int>(n.function)] = true;
            }
        };
        look_at(with_gradients(with_weighted_outputs(written(r, phase::training))));
        if (r.temporal) look_at(written(r, phase::streaming));
    }
    for (int f = 0; f <= static_cast<int>(scalar_function::normalise); ++f)
        EXPECT_TRUE(functions[f]) << name_of(static_cast<scalar_function>(f));
    for (int k = 0; k <= static_cast<int>(op::loop_end); ++k) EXPECT_TRUE(kinds[k]) << name_of(static_cast<op>(k));
}

}  // namespace
