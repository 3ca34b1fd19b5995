// signature: what differs in one bit of a number, in one extent or in the order of words has another signature.
#include <tessera/passes/signature.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr signature::value of_number(double x) {
    signature s;
    s.add_number(x);
    return s.get();
}
constexpr signature::value of_words(std::int64_t a, std::int64_t b) {
    signature s;
    s.add(a);
    s.add(b);
    return s.get();
}

// small whole numbers differ in the upper half of their bits alone
static_assert(of_number(2) != of_number(4) && of_number(0.0) != of_number(-0.0));
static_assert(of_number(1) != of_number(1 + std::numeric_limits<double>::epsilon()));
static_assert(of_words(1, 2) != of_words(2, 1) && of_words(0, 0) != of_words(0, 1));
static_assert(of_words(std::int64_t{1} << 40, 0) != of_words(std::int64_t{2} << 40, 0));
static_assert(sizeof(signature::value) == 16);

TEST(signature, both_halves_tell_words_apart) {
    std::vector<std::uint64_t> first, second;
    for (std::int64_t a = -64; a < 64; ++a)
        for (std::int64_t b = -64; b < 64; ++b) {
            const signature::value v = of_words(a, b * 65536);
            first.push_back(v.first);
            second.push_back(v.second);
        }
    for (auto* half : {&first, &second}) {
        std::ranges::sort(*half);
        EXPECT_EQ(std::ranges::adjacent_find(*half), half->end());
    }
}

// steps that share the half that chooses the chain are still two
TEST(signature, equality_is_of_both_halves) {
    first_of_equals<4> seen;
    EXPECT_EQ(seen.first(0, {7, 1}), 0);
    EXPECT_EQ(seen.first(1, {7, 2}), 1);
    EXPECT_EQ(seen.first(2, {7, 1}), 0);
    EXPECT_EQ(seen.first(3, {7 + 256, 1}), 3);
}

}  // namespace
