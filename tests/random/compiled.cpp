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

template <int... I> void compare_all(std::integer_sequence<int, I...>) {
    const auto one = [](std::uint64_t seed, const report& r) {
        EXPECT_FALSE(r.failed()) << "seed " << seed << ": " << r.fault;
    };
    (one(first + I, compare_compiled < first + I, 6, I % 2 == 0 > (I % 3 == 0 ? mood::zeros : mood::ordinary)), ...);
}

TEST(random_networks, compiled_agree_with_the_oracle) { compare_all(std::make_integer_sequence<int, networks>{}); }

}  // namespace
