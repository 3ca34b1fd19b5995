// relayout: values in another arrangement are the same values. Who takes the arrangement reads it, others read what it is
// made of; both backends, batches, loops, streams, gradients, folding.
#include <tessera/ir/operations/relayout.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>
#include <tessera/program/plan_table.hpp>
#include <tessera/summary.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../../erased_program.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// of a program, relayouts with memory of their own
template <class Program> constexpr int arranged() {
    int count = 0;
    for (int i = 0; i < Program::nodes; ++i)
        count += Program::graph.nodes[i].kind == op::relayout && Program::order.view[i];
    return count;
}
template <class Net> inline constexpr int arranged_in = arranged<program<Net, backend::simd, batch<3>>>();

std::vector<float> inputs(int count) {
    std::vector<float> x(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i)));
    return x;
}

// in both widths, as the oracle, whose results no capacity changes
void expect_agreement(const erased::program<float>& in_float, const erased::program<double>& in_double,
                      const erased::program<double>& exact) {
    SCOPED_TRACE(in_float.capacity);
    erased::run_of<float> single(in_float);
    erased::run_of<double> precise(in_double), oracle(exact);
    for (int samples : {in_float.capacity, 1, in_float.capacity}) {
        const std::vector<float> x = inputs(samples * in_float.elements_of_input(0));
        const std::vector<double> same(x.begin(), x.end());
        const auto y = single(x, samples);
        const auto z = precise(same, samples), wanted = oracle(same, samples);
        ASSERT_EQ(y.size(), wanted.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            EXPECT_NEAR(y[i], wanted[i], 2e-5) << i;
            EXPECT_NEAR(z[i], wanted[i], 1e-12) << i;
        }
    }
}
template <class Net, int Batch> void agrees() {
    expect_agreement(erased::program_of<program<Net, backend::simd, batch<Batch>>>(),
                     erased::program_of<program<Net, backend::simd, batch<Batch>, double>>(),
                     erased::program_of<program<Net, backend::scalar, batch<3>, double>>());
}
template <class Net> void agrees_in_batches() {
    agrees<Net, 1>();
    agrees<Net, 3>();
}

std::vector<double> gradients_of(const erased::program<double>& p, int outputs) {
    erased::run_of<double> trained(p);
    const std::vector<float> given = inputs(3 * p.elements_of_input(0));
    const std::vector<double> x(given.begin(), given.end());
    std::vector<double> wanted(static_cast<std::size_t>(3 * outputs));
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = std::cos(static_cast<double>(i));
    trained.set_input(1, wanted);
    trained(x, 3);
    return {trained.gradients().begin(), trained.gradients().end()};
}
template <class Net, class Backend> std::vector<double> gradients_by() {
    return gradients_of(erased::program_of<program<Net, Backend, batch<3>, double, training<squared_error>>>(),
                        Net::table.nodes[Net::table.outputs[0]].shape.size());
}
template <class Net> void trains() {
    EXPECT_LT(gradient_check<Net>().error, 1e-6);
    const auto found = gradients_by<Net, backend::simd>(), oracle = gradients_by<Net, backend::scalar>();
    for (std::size_t i = 0; i < oracle.size(); ++i)
        EXPECT_NEAR(found[i], oracle[i], 1e-10 * std::max(1.0, std::abs(oracle[i]))) << i;
}

// where elements are
constexpr relayout_attributes channels_first{{2, 0, 1}, 1}, in_rows_of_16{{0, 1, 2}, 16};
static_assert([] {
    const layout l = channels_first.arrange({4, 5, 3}, true);
    return l.stride[3] == 20 && l.stride[1] == 5 && l.stride[2] == 1 && l.stride[0] == 60;
}());
static_assert([] {
    const layout l = in_rows_of_16.arrange({4, 5, 3}, true);
    return l.stride[3] == 1 && l.stride[2] == 16 && l.stride[1] == 80 && l.stride[0] == 320;
}());
static_assert(in_rows_of_16.elements({4, 5, 3}) == 320 && channels_first.elements({4, 5, 3}) == 60);
static_assert(channels_first.is_row_major({1, 1, 7}, true) && !channels_first.is_row_major({2, 1, 7}, true));
static_assert(in_rows_of_16.is_row_major({2, 2, 32}, true) && !in_rows_of_16.is_row_major({1, 1, 7}, true));
static_assert(in_rows_of_16.is_row_major({1, 1, 7}, false), "one row alone; what is behind it is nobody's");

