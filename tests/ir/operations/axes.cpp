// Every operation that is told an axis, an order or a size refuses what its operand has not.
#include <gtest/gtest.h>

#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/resample.hpp>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// what a function says of an input of shape (3, 4)
template <auto Function> constexpr text wanted() { return mistake<Function, 3, 4>().expected; }

// the axis that is not there, counted from both ends, and the last that is
template <int Axis> constexpr auto extent_of = [](value x) { return x * x.extent(Axis); };
template <int Axis> constexpr auto all_of_an_axis = [](value x) { return slice(x, Axis, 0, x.shape()[Axis % 2]); };
template <int Axis> constexpr auto some_of_an_axis = [](value x) { return slice(x, Axis, 1, 1); };
template <int Axis> constexpr auto one_of_none = [](value x) { return slice(x, Axis, 0, 0); };
template <int Axis> constexpr auto resampled = [](value x) { return resample(x, Axis, 5, resampling::linear); };
template <int Axis> constexpr auto resampled_to_one = [](value x) { return resample(x, Axis, 1, resampling::linear); };
template <int Axis> constexpr auto joined = [](value x) { return concatenate({x, x}, Axis); };
template <int Axis> constexpr auto joined_list = [](value x) { return concatenate({x, x, x, x, x}, Axis); };
template <int Axis> constexpr auto summed = [](value x) { return sum(x, axes(0, Axis)); };
template <int Axis> constexpr auto averaged = [](value x) { return mean(x, axes(Axis)); };
template <int Axis> constexpr auto largest = [](value x) { return max(x, axes(Axis)); };
template <int Axis> constexpr auto over_batch = [](value x) { return batch_mean(x, axes(Axis)); };

template <int Axis> constexpr bool is_refused(text axis) {
    constexpr text of_a_set = "axes that the value has";
    return wanted<extent_of<Axis>>() == axis && wanted<all_of_an_axis<Axis>>() == axis &&
           wanted<some_of_an_axis<Axis>>() == axis && wanted<one_of_none<Axis>>() == axis &&
           wanted<resampled<Axis>>() == axis && wanted<resampled_to_one<Axis>>() == axis &&
           wanted<joined<Axis>>() == axis && wanted<joined_list<Axis>>() == axis &&
           wanted<summed<Axis>>() == of_a_set && wanted<averaged<Axis>>() == of_a_set &&
           wanted<largest<Axis>>() == of_a_set && wanted<over_batch<Axis>>() == of_a_set;
}
static_assert(is_refused<2>("an axis 2"));
static_assert(is_refused<-3>("an axis -3"));
static_assert(is_refused<-9>("an axis -9"));
static_assert(is_refused<7>("an axis 7"));
static_assert(is_refused<40>("an axis 40"));
static_assert(is_refused<-40>("an axis -40"));

template <int Axis> constexpr bool is_taken() {
    return wanted<extent_of<Axis>>().empty() && wanted<some_of_an_axis<Axis>>().empty() &&
           wanted<resampled<Axis>>().empty() && wanted<joined<Axis>>().empty() && wanted<joined_list<Axis>>().empty() &&
           wanted<averaged<Axis>>().empty() && wanted<largest<Axis>>().empty() && wanted<over_batch<Axis>>().empty();
}
static_assert(is_taken<0>() && is_taken<1>() && is_taken<-1>() && is_taken<-2>());

// all five facts, as other mistakes have them
constexpr fault said = mistake<(some_of_an_axis<2>), 3, 4>();
static_assert(said.where.view() == "input" && said.layer.view() == "network" && said.found.view() == "shape (3, 4)");

// boxes
template <int First, int Count, int Step>
constexpr auto box_of = [](value x) { return slice(x, 1, First, Count, Step); };
static_assert(wanted<box_of<0, 4, 1>>().empty() && wanted<box_of<1, 2, 2>>().empty());
static_assert(wanted<box_of<0, 4, 2>>() == "a box inside (3, 4)");
static_assert(wanted<box_of<0, 4, 0>>() == "a box inside (3, 4)");
static_assert(wanted<box_of<0, 4, -1>>() == "a box inside (3, 4)");
static_assert(wanted<box_of<-1, 2, 1>>() == "a box inside (3, 4)");
static_assert(wanted<box_of<2147483647, 2, 1>>() == "a box inside (3, 4)");
static_assert(wanted<box_of<0, 2147483647, 2147483647>>() == "a box inside (3, 4)");

// orders and labels
inline constexpr auto swapped_from_behind = [](value x) { return permute(x, {-1, 0}); };
inline constexpr auto swapped_with_none = [](value x) { return permute(x, {2, 0}); };
static_assert(wanted<swapped_from_behind>() == "each of the 2 axes once");
static_assert(wanted<swapped_with_none>() == "each of the 2 axes once");
inline constexpr auto outer_of_twelve = [](value x) {
    const value a = reshape(x, {1, 1, 1, 1, 3, 4});
    return einsum("abcdef,ghijkl->abcdefghijkl", a, a);
};
static_assert(wanted<outer_of_twelve>() == "a result of rank 6 or less");

// sizes beyond what an int counts
inline constexpr auto huge = [](value x) { return reshape(x, {65536, 65536, -1}); };
inline constexpr auto huge_in_three = [](value x) { return reshape(x, {2147483647, 2147483647, 2147483647}); };
static_assert(wanted<huge>() == "a shape of 12 elements");
static_assert(wanted<huge_in_three>() == "a shape of 12 elements");

// padding for axes that are not there
inline constexpr auto padded_on_one = [](value x) { return padded(x, {1}, {1}); };
inline constexpr auto padded_on_three = [](value x) { return padded(x, {1, 1, 1}, {1, 1, 1}); };
inline constexpr auto padded_by_less = [](value x) { return padded(x, {0, 0}, {0, -1}); };
static_assert(wanted<padded_on_one>() == "padding for each of 2 axes");
static_assert(wanted<padded_on_three>() == "padding for each of 2 axes");
static_assert(wanted<padded_by_less>() == "a box inside (3, 3)");

TEST(axes, are_checked_where_the_test_is_compiled) { EXPECT_EQ(said.expected.view(), "an axis 2"); }

}  // namespace
