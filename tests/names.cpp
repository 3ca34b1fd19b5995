// What a model is asked for and has not stops the program, and names what is most like it.
#include <gtest/gtest.h>

#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/error/names.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/model.hpp>
#include <tessera/network/path_pattern.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto layers = dense<3> >> batch_norm >> named<"head">(dense<2>);
struct net : network<layers, shape<4>> {};
struct bare : network<identity, shape<4>> {};
using small = model<net, backend::scalar>;

static_assert(distance_of_names("weight", "weight") == 0 && distance_of_names("", "bias") == 4);
static_assert(distance_of_names("wieght", "weight") == 2 && distance_of_names("0.bias", "10.bias") == 1);

constexpr text listed(std::string_view wanted) {
    constexpr std::string_view names[] = {"0.weight", "0.bias", "", "1.weight", "2.weight", "scale"};
    return names_near(wanted, 6, [&](int i) { return text(names[i]); }).list();
}
// patterns of paths
static_assert(matches_path("stage1", "stage1") && !matches_path("stage1", "stage10") && !matches_path("stage1", ""));
static_assert(matches_path("*", "") && matches_path("*", "a.b") && matches_path("a*", "a") && matches_path("**", ""));
static_assert(matches_path("encoder.*.weight", "encoder.0.conv.weight"));
static_assert(matches_path("*.weight", "weight.weight.weight") && !matches_path("*.weight", "weight"));
static_assert(!matches_path("encoder.*.weight", "encoder.weight") && !matches_path("", "a") && matches_path("", ""));
static_assert(matches_path("*ab*ab", "aabxab") && !matches_path("*ab*ab", "aab") && matches_path("a*b*c", "abbcbc"));
static_assert(covers_path("stage1", "stage1.conv.weight") && !covers_path("stage1", "stage10.weight"));
static_assert(covers_path("*.conv", "stage1.conv.weight") && !covers_path("conv", "stage1.conv.weight"));
static_assert(covers_path("*.bias", "3.bias") && !covers_path("*.bias", "3.weight") && covers_path("3.bias", "3.bias"));
static_assert(paths_like("haed", net::table, net::table.parameter_count).view().starts_with("head"));
static_assert(paths_like("*.wieght", net::table, net::table.parameter_count).view().starts_with("0.weight"));

static_assert(listed("2.wait").view() == "2.weight, 0.weight, 1.weight");
static_assert(listed("scales").view() == "scale, 0.bias, 0.weight");

TEST(names, a_parameter_and_a_state_by_their_paths) {
    small m;
    const small& same = m;
    m.parameter("head.bias")[1] = 42;
    m.state("1.running_mean")[2] = 7;
    EXPECT_EQ(m.parameter("head.weight").size(), 6U);
    EXPECT_EQ(same.parameter("head.bias")[1], 42);
    EXPECT_EQ(same.state("1.running_mean")[2], 7);
    EXPECT_EQ(same.state("1.running_var")[0], 1);
    static_assert(std::is_same_v<decltype(same.parameter("0.bias")), std::span<const float>>);
    static_assert(std::is_same_v<decltype(same.state("1.running_var")), std::span<const float>>);
}

// as constants, too
static_assert(small().parameter("0.weight").size() == 12 && small().state("1.running_var")[1] == 1);

TEST(names_death, what_is_not_there_stops) {
    small m;
    const small& same = m;
    EXPECT_DEATH(m.parameter("head.wieght"),
                 "parameter 'head.wieght': expected one like 'head.weight', '[^']*', '[^']*', found no such name");
    EXPECT_DEATH(same.parameter(""), "parameter '': expected one like '0.bias'");
    EXPECT_DEATH(m.state("running_mean"), "state 'running_mean': expected one like '1.running_mean', '1.running_var'");
    EXPECT_DEATH(same.state("head.weight"), "state 'head.weight': expected one like");
    model<bare, backend::scalar> none;
    EXPECT_DEATH(none.parameter("weight"), "parameter 'weight': expected none, as the network has none");
}

TEST(names_death, an_output_beyond_the_last_stops) {
    small m;
    m(std::array<float, 4>{1, 2, 3, 4});
    EXPECT_EQ(m.output(0).size(), 2U);
    EXPECT_DEATH(m.output(1),
                 "output of a model: expected the number of an output of real numbers of the network, found 1");
    EXPECT_DEATH(m.output(-1), "found -1");
    EXPECT_EQ(m.output<"head">().size(), 2U);
}

}  // namespace
