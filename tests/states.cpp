// States: written and not read, exchanged, and updated inside the body of a scan, where each iteration sees the newest
// value.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/folded.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

using numbers = std::vector<double>;
template <class Range> numbers copy(const Range& r) { return {r.begin(), r.end()}; }

template <class Backend> struct states : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(states, backends);

template <class Net, class Backend, class Mode = inference, class Batch = batch<1>>
using model_of = model<Net, Backend, Batch, double, Mode>;

// --- written and not read

inline constexpr auto remembers = [](value x) {
    update(state("seen", {2}).with(x), batch_mean(x));
    return 2 * x;
};
struct remembering : network<(remembers >> dense<1> >> batch_norm), shape<2>> {};
struct folded_remembering : folded<remembering> {};

TYPED_TEST(states, may_be_written_and_not_read) {
    model_of<remembering, TypeParam, inference, batch<2>> m(1);
    m(numbers{1, 2, 3, 6});
    EXPECT_EQ(copy(m.states().first(2)), (numbers{2, 4}));
    model_of<folded_remembering, TypeParam> f;
    fold(m, f);
    EXPECT_EQ(copy(f.states().first(2)), (numbers{2, 4}));
    f(numbers{5, 7});
    EXPECT_EQ(copy(f.states().first(2)), (numbers{5, 7}));
}

// --- what they start from

inline constexpr double first_numbers[] = {1, -2, 3};
inline constexpr std::array<float, 2> first_weights{0.5F, 4};
inline constexpr auto starts = [](value x) {  // (2)
    const value drawn = state("drawn", {2, 20}, initial::normal(3)).with(x);
    const value listed = state("listed", {3}, initial::table<first_numbers>()).with(x);
    update(listed, 2 * listed);
    update(drawn, drawn + 1);
    return x * parameter("by", {2}, initial::table<first_weights>()) + sum(listed);
};
struct starting : network<starts, shape<2>> {};

TYPED_TEST(states, start_from_a_distribution_or_a_table) {
    model_of<starting, TypeParam> m(7), other(8);
    EXPECT_EQ(copy(m.states()), copy(other.states()));
    const numbers drawn = copy(m.state("drawn"));
    double sum = 0, squares = 0;
    for (double v : drawn) {
        sum += v;
        squares += v * v;
    }
    EXPECT_LT(std::abs(sum / 40), 1.5);          // of a deviation of 3 / sqrt(40)
    EXPECT_NEAR(std::sqrt(squares / 40), 3, 1);  // of 3
    EXPECT_EQ(copy(m.state("listed")), (numbers{1, -2, 3}));
    EXPECT_EQ(copy(m.parameter("by")), (numbers{0.5, 4}));
    EXPECT_EQ(copy(m(numbers{2, 1})), (numbers{3, 6}));
    EXPECT_EQ(copy(m(numbers{2, 1})), (numbers{5, 8}));
    m.reset();
    EXPECT_EQ(copy(m.state("drawn")), drawn);
    EXPECT_EQ(copy(m(numbers{2, 1})), (numbers{3, 6}));
}
TEST(states_in_training, start_from_a_distribution_or_a_table) { EXPECT_LT(gradient_check<starting>().error, 1e-6); }
inline constexpr auto of_three_for_two = [](value x) {
    return x + state("listed", {2}, initial::table<first_numbers>()).with(x);
};
static_assert(mistake<of_three_for_two, 2>().expected.view() == "a table of 2 numbers for 'listed'");
static_assert(mistake<of_three_for_two, 2>().found.view() == "one of 3");

// --- several of one call

inline constexpr auto exchanges = [](value x) {
    const value a = state("a", {1}, 1).with(x), b = state("b", {1}, 2).with(x);
    update(a, b);
    update(b, a);
    return x + a;
};
struct exchanging : network<exchanges, shape<1>> {};
// one value for two, each of which goes on from it
inline constexpr auto both = tied<"both">([](value x) {
    const value a = state("a", {1}).with(x), b = state("b", {1}).with(x), m = batch_mean(x) + 0 * a;
    update(a, m + b);
    update(b, m + b);
    return x;
});
inline constexpr auto once = [](value x) {
    const value y = batch_mean(x), a = state("a", {1}).with(x), b = state("b", {1}).with(x);
    update(a, y);
    update(b, y);
    return x + a + b;
};
struct exchanging_twice : network<(both >> both), shape<1>> {};
struct of_one_value : network<once, shape<1>> {};

