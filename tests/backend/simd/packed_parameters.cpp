// A folded network's weights are packed before calls: the results are those of the network that it comes from, bit for
// bit, its parameters cannot change unnoticed, and calls need no room for packing.
#include <tessera/backend/simd/packed_parameters.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <concepts>
#include <cstring>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/io/model_file.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/evaluate.hpp>
#include <vector>

#include "../../temporary_folder.hpp"

namespace {

using namespace tessera;

template <class Real> std::vector<Real> numbers(std::size_t count, double phase = 0) {
    std::vector<Real> x(count);
    for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<Real>(std::sin(1.3 * static_cast<double>(i) + phase));
    return x;
}

template <class Net, int Capacity, class Real> void expect_equal_bits() {
    struct fast : folded<Net> {};
    using whole_model = model<Net, backend::simd, batch<Capacity>, Real>;
    using packed_model = model<fast, backend::simd, batch<Capacity>, Real>;
    static_assert(whole_model::packed_bytes == 0 && packed_model::packed_bytes > 0);
    EXPECT_LE(packed_model::workspace_bytes, whole_model::workspace_bytes);
    whole_model whole(3);
    packed_model packed;
    fold(whole, packed);
    const auto size = static_cast<std::size_t>(Net::table.inputs[0].shape.size());
    const std::vector<Real> x = numbers<Real>(size * Capacity);
    for (int count = 1; count <= Capacity; count += count < 20 ? 1 : 37) {
        const std::span<const Real> present(x.data(), size * static_cast<std::size_t>(count));
        const auto wanted = whole(present), found = packed(present);
        ASSERT_EQ(wanted.size(), found.size());
        EXPECT_EQ(std::memcmp(wanted.data(), found.data(), wanted.size() * sizeof(Real)), 0) << count << " samples";
    }
}

struct perceptron : network<(dense<70> >> relu >> dense<300> >> relu >> dense<33> >> relu >> dense<1>), shape<37>> {};
struct deep : network<(dense<40> >> relu >> dense<7>), shape<4500>> {};  // k in slices and in blocks
inline constexpr auto transposed = [](value x) {
    return einsum("i,oi->o", x, parameter("weight", {50, 61}, initial::kaiming(61)).with(x));
};
struct by_rows : network<(identity >> transposed), shape<61>> {};
// weights as the first operand: as columns along lanes, read in place, one matrix a head, for a batch of samples
inline constexpr auto first_of_rows = [](value x) {
    return einsum("oi,i->o", parameter("weight", {50, 61}, initial::kaiming(61)).with(x), x);
};
inline constexpr auto channels_first = [](value x) {  // of images (channels, pixels)
    return einsum("oi,ip->op", parameter("weight", {40, 512}, initial::kaiming(512)).with(x), x);
};
inline constexpr auto along_time = [](value x) {  // a dense layer along the leading axis
    return einsum("ts,tc->sc", parameter("weight", {300, 512}, initial::kaiming(300)).with(x), x);
};
inline constexpr auto of_heads = [](value x) {
    return einsum("hok,htk->hto", parameter("weight", {3, 20, 33}, initial::kaiming(33)).with(x), x);
};
inline constexpr auto heads_of_rows = [](value x) {
    return einsum("thk,hok->tho", x, parameter("weight", {3, 20, 33}, initial::kaiming(33)).with(x));
};
inline constexpr auto of_two_axes = [](value x) {
    return einsum("aibo,iab->o", parameter("weight", {4, 9, 3, 20}, initial::kaiming(108)).with(x), x);
};
struct weights_first : network<(identity >> first_of_rows >> relu >> dense<5>), shape<61>> {};
struct pixels_last : network<(identity >> channels_first >> relu), shape<512, 70>> {};
struct frames : network<(identity >> along_time >> relu), shape<300, 70>> {};
struct headed : network<(identity >> of_heads), shape<3, 18, 33>> {};
struct headed_rows : network<(identity >> heads_of_rows), shape<18, 3, 33>> {};
struct entangled : network<(identity >> of_two_axes), shape<9, 4, 3>> {};
struct images : network<(conv<20, 3> >> relu >> conv<40, 3, stride<2>> >> relu >> conv<40, 1> >>
                         conv<40, 3, groups<2>> >> conv<40, 3, groups<40>> >> flatten >> dense<10>),
                        shape<16, 15, 3>> {};
struct wide : network<(conv<70, 3, same> >> conv<64, 1>), shape<10, 10, 64>> {};
struct upwards : network<(conv_transpose<12, 3, stride<2>> >> relu >> conv_transpose<5, 1>), shape<5, 6, 7>> {};
struct attentive : network<(dense<24> >> multi_head_attention<3> >> dense<5>), shape<13, 10>> {};
struct recurrent : network<gru<19>, shape<6, 9>> {};

TEST(packed_parameters, change_no_bit_of_the_result) {
    expect_equal_bits<perceptron, 140, float>();
    expect_equal_bits<perceptron, 9, double>();
    expect_equal_bits<deep, 8, float>();
    expect_equal_bits<by_rows, 9, float>();
    expect_equal_bits<weights_first, 9, float>();
    expect_equal_bits<weights_first, 25, double>();
    expect_equal_bits<pixels_last, 3, float>();
    expect_equal_bits<frames, 3, float>();
    expect_equal_bits<frames, 2, double>();
    expect_equal_bits<headed, 4, float>();
    expect_equal_bits<headed_rows, 4, float>();
    expect_equal_bits<entangled, 9, float>();
    expect_equal_bits<images, 3, float>();
    expect_equal_bits<images, 2, double>();
    expect_equal_bits<wide, 3, float>();
    expect_equal_bits<upwards, 3, float>();
    expect_equal_bits<attentive, 5, float>();
    expect_equal_bits<recurrent, 3, float>();
}

TEST(packed_parameters, calls_need_no_room_for_packing) {
    struct fast : folded<wide> {};
    using packed = model<fast>;
    EXPECT_LE(packed::workspace_bytes + 9 * 64 * 70 * 4, model<wide>::workspace_bytes);
    EXPECT_EQ(packed::memory_bytes,
              packed::workspace_bytes + packed::parameter_bytes + packed::state_bytes + packed::packed_bytes);
}

struct fast : folded<perceptron> {};

// what is folded is for reading; the scalar backend packs nothing
static_assert(std::same_as<decltype(std::declval<model<fast>&>().parameters()), std::span<const float>>);
static_assert(std::same_as<decltype(std::declval<model<perceptron>&>().parameters()), std::span<float>>);
static_assert(model<fast, backend::scalar>::packed_bytes == 0);

TEST(packed_parameters, are_those_of_the_last_fold_or_load) {
    model<perceptron> a(1), b(2);
    model<fast> f;
    const std::vector<float> x = numbers<float>(37);
    fold(a, f);
    EXPECT_EQ(f(x)[0], a(x)[0]);
    const model<fast> first = f;
    const tests::temporary_folder folder;
    save(f, folder.path() / "folded.safetensors");
    fold(b, f);
    EXPECT_EQ(f(x)[0], b(x)[0]);
    EXPECT_NE(f(x)[0], a(x)[0]);
    load(f, folder.path() / "folded.safetensors");
    EXPECT_EQ(f(x)[0], a(x)[0]);
    fold(b, f);
    model<fast> copied = first;
    EXPECT_EQ(copied(x)[0], a(x)[0]);
    f = copied;
    EXPECT_EQ(f(x)[0], a(x)[0]);
    const model<fast> moved = std::move(f);
    model<fast> again = moved;
    EXPECT_EQ(again(x)[0], a(x)[0]);
}

// --- whole numbers and bits that are made of parameters: no parameter holds them, so steps make them before calls

// steps that run in calls though what they read is fixed
template <class Program> constexpr int wasted_steps() {
    const graph g = Program::graph.thaw();
    const detail::list<char> fixed = detail::find_fixed_values(g, true);
    int n = 0;
    for (int k = 0; k < Program::steps; ++k) {
        bool any = false, all = true;
        for (int i = 0; i < Program::nodes; ++i) {
            if (Program::order.step_of[i] != k) continue;
            any = true;
            all = all && fixed[static_cast<std::size_t>(i)] != 0;
        }
        n += any && all && !Program::table.prepared[k];
    }
    return n;
}
inline constexpr auto signs_of_weights = [](value x) {
    const value w = parameter("weight", {9, 70}, initial::kaiming(70)).with(x), by = parameter("by", {9}).with(x);
    const value bits = sign_bits(exp(w) - 1);
    return values{bit_product(sign_bits(x), bits) * by, bits};
};
inline constexpr auto whole_weights = [](value x) {
    const value w = parameter("weight", {9, 70}, initial::kaiming(70)).with(x);
    return dequantise(integer_product(quantise<int8>(x, 0.01), quantise<int8>(w, 0.005)), 0.01 * 0.005);
};
inline constexpr auto signs_in_a_loop = [](value x) {  // (4, 70)
    const value w = parameter("weight", {70, 70}, initial::kaiming(70)).with(x);
    const value start = broadcast_to(constant(*x.owner, 0), {70}, x.batched());
    return scan([&](value h, value now) { return 0.1 * bit_product(sign_bits(h + now), sign_bits(w)); }, start, x);
};
inline constexpr auto order_of_weights = [](value x) {  // (2, 6)
    const sorted_values y = top_k(exp(parameter("weight", {6}).with(x)), 3);
    return gather(x, y.indices, 1) * y.values;
};
struct signed_weights : network<signs_of_weights, shape<5, 70>> {};
struct whole_product : network<whole_weights, shape<5, 70>> {};
struct signed_loop : network<signs_in_a_loop, shape<4, 70>> {};
struct ordered : network<order_of_weights, shape<2, 6>> {};

template <class Net, int Capacity = 3> void expect_prepared_steps() {
    struct prepared_net : folded<Net> {};
    using whole_program = typename model<Net, batch<Capacity>>::program_type;
    using program = typename model<prepared_net, batch<Capacity>>::program_type;
    static_assert(wasted_steps<whole_program>() > 0 && whole_program::places.prepared_bytes == 0);
    static_assert(wasted_steps<program>() == 0 && program::places.prepared_bytes > 0);
    expect_equal_bits<Net, Capacity, float>();
    expect_equal_bits<Net, Capacity, double>();
}
TEST(packed_parameters, no_step_of_a_call_depends_on_them_alone) {
    expect_prepared_steps<signed_weights>();
    expect_prepared_steps<signed_weights, 1>();
    expect_prepared_steps<whole_product>();
    expect_prepared_steps<signed_loop>();
    expect_prepared_steps<ordered>();
    static_assert(wasted_steps<typename model<fast>::program_type>() == 0);
    // one that borrows has nothing prepared: its parameters may change
    struct net_of_signs : folded<signed_weights> {};
    static_assert(wasted_steps<typename model<net_of_signs, borrowed>::program_type>() > 0);
}
TEST(packed_parameters, whole_numbers_are_those_of_the_last_fold) {
    struct net_of_signs : folded<signed_weights> {};
    model<signed_weights> a(1), b(2);
    model<net_of_signs> f;
    const std::vector<float> x = numbers<float>(350);
    for (const auto* from : {&a, &b, &a}) {
        fold(*from, f);
        model<signed_weights> whole = *from;
        const model<net_of_signs> copy = f;
        model<net_of_signs> again = copy;
        const auto wanted = whole(x), found = f(x), copied = again(x);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            ASSERT_EQ(found[i], wanted[i]);
            ASSERT_EQ(copied[i], wanted[i]);
        }
        const auto bits = whole.result<1>(), kept = f.result<1>();
        ASSERT_EQ(bits.size(), kept.size());
        for (std::size_t i = 0; i < bits.size(); ++i) ASSERT_EQ(kept[i], bits[i]);
    }
}

// what runs a model's network by a program of its own packs in the call
struct sorts : network<(flatten >> dense<50> >> relu >> dense<3>), shape<1, 1, 5>> {};
struct sorts_fast : folded<sorts> {};

TEST(packed_parameters, are_not_asked_for_by_evaluate) {
    dataset data;
    data.extents = {1, 1, 5};
    data.images = numbers<float>(50);
    data.class_names = {"a", "b", "c"};
    for (int i = 0; i < 10; ++i) data.labels.push_back(i % 3);
    model<sorts, batch<4>> whole(1);
    model<sorts_fast, batch<4>> packed;
    fold(whole, packed);
    EXPECT_EQ(evaluate(packed, data).loss, evaluate(whole, data).loss);
}

}  // namespace