// rows of 33 begin at lines; channels are read as rows
struct rows_apart : network<[](value x) {  // (4, 3, 33)
    const value y = relayout(relu(dense<33>(x)), {0, 1, 2}, 16);
    return dense<5>(y) + sum(y * 0.5F + square(y), last, keep_axes);
},
                            shape<4, 3, 6>> {};
static_assert(arranged_in<rows_apart> == 1);
struct channels_outside : network<[](value x) {  // (5, 7, 3) as (3, 5, 7)
    const value y = relayout(x * 2.0F, {2, 0, 1});
    const value w = parameter("w", {5, 7, 4}, initial::normal(0.3)).with(x);
    return einsum("hwc,hwk->ck", y, w);
},
                                  shape<5, 7, 3>> {};
static_assert(arranged_in<channels_outside> == 1);
TEST(relayout, is_the_same_value) {
    agrees_in_batches<rows_apart>();
    agrees_in_batches<channels_outside>();
}
TEST(relayout, has_the_gradient_of_its_operand) {
    trains<rows_apart>();
    trains<channels_outside>();
}

// planned with its padding: 12 rows of 48 in three samples
template <class Program> constexpr long bytes_of_relayout() {
    for (int i = 0; i < Program::nodes; ++i)
        if (Program::graph.nodes[i].kind == op::relayout)
            return elements_in_memory(Program::view(), i) * Program::capacity * 4;
    return 0;
}
static_assert(bytes_of_relayout<program<rows_apart, backend::simd, batch<3>>>() == 3 * 12 * 48 * 4);
static_assert(program<rows_apart, backend::simd, batch<3>>::workspace_bytes >= 3 * 12 * (48 + 5) * 4);
static_assert(program<rows_apart, backend::simd>::runs_natively);

// softmax reads rows one after another, and so does the caller
struct read_both_ways : network<[](value x) {
    const value y = relayout(tanh(x), {0, 1}, 64);
    return concatenate({softmax(y) + y, dense<4>(y)});
},
                                shape<3, 40>> {};
static_assert(arranged_in<read_both_ways> == 1);
struct for_the_caller : network<[](value x) { return relayout(tanh(x), {1, 0}); }, shape<3, 5>> {};
struct of_an_input : network<[](value x) { return relayout(x, {1, 0}, 4); }, shape<3, 5>> {};
struct for_softmax : network<[](value x) { return softmax(relayout(x, {1, 0}, 4)); }, shape<3, 5>> {};
static_assert(arranged_in<for_the_caller> == 0 && arranged_in<of_an_input> == 0 && arranged_in<for_softmax> == 0);
static_assert(program<for_softmax, backend::simd>::steps == 1 && program<for_softmax, backend::scalar>::steps == 1);
static_assert(program<for_the_caller, backend::simd>::steps == 1);
TEST(relayout, others_read_what_it_is_made_of) {
    agrees_in_batches<for_the_caller>();
    agrees_in_batches<of_an_input>();
    agrees_in_batches<for_softmax>();
    agrees_in_batches<read_both_ways>();
}
inline constexpr auto named_rows = named<"rows">([](value x) { return relayout(tanh(x), {0, 1}, 64); }) >>
                                   layer<[](value y) { return softmax(y) + y; }>;