TYPED_TEST(states, exchange_their_values) {
    model_of<exchanging, TypeParam> m;
    EXPECT_EQ(m(numbers{10})[0], 11);
    EXPECT_EQ(m(numbers{10})[0], 12);
    EXPECT_EQ(m(numbers{10})[0], 11);

    model_of<of_one_value, TypeParam> one;
    one(numbers{3});
    EXPECT_EQ(one(numbers{4})[0], 10);

    model_of<exchanging_twice, TypeParam> two;
    two(numbers{3});
    EXPECT_EQ(two.states()[0], 6);
    EXPECT_EQ(two.states()[16], 6);
}

// --- in loops

inline constexpr auto zero_of = [](value x) { return broadcast_to(constant(*x.owner, 0), {}, x.batched()); };
constexpr value sum_of_items(value h, value item) { return h + item; }

// a count of iterations, of which nothing, each iteration's, or what stands after the loop is read
inline constexpr auto counts = [](value x) {
    const value n = state("n", {}).with(x);
    return scan(
        [&](value h, value item) {
            update(n, n + 1);
            return sum_of_items(h, item);
        },
        zero_of(x), x);
};
inline constexpr auto counts_in_sight = [](value x) {
    return scan(
        [&](value h, value item) {
            const value n = state("n", {}).with(x);  // bound in the body
            update(n, n + 1);
            return sum_of_items(h, item) + 100 * n;
        },
        zero_of(x), x);
};
inline constexpr auto counts_and_looks_back = [](value x) { return counts(x) + state("m", {}).with(x); };
struct counting : network<counts, shape<3>> {};
struct counting_in_sight : network<counts_in_sight, shape<3>> {};
struct counting_and_looking_back : network<counts_and_looks_back, shape<3>> {};

template <class Net, class Backend> void expect_count_of_three() {
    model_of<Net, Backend> m;
    for (double calls : {1, 2}) {
        m(numbers{1, 2, 3});
        EXPECT_EQ(m.states()[0], 3 * calls);
    }
    model_of<Net, Backend, streaming> by_frame;
    for (double frames : {1, 2, 3}) {
        by_frame(numbers{1});
        EXPECT_EQ(by_frame.states()[0], frames);
    }
}
TYPED_TEST(states, in_a_loop_are_updated_by_each_iteration) {
    expect_count_of_three<counting, TypeParam>();
    expect_count_of_three<counting_in_sight, TypeParam>();
    expect_count_of_three<counting_and_looking_back, TypeParam>();
}
TYPED_TEST(states, in_a_loop_are_seen_as_the_iteration_before_left_them) {
    model_of<counting_in_sight, TypeParam> m;
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{1, 103, 306}));
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{301, 703, 1206}));
}

// states that are called as what a scan keeps in a stream, bound after it and in its body
inline constexpr auto called_as_the_scans = tied<"twice">([](value x) {
    const value first = broadcast_to(parameter("first", {}, initial::constant(2)).with(x), {}, x.batched());
    const value h =
        scan([&](value before, value item) { return before + item * state("carry_1", {}, 3).with(x); }, first, x);
    return h + state("carry", {}, 7).with(x) + 10 * state("begun", {}, 1).with(x);
});
struct with_names_of_scans : network<(called_as_the_scans >> called_as_the_scans), shape<3>> {};
TYPED_TEST(states, may_be_called_as_those_of_scans) {
    model_of<with_names_of_scans, TypeParam> m;
    model_of<with_names_of_scans, TypeParam, streaming> by_frame;
    EXPECT_EQ(by_frame.state("twice.carry")[0], 7);
    EXPECT_EQ(by_frame.state("twice.begun")[0], 1);
    EXPECT_EQ(by_frame.state("twice.carry_1")[0], 3);
    by_frame.state("twice.carry")[0] = m.state("twice.carry")[0] = 4;
    const numbers whole = copy(m(numbers{1, 2, 3}));
    for (int run = 0; run < 2; ++run) {
        for (std::size_t t = 0; t < 3; ++t) EXPECT_EQ(by_frame(numbers{static_cast<double>(t + 1)})[0], whole[t]);
        by_frame.reset();
    }
    EXPECT_EQ(by_frame.state("twice.carry")[0], 4);
}

