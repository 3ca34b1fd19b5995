// arrange: pieces drawn at random never overlap, and the height is what it says.
#include <gtest/gtest.h>

#include <algorithm>
#include <tessera/ir/random_block.hpp>
#include <tessera/passes/arrange.hpp>

namespace {

using namespace tessera;

std::vector<lifetime> drawn(int count, int steps, std::uint64_t seed) {
    std::vector<lifetime> pieces;
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::uint64_t>(i);
        const auto first = static_cast<int>(uniform_number(seed, 0, at) * steps);
        const auto span = static_cast<int>(uniform_number(seed, 1, at) * uniform_number(seed, 2, at) * steps);
        pieces.push_back(
            {64L * (1 + static_cast<long>(40 * uniform_number(seed, 3, at))), first, std::min(first + span, steps)});
    }
    return pieces;
}

void expect_sound(const std::vector<lifetime>& pieces, const placing::arrangement& found) {
    long height = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const lifetime& a = pieces[i];
        EXPECT_GE(a.offset, 0);
        height = std::max(height, a.offset + a.bytes);
        for (std::size_t j = 0; j < i; ++j) {
            const lifetime& b = pieces[j];
            const bool together = a.first <= b.last && b.first <= a.last;
            EXPECT_TRUE(!together || a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset) << i << " " << j;
        }
    }
    EXPECT_EQ(height, found.bytes);
    EXPECT_GE(found.bytes, found.bound);
}

TEST(arrange, pieces_that_live_together_are_apart) {
    for (std::uint64_t seed = 0; seed < 40; ++seed)
        for (int count : {1, 2, 7, 30, 110, 150, 300}) {
            std::vector<lifetime> pieces = drawn(count, 2 + count / 2, seed);
            expect_sound(pieces, placing::arrange(pieces, 2 + count / 2));
        }
}
TEST(arrange, nothing_takes_no_room) {
    std::vector<lifetime> none;
    const auto found = placing::arrange(none, 3);
    EXPECT_EQ(found.bytes, 0);
    EXPECT_EQ(found.bound, 0);
}
// a chain needs two pieces at a time
TEST(arrange, a_chain_alternates) {
    std::vector<lifetime> chain;
    for (int i = 0; i < 9; ++i) chain.push_back({64, i, i + 1});
    const auto found = placing::arrange(chain, 10);
    EXPECT_EQ(found.bytes, 128);
    EXPECT_EQ(found.bound, 128);
}
// what is kept to the end, as activations are, stacks up
TEST(arrange, forward_and_back_reaches_the_bound) {
    std::vector<lifetime> tape;
    const int depth = 20;
    for (int i = 0; i < depth; ++i) {
        tape.push_back({64L * (1 + i * 7 % 5), i, 2 * depth - i});
        tape.push_back({64L * (1 + i * 3 % 4), 2 * depth - i - 1, 2 * depth - i});
    }
    const auto found = placing::arrange(tape, 2 * depth + 1);
    expect_sound(tape, found);
    EXPECT_LE(static_cast<double>(found.bytes), 1.05 * static_cast<double>(found.bound));
}

}  // namespace
