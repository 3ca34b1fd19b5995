// Several loops in one function, and one layer applied several times, frame by frame as on the whole sequence.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;

constexpr int frames = 5, features = 2;

inline constexpr auto zeros = [](value x) { return broadcast_to(constant(*x.owner, 0), {features}, x.batched()); };
inline constexpr auto total = [](value h, value v) { return h + v; };
inline constexpr auto fading = [](value h, value v) { return 0.5 * h + v; };

// two loops, from numbers and from what is learnt
inline constexpr auto two_scans = [](value x) {
    const value sums = scan(total, zeros(x), x);
    const value first = parameter("first", {features}, initial::constant(3)).with(x);
    const value faded = scan(fading, first, sums);
    const value again = scan(fading, -first, x);
    return sums * faded + again;
};
// one layer on two sequences, and on its own result
inline constexpr auto side_by_side = [](value x) {
    const auto cell = tied<"cell">(gru<features>);
    const value a = cell(x), b = cell(-3 * x);
    return concatenate({a, b});
};
struct scans : network<two_scans, shape<frames, features>> {};
struct sides : network<side_by_side, shape<frames, features>> {};
struct rows : network<(tied<"cell">(gru<features>) >> tied<"cell">(gru<features>)), shape<frames, features>> {};

template <class Net, class Backend> void expect_streams() {
    model<Net, Backend, batch<1>, double> whole(3);
    model<Net, Backend, batch<1>, double, streaming> by_frame(4);
    std::ranges::copy(whole.parameters(), by_frame.parameters().begin());
    std::vector<double> x;
    for (int i = 0; i < frames * features; ++i) x.push_back(std::sin(1.7 * i));
    const auto result = whole(x);
    const std::vector<double> wanted(result.begin(), result.end());
    for (int run = 0; run < 2; ++run) {
        std::vector<double> found;
        for (std::size_t t = 0; t < x.size(); t += features) {
            const auto y = by_frame(std::span(x).subspan(t, features));
            found.insert(found.end(), y.begin(), y.end());
        }
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-13) << run << ", " << i;
        by_frame.reset();
    }
}

template <class Net> using stream_of = program<Net, backend::scalar, batch<1>, double, streaming>;
static_assert(stream_of<scans>::graph.state_count == 5);  // three carries, and whether two of them have begun
static_assert(stream_of<sides>::graph.state_count == 2 && stream_of<rows>::graph.state_count == 2);

TEST(recurrent, several_loops_of_one_function_stream) {
    expect_streams<scans, backend::scalar>();
    expect_streams<scans, backend::simd>();
}
TEST(recurrent, a_tied_layer_streams_each_of_its_sequences) {
    expect_streams<sides, backend::scalar>();
    expect_streams<sides, backend::simd>();
    expect_streams<rows, backend::scalar>();
}

}  // namespace