// the state takes the carry, and the carry the state
inline constexpr auto takes_turns = [](value x) {
    return scan(
        [&](value h, value item) {
            const value s = state("s", {}, 5).with(x);
            update(s, reshape(batch_sum(h), {}));
            return s + item;
        },
        zero_of(x), x);
};
// h = item first, then the sum of both before it
inline constexpr auto keeps_the_carry = [](value x) {
    const value zero = broadcast_to(constant(*x.owner, 0), {}, false);
    return scan(
        [&](value h, value item) {
            const value s = state("s", {}, 5).with(x);
            update(s, h);
            return s + sum(item);
        },
        zero, parameter("list", {3}, initial::constant(1)).with(x));
};
struct taking_turns : network<takes_turns, shape<3>> {};
struct keeping_the_carry : network<keeps_the_carry, shape<3>> {};
TYPED_TEST(states, may_take_the_carry_of_a_loop) {
    model_of<taking_turns, TypeParam> m;
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{6, 2, 9}));
    EXPECT_EQ(m.states()[0], 2);
    model_of<keeping_the_carry, TypeParam> k;
    EXPECT_EQ(copy(k(numbers{1, 2, 3})), (numbers{6, 1, 7}));
    EXPECT_EQ(k.states()[0], 1);
}

// an update in a loop of a state that another has updated before it
inline constexpr auto ahead_and_within = [](value x) {
    const auto counted = tied<"n">([](value v) {
        const value n = state("n", {}).with(v);
        update(n, n + 1);
        return v;
    });
    return scan([&](value h, value item) { return h + counted(item); }, zero_of(x), counted(x));
};
static_assert(mistake<ahead_and_within, 3>().expected.view() == "one update of a state");

// what it saves for a gradient would have an axis too many
inline constexpr auto of_six_axes = [](value x) {
    return scan(
        [&](value h, value item) {
            const value s = state("s", {1, 1, 1, 1, 1, 2}).with(x);
            update(s, s + 1);
            return h + item;
        },
        zero_of(x), x);
};
static_assert(tracing::symbolic_run<of_six_axes, shape<3>>::trace(phase::inference).problem.expected.view() ==
              "at most 6 axes");

// a loop in a loop
inline constexpr auto counts_all = [](value x) {
    return scan([](value h, value row) { return h + sum(counts(row)); }, zero_of(x), x);
};
struct counting_all : network<counts_all, shape<4, 3>> {};
TYPED_TEST(states, in_a_loop_inside_a_loop) {
    model_of<counting_all, TypeParam> m;
    for (double calls : {1, 2}) {
        EXPECT_EQ(m(numbers(12, 1.0))[3], 4 * (1 + 2 + 3));
        EXPECT_EQ(m.states()[0], 12 * calls);
    }
}

// a value of the last iteration, for a state that is bound in the body
inline constexpr auto leaks = [](value x) {
    value last, kept;
    const value h = scan(
        [&](value before, value item) {
            kept = state("s", {}, 1).with(x);
            last = batch_sum(item) + 0 * kept;
            return before + item * kept;
        },
        zero_of(x), x);
    update(kept, last);
    return h;
};
struct leaking : network<leaks, shape<3>> {};
TYPED_TEST(states, that_are_updated_behind_a_loop_stay_in_it) {
    model_of<leaking, TypeParam> m;
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{1, 3, 6}));
    EXPECT_EQ(m.states()[0], 3);
    EXPECT_EQ(copy(m(numbers{1, 2, 3})), (numbers{3, 9, 18}));
}

// a layer with states of its own in the body: its running mean moves once an iteration
inline constexpr auto normed = [](value x) {
    return scan([](value h, value item) { return tanh(batch_norm(dense<2>(concatenate({h, item})))); },
                broadcast_to(constant(*x.owner, 0), {2}, true), x);
};
struct normed_cell : network<normed, shape<3, 2>> {};
// an exponential mean that the result depends on
inline constexpr auto smooths = [](value x) {
    return scan(
        [&](value h, value item) {
            const value s = state("mean", {2}, 0.5).with(x);
            const value next = 0.5 * s + 0.5 * batch_mean(item);
            update(s, next);
            return tanh(h + item * (s + next)) * parameter("scale", {2}, initial::constant(1)).with(x);
        },
        broadcast_to(constant(*x.owner, 0), {2}, true), x);
};
struct smoothed : network<smooths, shape<3, 2>> {};
TEST(states_in_training, pass_gradients_from_iteration_to_iteration) {
    EXPECT_LT(gradient_check<normed_cell>().error, 1e-6);
    EXPECT_LT(gradient_check<smoothed>().error, 1e-6);
}

}  // namespace
