// Pointwise code in front of products and convolutions: computed where the operand is copied, it gives what it gives when
// it is stored first, and what the oracle gives in double: odd extents and extents of 1, padding around functions that
// are not 0 at 0, strides, dilations, groups, few samples and many, threads, NaN, double, gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/folded.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../../erased_program.hpp"
#include "../../networks/prologues.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using namespace networks;

// the operand is stored first
struct stored : backend::simd {
    static constexpr bool takes_prologue(const graph_view& g, const node& n) {
        return (n.kind == op::sum || n.kind == op::maximum) && backend::simd::takes_prologue(g, n);
    }
};

template <class Program> constexpr int prologues() {
    int count = 0;
    for (int k = 0; k < Program::steps; ++k) {
        const fused_step& t = Program::order.steps[k];
        count += t.before > 0 && fusion::copies(Program::graph.nodes[t.anchor]);
    }
    return count;
}

// 1 at 0
inline constexpr auto waves = [](value x) { return cos(x * 3) + 0.25; };
inline constexpr auto contracted = [](value x) {
    const value bases = chebyshev_bases<4>(x);
    return einsum("hwck,cko->hwo", reshape(bases, {x.extent(0), x.extent(1), x.extent(2), 4}),
                  parameter("weight", {x.extent(2), 4, 5}, initial::normal(0.3)));
};
// a product of each sample
inline constexpr auto with_itself = [](value x) { return einsum("tk,sk->ts", waves(x), x); };
// a product of each of three heads, rows not one after another
inline constexpr auto heads = [](value x) {
    return einsum("htk,hko->hto", waves(x), parameter("weight", {3, 5, 4}, initial::normal(0.3)));
};
inline constexpr auto in_a_loop = [](value x) {
    const value u = bind(*x.owner, parameter("u", {6, 6}, initial::normal(0.3)));
    const value v = bind(*x.owner, parameter("v", {x.extent(1), 6}, initial::normal(0.3)));
    return scan(
        [&](value h, value now) { return einsum("i,io->o", waves(now), v) + einsum("i,io->o", tanh(h) * h, u); },
        constant({1, 2, 3, 4, 5, 6}, {6}).with(x), x);
};

// net, how many prologues it has
#define NET(name, count, layers, ...)                     \
    struct name : network<(layers), shape<__VA_ARGS__>> { \
        static constexpr int expected = count;            \
    }
NET(spline_conv, 1, (spline_bases<8> >> conv<5, 3, same>), 9, 7, 3);
NET(strided, 1, (chebyshev_bases<3> >> conv<7, 3, stride<2>, dilation<2>, pad<1, 2>>), 11, 13, 2);
NET(unpadded, 1, (waves >> conv<17, 3>), 6, 5, 4);
NET(grouped, 1, (waves >> conv<6, 3, same, groups<3>>), 7, 9, 6);
NET(depthwise, 1, (waves >> depthwise_conv<3, 1, same>), 7, 9, 5);
NET(multiplied, 0, (waves >> depthwise_conv<3, 2, same>), 7, 9, 5);
NET(single_pixel, 1, (spline_bases<3> >> conv<2, 3, same>), 1, 1, 1);
NET(single_row, 1, (waves >> conv<2, 3, same>), 1, 5, 1);
NET(line, 1, (waves >> conv<5, 4, pad<3, 1>>), 13, 3);
NET(volume, 0, (waves >> conv<3, 2>), 4, 5, 3, 2);
NET(projection, 1, (waves >> conv<9, 1>), 5, 7, 6);
NET(one_channel_out, 0, (waves >> conv<1, 1>), 5, 7, 6);
NET(strided_projection, 1, (waves >> conv<9, 1, stride<2>>), 5, 7, 6);
NET(transposed, 1, (waves >> conv_transpose<4, 3, stride<2>>), 5, 4, 3);
NET(perceptron, 1, (waves >> dense<33> >> relu >> dense<3>), 37);
NET(sliced, 1, (waves >> dense<7>), 4500);
NET(sequence, 1, (spline_bases<5> >> dense<9>), 11, 6);
NET(kan_of_layers, 2, (spline_bases<5> >> dense<6> >> spline_bases<5> >> dense<4>), 7);
NET(contraction_of_two, 1, contracted, 5, 3, 4);
NET(product_of_heads, 0, heads, 3, 7, 5);
NET(product_of_samples, 1, with_itself, 7, 5);
NET(block, 2, (conv<6, 3, same> >> pre_activation<6> >> pre_activation<6>), 7, 5, 3);
NET(loop, 1, in_a_loop, 4, 5);

