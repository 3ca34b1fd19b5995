// Random networks as a compiler makes them, their pointwise loops generated; networks.cpp has many more, made at run time.
#include <gtest/gtest.h>

#include "compiled.hpp"

namespace {

using namespace tessera;
using namespace tessera::random_networks;

constexpr std::uint64_t first = 300;
#ifdef TESSERA_FEW_NETWORKS
constexpr int networks = 4;
#else
constexpr int networks = 30;
#endif

template <int I> void compare_one() {
    constexpr std::uint64_t seed = first + I;
    constexpr bool trains = I % 2 == 0;
    const report r = compare_compiled<seed, 6, trains>(I % 3 == 0 ? mood::zeros : mood::ordinary);
    EXPECT_FALSE(r.failed()) << "seed " << seed << ": " << r.fault;
}
template <int... I> void compare_all(std::integer_sequence<int, I...>) { (compare_one<I>(), ...); }

TEST(random_networks, compiled_agree_with_the_oracle) { compare_all(std::make_integer_sequence<int, networks>{}); }

}  // namespace
