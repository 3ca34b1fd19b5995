#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <tessera/data/random_stream.hpp>
#include <vector>

namespace {

using tessera::random_stream;
using counter = random_stream::counter_type;

// The known answers published with the generator (Random123, kat_vectors).
static_assert(random_stream::philox({0, 0, 0, 0}, {0, 0}) == counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(random_stream::philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
              counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(random_stream::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

std::vector<std::uint32_t> draws(random_stream random, int count = 9) {
    std::vector<std::uint32_t> all;
    for (int i = 0; i < count; ++i) all.push_back(random());
    return all;
}

TEST(random_stream, is_philox_of_block_epoch_and_sample) {
    random_stream random(0x0000000200000001, 7, 0x0000000400000003);
    const counter first = random_stream::philox({0, 7, 3, 4}, {1, 2});
    const counter second = random_stream::philox({1, 7, 3, 4}, {1, 2});
    for (const counter& block : {first, second})
        for (const std::uint32_t wanted : block) EXPECT_EQ(random(), wanted);
}

TEST(random_stream, differs_by_seed_epoch_and_sample) {
    const auto base = draws(random_stream(1, 2, 3));
    EXPECT_EQ(base, draws(random_stream(1, 2, 3)));
    EXPECT_NE(base, draws(random_stream(2, 2, 3)));
    EXPECT_NE(base, draws(random_stream(1, 3, 3)));
    EXPECT_NE(base, draws(random_stream(1, 2, 4)));
    EXPECT_NE(base, draws(random_stream(std::uint64_t{1} << 32 | 1, 2, 3)));
}

TEST(random_stream, uniform_has_the_moments_of_its_distribution) {
    random_stream random(5);
    double sum = 0, squares = 0;
    constexpr int count = 100000;
    for (int i = 0; i < count; ++i) {
        const float u = random.uniform();
        ASSERT_GE(u, 0.0F);
        ASSERT_LT(u, 1.0F);
        sum += u;
        squares += double{u} * u;
    }
    EXPECT_NEAR(sum / count, 0.5, 0.005);
    EXPECT_NEAR(squares / count, 1.0 / 3, 0.005);
}

TEST(random_stream, uniform_between_two_numbers_may_reach_both) {
    const float above = std::nextafter(1.0F, 2.0F);
    std::set<float> seen;  // no float lies between the two
    random_stream random(5);
    for (int i = 0; i < 100; ++i) seen.insert(random.uniform(1, above));
    EXPECT_EQ(seen, (std::set<float>{1, above}));
}

TEST(random_stream, normal_has_the_moments_of_its_distribution) {
    random_stream random(6);
    std::array<double, 4> moments{};
    constexpr int count = 100000;
    for (int i = 0; i < count; ++i) {
        const double z = random.normal();
        for (std::size_t k = 0; k < moments.size(); ++k) moments[k] += std::pow(z, static_cast<double>(k + 1)) / count;
    }
    EXPECT_NEAR(moments[0], 0, 0.02);
    EXPECT_NEAR(moments[1], 1, 0.03);
    EXPECT_NEAR(moments[2], 0, 0.06);
    EXPECT_NEAR(moments[3], 3, 0.2);
}

TEST(random_stream, below_is_even_and_stays_below) {
    random_stream random(7);
    std::array<int, 6> counts{};
    for (int i = 0; i < 60000; ++i) ++counts.at(static_cast<std::size_t>(random.below(6)));
    for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(random_stream, between_reaches_both_ends) {
    random_stream random(8);
    std::array<bool, 5> seen{};
    for (int i = 0; i < 200; ++i) seen.at(static_cast<std::size_t>(random.between(-2, 2) + 2)) = true;
    EXPECT_TRUE(std::ranges::all_of(seen, [](bool s) { return s; }));
}

TEST(random_stream, permutation_holds_every_number_once) {
    auto order = random_stream(9).permutation(1000);
    EXPECT_FALSE(std::ranges::is_sorted(order));
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
    EXPECT_TRUE(random_stream(9).permutation(0).empty());
}

}  // namespace