struct with_named_rows : network<named_rows, shape<3, 40>> {};
TEST(relayout, as_a_tap) {
    model<with_named_rows, backend::simd, batch<2>, tapped<"rows">> m;
    const auto x = inputs(2 * 3 * 40);
    m(x);
    const auto seen = m.tap<"rows">();
    ASSERT_EQ(seen.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(seen[i], std::tanh(x[i]), 1e-6);
}

// parts of it, it in another order, under other extents, and in a line of windows
struct viewed : network<[](value x) {  // (6, 4, 40)
    const value y = relayout(x, {1, 0, 2}, 32);
    const value turned = permute(y, {1, 0, 2});  // (4, 6, 40)
    return dense<3>(slice(turned, 1, 1, 4)) + dense<3>(slice(turned, 1, 2, 4) * 2.0F) +
           dense<3>(reshape(slice(y, 0, 1, 4), {4, 4, 40}));
},
                        shape<6, 4, 40>> {};
static_assert(arranged_in<viewed> == 1);
struct of_a_part
    : network<[](value x) { return dense<3>(relayout(slice(permute(x, {1, 0, 2}), -1, 3, 33), {0, 1, 2}, 8)); },
              shape<5, 3, 40>> {};
static_assert(arranged_in<of_a_part> == 1);
TEST(relayout, has_views_and_is_of_views) {
    agrees_in_batches<viewed>();
    agrees_in_batches<of_a_part>();
    trains<viewed>();
    trains<of_a_part>();
}

// images, whose rows or channels are padded
struct image : network<[](value x) {  // (7, 5, 17)
    const value y = relayout(x, {0, 1, 2}, 16), columns = relayout(x, {1, 0, 2});
    return conv<4, 3, same>(y) + relu(conv<4, 1>(columns)) + conv<4, 3, same>(columns);
},
                       shape<7, 5, 17>> {};
static_assert(arranged_in<image> == 2);
TEST(relayout, of_images) {
    agrees_in_batches<image>();
    trains<image>();
}

// extents of 1, a single row, a number
struct ones : network<[](value x) {  // (1, 6, 1, 1)
    const value y = relayout(x, {3, 1, 2, 0}, 3), z = relayout(x, {3, 2, 1, 0});
    return einsum("abcd,b->bd", y, parameter("w", {6}, initial::normal(1)).with(x)) + sum(z, all) * x +
           relayout(sum(x, all), {}) * z;
},
                      shape<1, 6, 1, 1>> {};
struct a_row : network<[](value x) { return dense<4>(relayout(x, {0}, 16)); }, shape<5>> {};
static_assert(arranged_in<a_row> == 1);
TEST(relayout, of_extents_of_one) {
    agrees_in_batches<ones>();
    agrees_in_batches<a_row>();
    trains<ones>();
    trains<a_row>();
}

// what is row-major is no relayout, of a relayout there is the last, and equal ones are one
template <class Net, class Mode = inference> constexpr int relayouts() {
    int count = 0;
    for (int i = 0; i < program<Net, backend::simd, Mode>::nodes; ++i)
        count += program<Net, backend::simd, Mode>::graph.nodes[i].kind == op::relayout;
    return count;
}
struct there_and_back
    : network<[](value x) { return dense<4>(relayout(relayout(x, {1, 0}, 4), {0, 1})); }, shape<3, 5>> {};
struct to_row_major : network<[](value x) { return dense<4>(relayout(x, {0, 1}, 8)); }, shape<3, 16>> {};
struct twice : network<[](value x) {
    return dense<4>(relayout(relayout(x, {1, 0}), {0, 1}, 8)) + dense<4>(relayout(x, {0, 1}, 8));
},
                       shape<3, 5>> {};
static_assert(relayouts<there_and_back>() == 0 && relayouts<to_row_major>() == 0 && relayouts<twice>() == 1);
TEST(relayout, simplified) {
    agrees_in_batches<there_and_back>();
    agrees_in_batches<to_row_major>();
    agrees_in_batches<twice>();
}

// loops: read from outside, whole and by its items, and made in one
struct in_loops : network<[](value x) {  // (5, 33)
    const value w = relayout(parameter("w", {33, 33}, initial::normal(0.1)).with(x), {1, 0}, 16);
    const value items = relayout(x * 0.5F, {0, 1}, 16);
    return scan(
        [&](value h, value item) {
            const value now = relayout(tanh(einsum("c,co->o", h, w) + item), {0}, 64);
            return now * 0.5F + einsum("o,oc->c", now, w);
        },
        reshape(slice(x, 0, 0, 1), {33}), items);
},
                          shape<5, 33>> {};
static_assert(arranged_in<in_loops> >= 2);
struct of_a_carry : network<[](value x) {  // (6, 32)
    return scan([](value h, value item) { return relayout(h, {0}, 4) * 0.5F + item; }, reshape(slice(x, 0, 0, 1), {32}),
                x);
},
                            shape<6, 32>> {};
TEST(relayout, in_loops) {
    agrees_in_batches<in_loops>();
    agrees_in_batches<of_a_carry>();
    trains<in_loops>();
    trains<of_a_carry>();
}
TEST(relayout, in_streams) {
    struct net : network<[](value x) { return lstm<32>(dense<12>(relayout(x, {0, 1}, 16))); }, shape<6, 12>> {};
    model<net, backend::simd, streaming> m(3);
    model<net, backend::scalar_on_heap, streaming> also(3);
    model<net, backend::scalar_on_heap> whole(3);
    const auto x = inputs(72);
    const auto wanted = whole(x);
    for (std::size_t t = 0; t < 6; ++t) {
        const auto frame = std::span(x).subspan(12 * t, 12);
        const auto y = m(frame), z = also(frame);
        for (std::size_t k = 0; k < 32; ++k) {
            EXPECT_NEAR(y[k], wanted[32 * t + k], 1e-5);
            EXPECT_NEAR(z[k], wanted[32 * t + k], 1e-5);
        }
    }
}

// numbers that are no numbers, and zeros with a sign, pass as they are; padding is read by none
TEST(relayout, of_special_numbers) {
    struct net : network<[](value x) { return relayout(x, {1, 0}, 16) * 1.5F; }, shape<40, 2>> {};
    static_assert(arranged<program<net, backend::simd, batch<3>>>() == 0, "columns of two are copied");
    struct rows : network<[](value x) { return relayout(x * 1.0F + 0.0F, {0, 1}, 64) * 1.5F; }, shape<2, 40>> {};
    static_assert(arranged_in<rows> == 1);
    model<rows, backend::simd, batch<2>> m;
    model<rows, backend::scalar, batch<2>> oracle;
    auto x = inputs(160);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    x[39] = infinity;
    x[40] = -infinity;
    x[79] = std::numeric_limits<float>::quiet_NaN();
    x[80] = -0.0F;
    const auto y = m(x), wanted = oracle(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_EQ(std::isnan(y[i]), i == 79) << i;
        if (i == 79) continue;
        EXPECT_EQ(y[i], wanted[i]) << i;
        EXPECT_EQ(std::signbit(y[i]), std::signbit(wanted[i])) << i;
    }
}

// while compiling: of constants, which stay as they are, and of what a folded network computes once
struct of_constants
    : network<[](value x) { return x * relayout(constant({1, 2, 3, 4, 5, 6}, {2, 3}).with(x), {1, 0}, 4); },
              shape<2, 3>> {};
static_assert(relayouts<of_constants>() == 0);
static_assert([] {
    constexpr model<of_constants, backend::scalar> m{};
    auto copy = m;
    const float x[] = {1, 1, 1, 1, 1, 2};
    const auto y = copy(x);
    return y[0] == 1 && y[4] == 5 && y[5] == 12;
}());
struct of_parameters : network<[](value x) {
    const value w = relayout(parameter("w", {33, 4}, initial::normal(1)).with(x) * 2.0F, {1, 0}, 16);
    return einsum("ti,io->to", x, w);
},
                               shape<3, 33>> {};
TEST(relayout, folded) {
    agrees_in_batches<of_constants>();
    agrees_in_batches<of_parameters>();
    model<of_parameters, backend::scalar> m(7);
    struct once : folded<of_parameters> {};
    model<once, backend::simd> f;
    fold(m, f);
    const auto x = inputs(99);
    const auto wanted = m(x), y = f(x);
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(y[i], wanted[i], 1e-5);
}

TEST(relayout, printed) {
    using with_strides = program<rows_apart, backend::simd>;
    using without = program<rows_apart, backend::scalar>;
    EXPECT_NE(plan_table<with_strides>().find("relayout"), std::string::npos);
    EXPECT_EQ(plan_table<without>().find("relayout"), std::string::npos);
    EXPECT_NE(summary<rows_apart>().find("(4, 3, 5)"), std::string::npos);
}

}  // namespace
