// view: what is read where it is, and what is copied; either way the numbers are those of copies and of the oracle. Batches
// of one and of several, calls one after another, loops, streams, gradients.
#include <tessera/passes/view.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/unfold.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../erased_program.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct copying : backend::simd {
    static constexpr bool takes_view(const graph_view&, const node&, int, const layout&) { return false; }
};

// of one kind, of those that are left
template <class Program> constexpr int views(op kind) {
    int count = 0;
    for (int i = 0; i < Program::nodes; ++i) count += Program::order.view[i] && Program::graph.nodes[i].kind == kind;
    return count;
}
template <class Program> constexpr int copies(op kind) {
    int count = 0;
    for (int k = 0; k < Program::steps; ++k) {
        const int a = Program::order.steps[k].anchor;
        count += a >= 0 && Program::graph.nodes[a].kind == kind;
    }
    return count;
}

using erased_net = erased::program<float>;
template <class Net, class Backend, int Samples>
constexpr erased_net erased_of = erased::program_of<program<Net, Backend, batch<Samples>>>();

std::vector<float> waves(std::size_t count, double phase = 0) {
    std::vector<float> x(count);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i) + phase));
    return x;
}

// as what copies, and as the oracle
void expect_agreement(const erased_net& of, const erased_net& with_copies, const erased_net& exact) {
    SCOPED_TRACE(of.capacity);
    erased::run_of<float> tested(of), apart(with_copies), oracle(exact);
    const auto size = static_cast<std::size_t>(of.elements_of_input(0));
    for (int samples : {of.capacity, 1, of.capacity}) {
        const std::vector<float> x = waves(size * static_cast<std::size_t>(samples), samples);
        const auto found = tested(x, samples), copied = apart(x, samples), wanted = oracle(x, samples);
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            EXPECT_NEAR(found[i], wanted[i], 2e-5) << i;
            EXPECT_NEAR(found[i], copied[i], 1e-5) << i;
        }
    }
}
// a program for each capacity, one that copies, and the oracle, whose results no capacity changes
template <class Net> void agrees_in_batches() {
    constexpr auto &apart = erased_of<Net, copying, 3>, &oracle = erased_of<Net, backend::scalar, 3>;
    expect_agreement(erased_of<Net, backend::simd, 3>, apart, oracle);
    expect_agreement(erased_of<Net, backend::simd, 1>, apart, oracle);
}

inline constexpr auto halves = [](value x) { return slice(x, -1, 0, 32) * tanh(slice(x, -1, 32, 32)); };
struct gated : network<halves, shape<4, 64>> {};
static_assert(views<program<gated, backend::simd>>(op::slice) == 2 && program<gated, backend::simd>::steps == 1);
static_assert(views<program<gated, backend::scalar>>(op::slice) == 0, "reference implementations know no strides");
TEST(view, of_an_input) { agrees_in_batches<gated>(); }

inline constexpr auto short_rows = [](value x) { return slice(x, -1, 0, 3) * slice(x, -1, 3, 3); };
struct of_short_rows : network<short_rows, shape<40, 6>> {};
static_assert(views<program<of_short_rows, backend::simd>>(op::slice) == 0, "rows of three would be blocks of three");
TEST(view, short_rows_are_copied) { agrees_in_batches<of_short_rows>(); }

inline constexpr auto every_other = [](value x) { return slice(x, -1, 0, 32, 2) * slice(x, -1, 63, 32, -2); };
struct of_steps : network<every_other, shape<2, 64>> {};
static_assert(views<program<of_steps, backend::simd>>(op::slice) == 0);
TEST(view, gaps_along_the_last_axis_are_copied) { agrees_in_batches<of_steps>(); }

inline constexpr auto one_column = [](value x) { return x * slice(x, -1, 7, 1) + slice(x, 0, 2, 1); };
struct of_one_column : network<one_column, shape<5, 40>> {};
static_assert(views<program<of_one_column, backend::simd>>(op::slice) == 2, "stretched over the axes that it lacks");
TEST(view, stretched) { agrees_in_batches<of_one_column>(); }

struct of_a_parameter : network<[](value x) {
    const value w = parameter("w", {4, 64}).with(x);
    return x * slice(w, -1, 0, 32) + slice(w, -1, 32, 32);
},
                                shape<4, 32>> {};
static_assert(views<program<of_a_parameter, backend::simd>>(op::slice) == 2);
TEST(view, of_a_parameter) { agrees_in_batches<of_a_parameter>(); }