template <class Net> class prologue : public testing::Test {};
using nets =
    testing::Types<spline_conv, strided, unpadded, grouped, depthwise, multiplied, single_pixel, single_row, line,
                   volume, projection, one_channel_out, strided_projection, transposed, perceptron, sliced, sequence,
                   kan_of_layers, contraction_of_two, product_of_heads, product_of_samples, block, loop>;
TYPED_TEST_SUITE(prologue, nets);

template <class Real> std::vector<Real> numbers(std::size_t count) {
    std::vector<Real> x(count);
    for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<Real>(std::sin(1.3 * static_cast<double>(i)));
    return x;
}

enum class kind_of_values { usual, special };

template <class Real>
void compare(const erased::program<Real>& with_prologue, const erased::program<Real>& stored_first,
             const erased::program<double>& exact, kind_of_values kind) {
    erased::run_of<Real> tested(with_prologue), before(stored_first);
    erased::run_of<double> oracle(exact);
    const int capacity = with_prologue.capacity;
    const auto size = static_cast<std::size_t>(with_prologue.elements_of_input(0));
    std::vector<Real> x = numbers<Real>(size * static_cast<std::size_t>(capacity));
    if (kind == kind_of_values::special) {
        x[x.size() / 2] = std::numeric_limits<Real>::quiet_NaN();
        x[x.size() / 3] = std::numeric_limits<Real>::infinity();
        x[0] = -std::numeric_limits<Real>::infinity();
    }
    const std::vector<double> same(x.begin(), x.end());
    for (int count : {1, capacity / 2 + 1, capacity}) {
        const auto wanted = oracle(same, count);
        const auto at_once = before(x, count);
        double largest = 1;
        for (double w : wanted)
            if (std::isfinite(w)) largest = std::max(largest, std::abs(w));
        const double tolerance = largest * (sizeof(Real) == 4 ? 1e-5 : 1e-13);
        std::vector<Real> first;
        for (int threads : {1, 3}) {
            simd::threads::set_count(threads);
            const auto found = tested(x, count);
            ASSERT_EQ(found.size(), wanted.size());
            if (threads == 1) first.assign(found.begin(), found.end());
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                const bool finite = std::isfinite(wanted[i]);
                ASSERT_EQ(std::isnan(found[i]), std::isnan(at_once[i])) << i << " of " << count;
                if (finite && kind == kind_of_values::usual) {
                    ASSERT_NEAR(static_cast<double>(found[i]), wanted[i], tolerance) << i << " of " << count;
                }
                if (std::isfinite(at_once[i])) {
                    ASSERT_NEAR(found[i], at_once[i], tolerance) << i << " of " << count;
                }
                if (!std::isnan(found[i])) {
                    ASSERT_EQ(found[i], first[i]) << i << ", three threads";
                }
            }
        }
        simd::threads::set_count(1);
    }
}
template <class Net, class Real, int Capacity> void compare(kind_of_values kind = kind_of_values::usual) {
    compare(erased::program_of<program<Net, backend::simd, batch<Capacity>, Real>>(),
            erased::program_of<program<Net, stored, batch<Capacity>, Real>>(),
            // one for all the capacities of a network
            erased::program_of<program<Net, backend::scalar, batch<std::max(Capacity, 5)>, double>>(), kind);
}

TYPED_TEST(prologue, is_where_it_should_be) {
    EXPECT_EQ((prologues<program<TypeParam, backend::simd, batch<5>>>()), TypeParam::expected);
    EXPECT_EQ((prologues<program<TypeParam, stored, batch<5>>>()), 0);
}
TYPED_TEST(prologue, agrees_with_the_oracle) { compare<TypeParam, float, 5>(); }
TYPED_TEST(prologue, of_special_values_does_as_what_is_stored) {
    compare<TypeParam, float, 5>(kind_of_values::special);
}

// vectors of half as many elements: a network of each kind of operation
template <class Net> class prologue_in_double : public testing::Test {};
using nets_in_double = testing::Types<spline_conv, strided, grouped, line, projection, perceptron, sliced, loop>;
TYPED_TEST_SUITE(prologue_in_double, nets_in_double);
TYPED_TEST(prologue_in_double, agrees_with_the_oracle) { compare<TypeParam, double, 3>(); }

// one sample a call, where small products are compiled into it
template <class Net> class prologue_of_one : public testing::Test {};
using small_nets = testing::Types<perceptron, kan_of_layers, sequence, spline_conv>;
TYPED_TEST_SUITE(prologue_of_one, small_nets);
TYPED_TEST(prologue_of_one, agrees_with_the_oracle) {
    EXPECT_EQ((prologues<program<TypeParam, backend::simd, batch<1>>>()), TypeParam::expected);
    compare<TypeParam, float, 1>();
}

