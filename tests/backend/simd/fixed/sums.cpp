// Fixed kernels of windows, of sums and maxima over axes, and of normalisation: odd extents, extents of 1.
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>

#include "agreement.hpp"

namespace {

using namespace tessera;
using namespace tessera::fixed_kernels;

inline constexpr auto largest = max_pool<2> >> layer<tessera::tanh>;
inline constexpr auto largest_of_all = max_pool<3, stride<2>, pad<1>>;
inline constexpr auto mean_of_two = avg_pool<2>;
inline constexpr auto mean_inside = avg_pool<3, stride<2>, pad<1>, padding_not_counted> >> layer<tessera::tanh>;
TEST(fixed_sums, windows) {
    agrees<fixed_form::pooling, largest, 8, 8, 4>();
    agrees<fixed_form::pooling, largest, 5, 7, 19>();
    agrees<fixed_form::pooling, largest, 6, 1>();
    agrees<fixed_form::pooling, largest_of_all, 7, 5, 3>();
    agrees<fixed_form::pooling, largest_of_all, 5, 70>();
    agrees<fixed_form::pooling, mean_of_two, 4, 6, 5>();
    agrees<fixed_form::pooling, mean_of_two, 2, 2, 2, 3>();
    agrees<fixed_form::pooling, mean_inside, 5, 6, 2>();
}

inline constexpr auto sum_of_last = [](value x) { return sum(x, last); };
inline constexpr auto sum_of_first = [](value x) { return sum(x, axes(0)); };
inline constexpr auto mean_of_middle = [](value x) { return tessera::mean(tanh(x), axes(1)); };
inline constexpr auto sum_of_ends = [](value x) { return sum(exp(x), last); };
inline constexpr auto max_of_last = [](value x) { return max(x * 2.5, last); };
inline constexpr auto max_of_first = [](value x) { return max(x, axes(0)); };
TEST(fixed_sums, sums_and_maxima) {
    agrees<fixed_form::reduction, sum_of_last, 3, 37>();
    agrees<fixed_form::reduction, sum_of_last, 200>();
    agrees<fixed_form::reduction, sum_of_last, 2, 3, 2>();
    agrees<fixed_form::reduction, sum_of_first, 5, 21>();
    agrees<fixed_form::reduction, sum_of_first, 19, 3>();
    agrees<fixed_form::reduction, mean_of_middle, 3, 5, 7>();
    agrees<fixed_form::reduction, sum_of_ends, 3, 37>();
    agrees<fixed_form::reduction, max_of_last, 3, 37>();
    agrees<fixed_form::reduction, max_of_first, 4, 5>();
}
inline constexpr auto normalised = layer_norm >> dense<3>;
inline constexpr auto normalised_groups = group_norm<2> >> relu;
TEST(fixed_sums, normalisation) {
    agrees<fixed_form::reduction, normalised, 16>();
    agrees<fixed_form::reduction, normalised, 3, 37>();
    agrees<fixed_form::reduction, normalised_groups, 5, 6>();
}

}  // namespace
