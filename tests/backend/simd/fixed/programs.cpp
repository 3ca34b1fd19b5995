// Programs of one sample whose steps are small run kernels of constant extents: which ones do, and that they compute
// what the oracle does, of every width of a result, with operands of any strides, and what is special among numbers.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "agreement.hpp"

namespace {

using namespace tessera;
using namespace tessera::fixed_kernels;

struct perceptron : network<(dense<64> >> relu >> dense<64> >> relu >> dense<4>), shape<13>> {};
struct frame_by_frame : network<(lstm<16> >> dense<1>), shape<1, 1>> {};
struct gated : network<(gru<16> >> dense<3>), shape<1, 5>> {};
struct large : network<(dense<300> >> relu >> dense<300>), shape<20>> {};
struct image : network<(conv<3, 3> >> relu >> flatten >> dense<5>), shape<6, 6, 2>> {};

TEST(fixed, is_what_small_steps_of_small_programs_of_one_sample_are) {
    static_assert(count_of<small_program<perceptron>>(fixed_form::product) == 3);
    static_assert(!any_width || count_of<small_program<frame_by_frame, float, streaming>>(fixed_form::none) == 0);
    static_assert(!any_width || count_of<small_program<gated, double, streaming>>(fixed_form::none) == 0);
    static_assert(!any_width || count_of<small_program<image>>(fixed_form::none) == 0);
    using of_few = program<perceptron, backend::simd, batch<simd::fixed_limits::capacity>>;
    static_assert(!any_width || count_of<of_few>(fixed_form::none) == 0);
    using of_more = program<perceptron, backend::simd, batch<simd::fixed_limits::capacity + 1>>;
    static_assert(count_of<of_more>(fixed_form::none) == of_more::steps);
    using of_few_in_training = program<perceptron, backend::simd, batch<2>, training<squared_error>>;
    static_assert(count_of<of_few_in_training>(fixed_form::none) > 0 &&
                  !simd::fixed_forms<of_few_in_training, arch>.any);
    static_assert(count_of<small_program<large>>(fixed_form::none) == small_program<large>::steps);
    // weights that are read in place are not packed
    struct fast : folded<perceptron> {};
    static_assert(model<fast>::packed_bytes == 0);
}

// every number of columns around vectors and halves, a few rows, inner extents around chains
template <int Rows, int In, int Out> inline constexpr auto mapped = dense<Out> >> layer<tessera::tanh>;
template <int Rows, int In, int Out> struct map_of : network<mapped<Rows, In, Out>, shape<Rows, In>> {};
template <int Out> void of_columns() {
    static_assert(!any_width || count_of<small_program<map_of<1, 5, Out>>>(fixed_form::none) == 0);
    expect_agreement_of_both<map_of<1, 5, Out>>();
    expect_agreement<map_of<3, 17, Out>, float>();
}
TEST(fixed, products_of_any_width) {
    [&]<int... N>(std::integer_sequence<int, N...>) {
        (of_columns<N + 1>(), ...);
    }(std::make_integer_sequence<int, 18>{});
    of_columns<24>();
    of_columns<31>();
    of_columns<33>();
    of_columns<64>();
    of_columns<75>();
}
TEST(fixed, products_of_any_depth_and_height) {
    expect_agreement_of_both<map_of<1, 1, 9>>();
    expect_agreement_of_both<map_of<1, 64, 1>>();
    expect_agreement_of_both<map_of<1, 135, 1>>();
    expect_agreement_of_both<map_of<1, 200, 2>>();
    expect_agreement_of_both<map_of<2, 3, 70>>();
    expect_agreement_of_both<map_of<7, 8, 6>>();
    expect_agreement_of_both<map_of<13, 2, 1>>();
    expect_agreement_of_both<map_of<9, 1, 16>>();
}

// operands in other orders
template <fixed_text Equation, int... Weight>
inline constexpr auto einsum_of = [](value x) {
    return relu(einsum(Equation.view(), x, parameter("weight", {Weight...}, initial::kaiming(9)).with(x)) + 0.25);
};
template <fixed_text Equation, class Input, int... Weight>
struct einsum_net : network<(identity >> einsum_of<Equation, Weight...>), Input> {};
TEST(fixed, products_of_operands_in_any_order) {
    using columns = einsum_net<"i,oi->o", shape<37>, 19, 37>;  // sums along lanes
    static_assert(count_of<small_program<columns>>(fixed_form::dots) == 1);
    expect_agreement_of_both<columns>();
    expect_agreement_of_both<einsum_net<"i,oi->o", shape<37>, 50, 37>>();
    expect_agreement_of_both<einsum_net<"ti,oi->to", shape<4, 21>, 5, 21>>();
    expect_agreement_of_both<einsum_net<"ti,io->ot", shape<4, 21>, 21, 5>>();
    expect_agreement_of_both<einsum_net<"it,io->to", shape<6, 4>, 6, 5>>();
    expect_agreement_of_both<einsum_net<"hti,hio->hto", shape<3, 4, 5>, 3, 5, 6>>();
    expect_agreement_of_both<einsum_net<"i,o->io", shape<7>, 9>>();
    expect_agreement_of_both<einsum_net<"ti,i->t", shape<9, 33>, 33>>();
    expect_agreement_of_both<einsum_net<"i,i->", shape<50>, 50>>();
    expect_agreement_of_both<einsum_net<"tic,ico->to", shape<2, 3, 4>, 3, 4, 18>>();
}

// copies and loops: parts, other orders, operands that repeat
inline constexpr auto parts = [](value x) {  // (2, 3, 4)
    const value left = slice(x, 1, 0, 2), right = slice(x, 1, 1, 2);
    const value turned = permute(x, {1, 0, 2});
    return concatenate({exp(left) * right, right, right, turned}, 0);  // (9, 2, 4), copied: a part is there twice
};
inline constexpr auto repeats = [](value x) {  // (3, 20)
    const value row = parameter("row", {20}).with(x), column = parameter("column", {3, 1}).with(x);
    return tanh(x * row + column) / (abs(x) + 1.5);
};
inline constexpr auto epilogue_of_parts = [](value x) {  // (3, 4, 8): columns of the product lie in more than one block
    const value y = einsum("i,iabc->abc", x, parameter("weight", {5, 3, 4, 8}, initial::kaiming(5)).with(x));
    return tanh(y + parameter("last", {8}).with(x)) * parameter("middle", {4, 1}).with(x);
};
struct cut_up : network<(identity >> parts), shape<2, 3, 4>> {};
struct repeating : network<(identity >> repeats), shape<3, 20>> {};
struct in_blocks : network<(identity >> epilogue_of_parts), shape<5>> {};
TEST(fixed, loops_and_copies) {
    static_assert(count_of<small_program<repeating>>(fixed_form::loop) >= 1);
    static_assert(count_of<small_program<cut_up>>(fixed_form::copy) >= 4);
    expect_agreement_of_both<cut_up>();
    expect_agreement_of_both<repeating>();
    expect_agreement_of_both<in_blocks>();
}

struct sequence : network<(lstm<16> >> gru<9, from_the_end> >> dense<2>), shape<7, 3>> {};
TEST(fixed, loops_over_time) {
    static_assert(!any_width || count_of<small_program<sequence>>(fixed_form::none) <= 4);  // the marks of both
    static_assert(count_of<small_program<sequence>>(fixed_form::copy) >= 6);
    expect_agreement_of_both<sequence>(3);
}

TEST(fixed, streams) {
    expect_agreement_of_both<frame_by_frame, streaming>(20);
    expect_agreement_of_both<gated, streaming>(20);
}

TEST(fixed, passes_on_what_is_special) {
    model<perceptron> m(1);
    std::vector<float> x(13, 0.5f);
    x[12] = std::numeric_limits<float>::quiet_NaN();
    for (const float y : m(x)) EXPECT_TRUE(std::isnan(y));
    x[12] = std::numeric_limits<float>::infinity();
    model<map_of<1, 13, 9>> n(1);
    const std::vector<float> y(n(x).begin(), n(x).end());
    for (int k = 0; k < 9; ++k) {
        const float weight = n.parameters()[static_cast<std::size_t>(12 * 9 + k)];
        EXPECT_EQ(y[static_cast<std::size_t>(k)], weight > 0 ? 1.f : -1.f) << k;
    }
}

// An input that ends where memory ends: nothing behind it is read.
TEST(fixed, reads_no_element_behind_an_operand) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const room = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(room, MAP_FAILED);
    ASSERT_EQ(mprotect(static_cast<char*>(room) + page, page, PROT_NONE), 0);
    float* const end = reinterpret_cast<float*>(static_cast<char*>(room) + page);
    const auto call = [&](auto m, std::size_t size) {
        std::span<float> x(end - size, size);
        std::ranges::fill(x, 0.5f);
        const std::vector<float> y(m(x).begin(), m(x).end());
        const std::vector<float> elsewhere(size, 0.5f), wanted(m(elsewhere).begin(), m(elsewhere).end());
        EXPECT_EQ(y, wanted);
    };
    call(model<perceptron>(1), 13);
    call(model<repeating>(1), 60);
    call(model<einsum_net<"i,oi->o", shape<37>, 19, 37>>(1), 37);
    munmap(room, 2 * page);
}

}  // namespace