// bands one after another, images computed whole, blocks of rows: by the number of samples
NET(many_bands, 1, (spline_bases<8> >> conv<5, 3, same>), 40, 30, 8);
NET(many_rows, 1, (spline_bases<8> >> conv<40, 1>), 28, 28, 9);
NET(wide_bands, 1, (waves >> conv<3, 5, stride<2>, pad<2>>), 45, 31, 40);
template <class Net> class large_prologue : public testing::Test {};
using large_nets = testing::Types<many_bands, many_rows, wide_bands>;
TYPED_TEST_SUITE(large_prologue, large_nets);
TYPED_TEST(large_prologue, agrees_with_the_oracle) {
    static_assert(prologues<program<TypeParam, backend::simd, batch<18>>>() == TypeParam::expected);
    compare<TypeParam, float, 18>();
}
static_assert(program<many_bands, backend::simd, batch<32>>::workspace_bytes * 2 <
              program<many_bands, stored, batch<32>>::workspace_bytes);

// weights that were packed before the call
TEST(prologues, of_folded_networks) {
    struct fast : folded<block> {};
    static_assert(prologues<program<fast, backend::simd, batch<5>>>() == 2);
    model<block, backend::simd, batch<5>> whole(2);
    model<fast, backend::simd, batch<5>> packed;
    fold(whole, packed);
    const auto x = numbers<float>(5 * 7 * 5 * 3);
    const auto wanted = whole(x), found = packed(x);
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-4 * (1 + std::abs(wanted[i])));
}

// What a gradient needs too is stored, once, or computed again: here wherever that is possible.
struct again : backend::simd {
    static constexpr bool computes_again(const graph_view&, const node&, const recomputed_code&) { return true; }
};
template <class Program> constexpr int prologues_of_gradients() {
    int count = 0;
    for (int k = 0; k < Program::steps; ++k) {
        const fused_step& t = Program::order.steps[k];
        count += t.before > 0 && t.anchor > Program::graph.losses[0] && fusion::copies(Program::graph.nodes[t.anchor]);
    }
    return count;
}
template <class Net, class Backend, class Real, int Count>
using trained_program = program<Net, Backend, batch<Count>, Real, training<weighted_outputs>>;

template <class Real> std::vector<Real> gradients_of(const erased::program<Real>& p, int count) {
    erased::run_of<Real> trained(p);
    const auto x = numbers<Real>(static_cast<std::size_t>(count) * static_cast<std::size_t>(p.elements_of_input(0)));
    std::vector<Real> weights(1'000'000, Real(0.5));
    for (std::size_t i = 0; i < weights.size(); i += 3) weights[i] = Real(-0.75);
    trained.set_input(1, weights);
    trained(x, count);
    return {trained.gradients().begin(), trained.gradients().end()};
}
template <class Net, class Backend, class Real, int Capacity> std::vector<Real> gradients_of(int count = Capacity) {
    return gradients_of(erased::program_of<trained_program<Net, Backend, Real, Capacity>>(), count);
}
template <class Real> void compare_gradients(const erased::program<Real>& p, const std::vector<double>& wanted) {
    const auto found = gradients_of(p, p.capacity);
    double largest = 0;
    for (double w : wanted) largest = std::max(largest, std::abs(w));
    EXPECT_GT(largest, 0);
    const double tolerance = (sizeof(Real) == 4 ? 2e-5 : 1e-12) * (1 + largest);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(found[i]), wanted[i], tolerance) << i;
    }
    for (int threads : {2, 5}) {
        simd::threads::set_count(threads);
        EXPECT_EQ(gradients_of(p, p.capacity), found) << threads << " threads";
    }
    simd::threads::set_count(1);
}
template <class Net, class Backend, class Real, int Count> void compare_gradients(const std::vector<double>& wanted) {
    compare_gradients(erased::program_of<trained_program<Net, Backend, Real, Count>>(), wanted);
}

// net, how many gradients of weights have a prologue
#define TRAINED(name, count, layers, ...) NET(name, count, layers, __VA_ARGS__)
TRAINED(two_convolutions, 2, (spline_bases<8> >> conv<5, 3, same> >> spline_bases<4> >> conv<3, 3, same>), 9, 7, 3);
TRAINED(two_layers, 2, (spline_bases<5> >> dense<6> >> chebyshev_bases<4> >> dense<4>), 7);
TRAINED(on_rows, 1, (dense<6> >> spline_bases<3> >> dense<4>), 5, 7);
TRAINED(unpadded_gradient, 1, (conv<4, 1> >> spline_bases<3> >> conv<17, 3>), 6, 5, 4);
TRAINED(strided_gradient, 1, (conv<2, 1> >> chebyshev_bases<3> >> conv<7, 3, stride<2>, dilation<2>, pad<1, 2>>), 11,
        13, 2);
