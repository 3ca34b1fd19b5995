// What using namespace tessera; brings in is the vocabulary of networks, so that a program may have names of its own for
// everything else.
#include <gtest/gtest.h>

#include <tessera/inspect.hpp>
#include <tessera/tessera.hpp>

using namespace tessera;

struct node {};
struct window {};
struct scope {};
struct memory {};
struct schedule {};
struct fault {};
struct operand {};
struct instruction {};
struct buffer {};
struct permutation {};
struct position {};
struct signature {};
struct placement {};
struct call {};
struct variables {};
struct canvas_size {};
namespace simd {
constexpr int width = 4;
}
namespace fact {
constexpr int torial = 6;
}
namespace loops {
constexpr int count = 1;
}
constexpr int fold(int x) { return x + 1; }
constexpr int place(int x) { return x + 2; }
constexpr int fuse(int x) { return x + 3; }
constexpr int emit(int x) { return x + 4; }
constexpr int step(int x) { return x + 6; }
constexpr int box(int x) { return x + 7; }
constexpr int access(int x) { return x + 8; }

namespace {

// each name alone means the program's own
template <class... Own> constexpr std::size_t bytes_of_own() { return (sizeof(Own) + ...); }

struct net : network<dense<2>, shape<3>> {};

TEST(Namespaces, ProgramsHaveTheirOwnNames) {
    EXPECT_EQ((bytes_of_own<node, window, scope, memory, schedule, fault, operand, instruction, buffer, permutation,
                            position, signature, placement, call, variables, canvas_size>()),
              16u);
    EXPECT_EQ(simd::width + fact::torial + loops::count, 11);
    EXPECT_EQ(fold(0) + place(0) + fuse(0) + emit(0) + step(0) + box(0) + access(0), 31);
    EXPECT_EQ((model<net, backend::simd>::parameter_count), 8);
}

}  // namespace
