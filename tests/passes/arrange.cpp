// arrange: pieces drawn at random never overlap, and the height is what it says.
#include <gtest/gtest.h>

#include <algorithm>
#include <tessera/ir/random_block.hpp>
#include <tessera/passes/arrange.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

using some = lifetimes<512, 512>;

some drawn(int count, int steps, std::uint64_t seed) {
    some pieces;
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::uint64_t>(i);
        const auto first = static_cast<int>(uniform_number(seed, 0, at) * steps);
        const auto span = static_cast<int>(uniform_number(seed, 1, at) * uniform_number(seed, 2, at) * steps);
        pieces.add(64L * (1 + static_cast<long>(40 * uniform_number(seed, 3, at))), first,
                   std::min(first + span, steps));
    }
    return pieces;
}

void expect_sound(const some& p, const placing::arrangement& found) {
    long height = 0;
    for (int i = 0; i < p.count; ++i) {
        EXPECT_GE(p.offset[i], 0);
        height = std::max(height, p.offset[i] + p.bytes[i]);
        for (int j = 0; j < i; ++j) {
            const bool together = p.first[i] <= p.last[j] && p.first[j] <= p.last[i];
            EXPECT_TRUE(!together || p.offset[i] + p.bytes[i] <= p.offset[j] || p.offset[j] + p.bytes[j] <= p.offset[i])
                << i << " " << j;
        }
    }
    EXPECT_EQ(height, found.bytes);
    EXPECT_GE(found.bytes, found.bound);
}

TEST(arrange, pieces_that_live_together_are_apart) {
    for (std::uint64_t seed = 0; seed < 40; ++seed)
        for (int count : {1, 2, 7, 30, 110, 150, 300}) {
            some pieces = drawn(count, 2 + count / 2, seed);
            expect_sound(pieces, placing::arrange(pieces, 2 + count / 2));
        }
}
TEST(arrange, nothing_takes_no_room) {
    some none;
    const auto found = placing::arrange(none, 3);
    EXPECT_EQ(found.bytes, 0);
    EXPECT_EQ(found.bound, 0);
}
// a chain needs two pieces at a time
TEST(arrange, a_chain_alternates) {
    some chain;
    for (int i = 0; i < 9; ++i) chain.add(64, i, i + 1);
    const auto found = placing::arrange(chain, 10);
    EXPECT_EQ(found.bytes, 128);
    EXPECT_EQ(found.bound, 128);
}
// what is kept to the end, as activations are, stacks up
TEST(arrange, forward_and_back_reaches_the_bound) {
    some tape;
    const int depth = 20;
    for (int i = 0; i < depth; ++i) {
        tape.add(64L * (1 + i * 7 % 5), i, 2 * depth - i);
        tape.add(64L * (1 + i * 3 % 4), 2 * depth - i - 1, 2 * depth - i);
    }
    const auto found = placing::arrange(tape, 2 * depth + 1);
    expect_sound(tape, found);
    EXPECT_LE(static_cast<double>(found.bytes), 1.05 * static_cast<double>(found.bound));
}

}  // namespace