// of a result that would else be gone before its parts are read
inline constexpr auto outlived = [](value x) {
    const value y = dense<128>(x);
    const value first = dense<64>(relu(y));
    const value second = dense<64>(tanh(first)) + slice(y, -1, 0, 64);
    return dense<64>(second) * slice(y, -1, 64, 64);
};
struct of_a_result : network<outlived, shape<6, 16>> {};
static_assert(views<program<of_a_result, backend::simd>>(op::slice) == 2);
TEST(view, after_its_source_would_have_died) { agrees_in_batches<of_a_result>(); }

// the source dies in the loop that reads the view, and elements are read after others have been written
inline constexpr auto exchanged = [](value x) {
    const value y = relu(dense<32>(x));
    return dense<8>(y * 0.5F + permute(y, {1, 0, 2}));
};
struct in_place : network<exchanged, shape<3, 3, 8>> {};
static_assert(views<program<in_place, backend::simd>>(op::permute) == 1);
TEST(view, nothing_is_written_over_it) { agrees_in_batches<in_place>(); }

TEST(view, of_a_view) {
    struct cut : network<[](value x) {
        const value turned = slice(permute(x, {1, 0, 2}), 1, 1, 2);  // (4, 2, 64)
        return tanh(reshape(slice(turned, 2, 0, 32), {4, 2, 4, 8})) * 2.0F +
               reshape(slice(turned, 2, 32, 32), {4, 2, 4, 8});
    },
                         shape<3, 4, 64>> {};
    static_assert(views<program<cut, backend::simd>>(op::permute) == 1);
    static_assert(views<program<cut, backend::simd>>(op::slice) == 3);
    static_assert(views<program<cut, backend::simd>>(op::reshape) == 2);
    static_assert(program<cut, backend::simd>::steps == 1);
    agrees_in_batches<cut>();
}

TEST(view, what_the_caller_reads_is_none) {
    struct part : network<[](value x) { return slice(x, 0, 1, 2); }, shape<3, 32>> {};
    static_assert(views<program<part, backend::simd>>(op::slice) == 0);
    agrees_in_batches<part>();
    struct renamed : network<[](value x) { return reshape(slice(dense<64>(x), -1, 32, 32), {32, 3}); }, shape<3, 8>> {};
    static_assert(views<program<renamed, backend::simd>>(op::slice) == 0);
    agrees_in_batches<renamed>();
    static constexpr auto cut_then = named<"cut">([](value x) { return slice(x, 0, 1, 2); }) >> layer<tanh>;
    struct tapped_part : network<cut_then, shape<3, 32>> {};
    using plain = program<tapped_part, backend::simd>;
    using read = program<tapped_part, backend::simd, tapped<"cut">>;
    static_assert(views<plain>(op::slice) == 1 && views<read>(op::slice) == 0);
    agrees_in_batches<tapped_part>();
}

// a state that the call changes: what reads it does so before
struct delay : network<[](value x) {
    const value kept = state("kept", {128}).with(x);
    const value newest = batch_mean(x);
    update(kept, concatenate({slice(kept, 0, 64, 64), newest}));
    return x * slice(kept, 0, 0, 64);
},
                       shape<64>> {};
static_assert(views<program<delay, backend::simd>>(op::slice) == 2);
TEST(view, of_a_state) { agrees_in_batches<delay>(); }

struct turning : network<[](value x) {
    const value kept = state("kept", {2, 2, 32}, initial::constant(0.5)).with(x);
    update(kept, permute(kept, {1, 0, 2}) * 0.5F + kept * kept + batch_mean(x));
    return x * kept;
},
                         shape<2, 2, 32>> {};
static_assert(views<program<turning, backend::simd>>(op::permute) == 1);
TEST(view, of_a_state_that_is_written_where_it_is) { agrees_in_batches<turning>(); }

// products
struct of_products : network<[](value x) {  // (7, 96)
    const value w = parameter("w", {24, 96}).with(x);
    return einsum("tc,oc->to", slice(x, -1, 32, 32), slice(w, -1, 0, 32));
},
                             shape<7, 96>> {};
static_assert(views<program<of_products, backend::simd>>(op::slice) == 2);
TEST(view, of_operands_of_a_product) { agrees_in_batches<of_products>(); }

struct heads : network<[](value x) {  // (9, 3 * 2 * 16)
    const value all = reshape(dense<96>(x), {9, 3, 2, 16});
    const auto part = [&](int k) { return reshape(slice(all, 1, k, 1), {9, 2, 16}); };
    return attend(part(0), part(1), part(2), {.scale = 0.25});
},
                       shape<9, 20>> {};