TRAINED(grouped_gradient, 1, (conv<6, 1> >> spline_bases<3> >> conv<6, 3, same, groups<3>>), 7, 9, 6);
TRAINED(depthwise_gradient, 1, (conv<5, 1> >> spline_bases<3> >> depthwise_conv<3, 1, same>), 7, 9, 5);
TRAINED(projected_gradient, 1, (conv<6, 1> >> spline_bases<3> >> conv<9, 1>), 5, 7, 6);
TRAINED(line_gradient, 1, (spline_bases<3> >> conv<5, 4, pad<3, 1>>), 13, 3);
TRAINED(transposed_gradient, 0, (spline_bases<3> >> conv_transpose<4, 3, stride<2>>), 5, 4, 3);
TRAINED(volume_gradient, 0, (spline_bases<3> >> conv<3, 2>), 4, 5, 3, 2);
TRAINED(normalised, 2, (conv<6, 3, same> >> pre_activation<6>), 7, 5, 3);
TRAINED(single_pixel_gradient, 1, (spline_bases<3> >> conv<2, 3, same>), 1, 1, 1);

template <class Net> class trained_prologue : public testing::Test {};
using trained = testing::Types<two_convolutions, two_layers, on_rows, unpadded_gradient, strided_gradient,
                               grouped_gradient, depthwise_gradient, projected_gradient, line_gradient,
                               transposed_gradient, volume_gradient, normalised, single_pixel_gradient>;
TYPED_TEST_SUITE(trained_prologue, trained);
TYPED_TEST(trained_prologue, is_where_it_should_be) {
    EXPECT_EQ((prologues_of_gradients<trained_program<TypeParam, again, float, 3>>()), TypeParam::expected);
    EXPECT_EQ((prologues_of_gradients<trained_program<TypeParam, stored, float, 3>>()), 0);
}
TYPED_TEST(trained_prologue, has_the_gradients_of_the_oracle) {
    const auto wanted = gradients_of<TypeParam, backend::scalar, double, 3>();
    compare_gradients<TypeParam, again, double, 3>(wanted);
    compare_gradients<TypeParam, again, float, 3>(wanted);
    compare_gradients<TypeParam, backend::simd, double, 3>(wanted);
}
template <class Net> class trained_prologue_of_one : public testing::Test {};
using trained_by_one = testing::Types<two_convolutions, two_layers, strided_gradient, single_pixel_gradient>;
TYPED_TEST_SUITE(trained_prologue_of_one, trained_by_one);
TYPED_TEST(trained_prologue_of_one, has_the_gradients_of_the_oracle) {
    compare_gradients<TypeParam, again, float, 1>(gradients_of<TypeParam, backend::scalar, double, 3>(1));
}

// many bands of a slice, one slice, blocks of columns, slices of a long sum
TRAINED(many_bands_gradient, 1, (spline_bases<8> >> conv<5, 3, same>), 27, 18, 8);
TRAINED(strided_bands_gradient, 1, (waves >> conv<3, 5, stride<2>, pad<2>>), 45, 31, 40);
TRAINED(one_slice, 1, (waves >> conv<256, 3, same>), 9, 13, 230);
TRAINED(many_columns, 1, (spline_bases<8> >> dense<5>), 800);
TRAINED(sliced_gradient, 1, (spline_bases<8> >> dense<9>), 300, 7);
template <class Net> class large_trained_prologue : public testing::Test {};
using large_trained =
    testing::Types<many_bands_gradient, strided_bands_gradient, one_slice, many_columns, sliced_gradient>;
TYPED_TEST_SUITE(large_trained_prologue, large_trained);
TYPED_TEST(large_trained_prologue, has_the_gradients_of_what_is_stored) {
    constexpr int count = std::is_same_v<TypeParam, one_slice> ? 2 : std::is_same_v<TypeParam, many_columns> ? 70 : 9;
    static_assert(prologues_of_gradients<trained_program<TypeParam, again, double, count>>() == TypeParam::expected);
    const auto wanted = gradients_of<TypeParam, stored, double, count>();
    compare_gradients<TypeParam, again, double, count>(wanted);
    compare_gradients<TypeParam, again, float, count>(wanted);
}

// what is kept from the forward half to the other, and is as large as all functions: nothing
static_assert(trained_program<many_bands_gradient, backend::simd, float, 32>::workspace_bytes * 2 <
              trained_program<many_bands_gradient, stored, float, 32>::workspace_bytes);

}  // namespace
