// What stands beside a value in an operation: numbers of every type, parameters, and values that are refused.
#include <gtest/gtest.h>

#include <cstddef>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/store.hpp>

#include "../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// the number in the node that a function makes last
template <auto Function> constexpr double number_in() {
    graph g;
    node n;
    n.kind = op::input;
    n.batched = true;
    n.shape = {3};
    const value y = Function(add_node(g, n));
    for (int k = 0; k < y.get().argument_count; ++k)
        if (const node& a = y.argument(k).get(); a.kind == op::constant) return g.number(a);
    return 0;
}

template <class N> constexpr auto times_two = [](value x) { return x * N(2); };
template <class N> constexpr auto two_over = [](value x) { return N(2) / x; };
template <class N> constexpr auto plus_two = [](value x) { return x + N(2); };
template <class N> constexpr auto two_minus = [](value x) { return N(2) - x; };
template <class N> constexpr auto at_least_two = [](value x) { return maximum(x, N(2)); };
template <class N> constexpr auto at_most_two = [](value x) { return minimum(N(2), x); };
template <class N> constexpr auto squared = [](value x) { return pow(x, N(2)); };
template <class N> constexpr auto below_two = [](value x) { return less(x, N(2)); };
template <class N> constexpr auto is_two = [](value x) { return equal(N(2), x); };
template <class N> constexpr auto chosen = [](value x) { return select(x, x, N(2)); };

template <class N> constexpr bool is_a_number() {
    return number_in<times_two<N>>() == 2 && number_in<two_over<N>>() == 2 && number_in<plus_two<N>>() == 2 &&
           number_in<two_minus<N>>() == 2 && number_in<at_least_two<N>>() == 2 && number_in<at_most_two<N>>() == 2 &&
           number_in<squared<N>>() == 2 && number_in<below_two<N>>() == 2 && number_in<is_two<N>>() == 2 &&
           number_in<chosen<N>>() == 2;
}
static_assert(is_a_number<int>() && is_a_number<unsigned>() && is_a_number<short>() && is_a_number<long>());
static_assert(is_a_number<unsigned long>() && is_a_number<long long>() && is_a_number<std::size_t>());
static_assert(is_a_number<float>() && is_a_number<double>() && is_a_number<long double>());

// a condition may be a number or a parameter, as long as one operand is a value
inline constexpr auto number_chooses = [](value x) { return select(1, x, 2 * x); };
inline constexpr auto parameter_chooses = [](value x) { return select(parameter("mask", {3}), 0, x); };
static_assert(output_shape<network<number_chooses, shape<3>>> == extents{3});
static_assert(network<parameter_chooses, shape<3>>::parameter_count == 3);

// a value that no operation made
inline constexpr auto never_set = [](value x) {
    value sum;
    return sum + x;
};
static_assert(mistake<never_set, 3>().expected.view() == "values that come from an operation");

// a state is one for all samples
inline constexpr auto keeps_each = [](value x) {
    update(state("last", {3}).with(x), x);
    return x;
};
inline constexpr fault of_each = mistake<keeps_each, 3>();
static_assert(of_each.expected.view() == "a state of (3) for all samples");
static_assert(of_each.found.view() == "(3) for each sample" && !of_each.hint.empty());

TEST(operands, are_checked_where_the_test_is_compiled) { EXPECT_FALSE(of_each.expected.empty()); }

}  // namespace