static_assert(views<program<heads, backend::simd>>(op::slice) == 3);
TEST(view, of_operands_of_attention) { agrees_in_batches<heads>(); }

// images: channels of one, a part of one, pixels turned
struct halves_of_an_image : network<[](value x) {  // (7, 6, 32)
    const value a = slice(x, -1, 0, 16), b = slice(x, -1, 16, 16);
    return relu(conv<8, 3, pad<1>>(a)) + conv<8, 1>(b);
},
                                    shape<7, 6, 32>> {};
static_assert(views<program<halves_of_an_image, backend::simd>>(op::slice) == 2);
struct inside_of_an_image : network<[](value x) {  // (9, 8, 20)
    const value cut = slice(slice(x, 0, 1, 6), 1, 7, 4, -2);
    return conv<8, 3, stride<2>>(slice(permute(cut, {1, 0, 2}), -1, 1, 16)) +
           conv<8, 3, stride<2>>(slice(permute(cut, {1, 0, 2}), -1, 0, 16));
},
                                    shape<9, 8, 20>> {};
static_assert(views<program<inside_of_an_image, backend::simd>>(op::slice) == 4);
struct part_of_a_line : network<[](value x) { return conv<4, 3>(slice(x, 0, 2, 7)); }, shape<11, 3>> {};
static_assert(views<program<part_of_a_line, backend::simd>>(op::slice) == 1);
struct few_channels : network<[](value x) { return conv<4, 3>(slice(x, -1, 1, 2)); }, shape<11, 5>> {};
static_assert(views<program<few_channels, backend::simd>>(op::slice) == 0, "a row of taps would be three of two each");
struct pixels_apart : network<[](value x) { return conv<4, 1>(slice(x, 0, 0, 3)); }, shape<4, 5, 3>> {};
static_assert(views<program<pixels_apart, backend::simd>>(op::slice) == 0, "samples are no rows of one matrix");
TEST(view, of_images) {
    agrees_in_batches<halves_of_an_image>();
    agrees_in_batches<inside_of_an_image>();
    agrees_in_batches<part_of_a_line>();
    agrees_in_batches<few_channels>();
    agrees_in_batches<pixels_apart>();
}

// what a convolution and its gradient to the weights read, in place; the gradients are those of copies
std::vector<float> gradients_of(const erased_net& p, int outputs) {
    erased::run_of<float> trained(p);
    const std::vector<float> x = waves(static_cast<std::size_t>(3 * p.elements_of_input(0)));
    const std::vector<float> wanted = waves(static_cast<std::size_t>(3 * outputs), 0.4);
    trained.set_input(1, wanted);
    trained(x, 3);
    return {trained.gradients().begin(), trained.gradients().end()};
}
template <class Net, class Backend> std::vector<float> gradients_by() {
    return gradients_of(erased::program_of<program<Net, Backend, batch<3>, training<squared_error>>>(),
                        Net::table.nodes[Net::table.outputs[0]].shape.size());
}
void expect_alike(const std::vector<float>& found, const std::vector<float>& apart, const std::vector<float>& oracle) {
    for (std::size_t i = 0; i < oracle.size(); ++i) {
        EXPECT_NEAR(found[i], oracle[i], 2e-5) << i;
        EXPECT_NEAR(found[i], apart[i], 1e-5) << i;
    }
}
template <class Net> void trains_alike() {
    expect_alike(gradients_by<Net, backend::simd>(), gradients_by<Net, copying>(),
                 gradients_by<Net, backend::scalar>());
}
static_assert(views<program<halves_of_an_image, backend::simd, training<squared_error>>>(op::slice) == 2);
TEST(view, of_images_in_training) {
    trains_alike<halves_of_an_image>();
    trains_alike<inside_of_an_image>();
    trains_alike<part_of_a_line>();
}

// windows of a line are its memory; those of an image are one copy, of a part of it too
struct of_frames : network<[](value x) {  // (12, 32)
    const value w = parameter("w", {4, 32}, initial::normal(1)).with(x);
    return unfold(x, {.kernel = {1, 1, 4}, .stride = {1, 1, 2}}) * w;
},
                           shape<12, 32>> {};
static_assert(views<program<of_frames, backend::simd>>(op::unfold) == 1 &&
              program<of_frames, backend::simd>::steps == 1);
struct of_windows_of_weights : network<[](value x) {  // (3, 8)
    const value line = parameter("line", {9, 8}, initial::normal(1)).with(x);
    return einsum("sc,ptc->spt", x, unfold(line, {.kernel = {1, 1, 5}, .dilation = {1, 1, 2}}));
},
                                       shape<3, 8>> {};
struct of_patches : network<[](value x) {  // (9, 8, 5)
    const value seen = unfold(slice(x, -1, 1, 3), {.kernel = {1, 3, 2}, .stride = {1, 2, 1}, .before = {0, 1, 0}});
    return dense<4>(seen) + dense<4>(unfold(x, {.kernel = {1, 3, 2}, .stride = {1, 2, 1}, .before = {0, 1, 0}}));
},
                            shape<9, 8, 5>> {};
struct of_turned_patches : network<[](value x) {  // (6, 7, 3)
    return dense<4>(unfold(permute(x, {1, 0, 2}), {.kernel = {1, 2, 3}}));
},
                                   shape<6, 7, 3>> {};
static_assert(copies<program<of_turned_patches, backend::simd>>(op::unfold) == 1);
static_assert(views<program<of_turned_patches, backend::simd>>(op::permute) == 1);
TEST(view, of_windows) {
    agrees_in_batches<of_frames>();
    agrees_in_batches<of_windows_of_weights>();
    agrees_in_batches<of_patches>();
    agrees_in_batches<of_turned_patches>();
}
TEST(view, of_windows_in_training) {
    trains_alike<of_frames>();
    trains_alike<of_windows_of_weights>();
    trains_alike<of_turned_patches>();
}

// copies of copies are one
struct rolled : network<[](value x) { return concatenate({slice(x, 0, 2, 3), slice(x, 0, 0, 2)}, 0); }, shape<5, 3>> {};
static_assert(views<program<rolled, backend::simd>>(op::slice) == 2 && program<rolled, backend::simd>::steps == 1);
TEST(view, of_parts_of_a_concatenation) { agrees_in_batches<rolled>(); }

// loops: items and parts of a carry
inline constexpr auto two_layers = lstm<64> >> lstm<32>;
struct long_short : network<two_layers, shape<5, 12>> {};
static_assert(views<program<long_short, backend::simd, batch<3>>>(op::item) == 2);
static_assert(copies<program<long_short, backend::simd, batch<3>>>(op::item) == 0);
static_assert(copies<program<long_short, backend::simd, batch<3>>>(op::slice) == 1, "what the network gives out");
TEST(view, in_loops) {
    agrees_in_batches<long_short>();
    struct gates : network<gru<32>, shape<5, 12>> {};
    agrees_in_batches<gates>();
}
TEST(view, in_loops_backwards) {
    struct back : network<lstm<32, from_the_end>, shape<5, 12>> {};
    agrees_in_batches<back>();
}

// read many times, it is copied once
struct outside : network<[](value x) {  // (6, 32)
    const value start = slice(x, 0, 0, 1);
    const value w = permute(parameter("w", {32, 32}, initial::normal(0.1)).with(x), {1, 0});
    return scan([&](value h, value item) { return tanh(einsum("c,co->o", h, w) + item); }, reshape(start, {32}), x);
},
                         shape<6, 32>> {};
static_assert(views<program<outside, backend::simd, batch<3>>>(op::permute) == 0);
TEST(view, not_of_what_a_loop_reads_from_outside) { agrees_in_batches<outside>(); }

// a part of a carry that is read when the next one is there would be another's
struct exchanging : network<[](value x) {  // (6, 32)
    return scan(
        [](value h, value item) {
            const value a = slice(h, 0, 0, 32), b = slice(h, 0, 32, 32);
            return concatenate({tanh(b + item), a});
        },
        reshape(slice(x, 0, 0, 2), {64}), x);
},
                            shape<6, 32>> {};
TEST(view, of_a_carry) { agrees_in_batches<exchanging>(); }

TEST(view, in_streams) {
    struct net : network<lstm<32>, shape<6, 12>> {};
    model<net, backend::simd, streaming> m(3);
    model<net, backend::scalar_on_heap> whole(3);
    std::vector<float> x(72);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::cos(static_cast<double>(i)));
    const auto wanted = whole(x);
    for (std::size_t t = 0; t < 6; ++t) {
        const auto y = m(std::span(x).subspan(12 * t, 12));
        for (std::size_t k = 0; k < 32; ++k) EXPECT_NEAR(y[k], wanted[32 * t + k], 1e-5);
    }
}

}  // namespace
