// A model: its calls, its outputs, its parameters and its memory. One body for both backends.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "numbers.hpp"

namespace {

using namespace tessera;

template <class T> std::vector<T> copy(std::span<const T> s) { return {s.begin(), s.end()}; }

void expect_near(std::span<const float> found, std::span<const float> wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-5F) << "at " << i;
}

template <class Backend> struct model_of : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(model_of, backends);

inline constexpr auto blocks = conv<4, 3> >> relu >> max_pool<2> >> flatten >> dense<3>;
struct images : network<blocks, shape<6, 6, 2>> {};
constexpr int image_size = 6 * 6 * 2;

// --- options in any order

struct heard : network<gru<2>, shape<4, 3>> {};
static_assert(std::is_same_v<model<heard>, model<heard, float, inference, batch<1>, backend::simd>>);
static_assert(std::is_same_v<model<heard, streaming>, model<heard, backend::simd, batch<1>, float, streaming>>);
static_assert(std::is_same_v<model<heard, double, batch<8>>, model<heard, batch<8>, double>>);
static_assert(std::is_same_v<model<heard, float, backend::scalar>, model<heard, backend::scalar>>);
static_assert(std::is_same_v<program<heard, streaming, backend::scalar>,
                             program<heard, backend::scalar, batch<1>, float, streaming>>);
static_assert(
    std::is_same_v<model<heard, double, backend::scalar>::program_type, program<heard, double, backend::scalar>>);

// what a function of any model deduces
template <class Net, class Backend, class Batch, class Real, class Mode>
constexpr int samples_of(const basic_model<Net, Backend, Batch, Real, Mode>&) {
    return Batch::capacity;
}

TYPED_TEST(model_of, options_stand_in_any_order) {
    const model<images, batch<3>, TypeParam> m(7);
    EXPECT_EQ(samples_of(m), 3);
    model<images, double, TypeParam> wide(7);
    EXPECT_EQ(wide(numbers<double>(image_size)).size(), 3U);
}

// --- calls and outputs

struct affine : network<dense<2>, shape<3>> {};

template <class Model> void set_affine(Model& m) {
    const float weight[] = {1, 2, 3, 4, 5, 6}, bias[] = {10, 20};  // (3, 2), (2)
    std::copy_n(weight, 6, m.parameter("weight").begin());
    std::copy_n(bias, 2, m.parameter("bias").begin());
}

TYPED_TEST(model_of, a_call_returns_a_view_of_the_samples) {
    model<affine, TypeParam, batch<4>> m;
    set_affine(m);
    const float x[] = {1, 0, 0, 0, 1, -1};
    const auto y = m(x);
    EXPECT_EQ(y.count, 2);
    EXPECT_EQ(y.sample, extents{2});
    ASSERT_EQ(y.size(), 4U);
    EXPECT_EQ(copy<float>(y), (std::vector<float>{11, 22, 8, 18}));
    EXPECT_EQ(copy<float>(y.of_sample(1)), (std::vector<float>{8, 18}));
    EXPECT_EQ(y.largest(0), 1);
    EXPECT_EQ(m.output().data(), y.data());
}

TYPED_TEST(model_of, the_first_of_equals_is_the_largest) {
    model<affine, TypeParam> m;
    for (float& p : m.parameters()) p = 0;
    EXPECT_EQ(m(std::array<float, 3>{1, 2, 3}).largest(), 0);
}

TYPED_TEST(model_of, the_view_shows_the_next_call) {
    model<affine, TypeParam> m;
    set_affine(m);
    const auto first = m(std::array<float, 3>{1, 0, 0});
    const auto second = m(std::array<float, 3>{0, 0, 0});
    EXPECT_EQ(first.data(), second.data());
    EXPECT_EQ(second[0], 10);
}

TYPED_TEST(model_of, any_contiguous_range_is_an_input) {
    model<affine, TypeParam> m;
    set_affine(m);
    const std::vector<float> list{1, 2, 3};
    const std::array<float, 3> fixed{1, 2, 3};
    const float plain[] = {1, 2, 3};
    const auto wanted = copy<float>(m(list));
    EXPECT_EQ(copy<float>(m(fixed)), wanted);
    EXPECT_EQ(copy<float>(m(plain)), wanted);
    EXPECT_EQ(copy<float>(m(std::span<const float>(list))), wanted);
}

TYPED_TEST(model_of, a_batch_equals_its_samples_one_by_one) {
    constexpr int capacity = 5;
    model<images, TypeParam, batch<capacity>> together(7);
    model<images, TypeParam> alone(7);
    ASSERT_EQ(copy<float>(together.parameters()), copy<float>(alone.parameters()));
    for (int count = 1; count <= capacity; ++count) {
        const auto x = numbers(count * image_size, count);
        const auto y = copy<float>(together(x));
        ASSERT_EQ(y.size(), static_cast<std::size_t>(count) * 3);
        for (int i = 0; i < count; ++i) {
            SCOPED_TRACE(testing::Message() << "sample " << i << " of " << count);
            const auto at = static_cast<std::size_t>(i);
            expect_near(std::span(y).subspan(3 * at, 3), alone(std::span(x).subspan(at * image_size, image_size)));
        }
    }
}

TYPED_TEST(model_of, a_call_leaves_nothing_behind) {
    model<images, TypeParam, batch<3>> m(7);
    const auto x = numbers(image_size), others = numbers(3 * image_size, 5);
    const auto first = copy<float>(m(x));
    m(others);
    EXPECT_EQ(copy<float>(m(x)), first);
}

inline constexpr auto two_outputs = fork(dense<2>, relu);
struct forked : network<two_outputs, shape<3>> {};

TYPED_TEST(model_of, every_output_has_a_view) {
    model<forked, TypeParam, batch<2>> m;
    const float x[] = {1, -2, 3, -4, 5, -6};
    m(x);
    EXPECT_EQ(m.output(0).sample, extents{2});
    EXPECT_EQ(copy<float>(m.output(1)), (std::vector<float>{1, 0, 3, 0, 5, 0}));
    EXPECT_EQ(m.output(1).count, 2);
}

TYPED_TEST(model_of, doubles) {
    model<affine, TypeParam, batch<1>, double> m;
    for (double& p : m.parameters()) p = 1;
    EXPECT_EQ(m(std::array<double, 3>{0.25, 0.5, 1e-12})[0], 1.75 + 1e-12);
}

// --- several inputs

inline constexpr auto scaled = [](value image, value scale) { return sum(image, leading) * scale; };
struct two_inputs : network<scaled, in<"image", shape<2, 3>>, in<"scale", shape<3>>> {};

TYPED_TEST(model_of, named_inputs_in_the_order_of_the_network) {
    EXPECT_EQ(two_inputs::table.inputs[0].name.view(), "image");
    EXPECT_EQ(two_inputs::table.inputs[1].name.view(), "scale");
    model<two_inputs, TypeParam, batch<2>> m;
    const float image[] = {1, 2, 3, 4, 5, 6, 1, 1, 1, 1, 1, 1}, scale[] = {1, 10, 100, -1, 0, 1};
    EXPECT_EQ(copy<float>(m(image, scale)), (std::vector<float>{5, 70, 900, -2, 0, 2}));
}

inline constexpr auto caption = [](value image, value tokens) {
    return sum(embedding<5, 2>(tokens), leading) + dense<2>(image);
};
struct captions : network<caption, in<"image", shape<3>>, in<"tokens", shape<4>, int32>> {};

TYPED_TEST(model_of, indices_choose_rows) {
    model<captions, TypeParam, batch<2>> m;
    for (float& p : m.parameters()) p = 0;
    const auto table = m.parameter("embedding.weight");  // (5, 2)
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i);
    const float image[6] = {};
    const std::vector<std::int32_t> tokens{0, 1, 2, 4, 3, 3, 3, 3};
    EXPECT_EQ(copy<float>(m(image, tokens)), (std::vector<float>{14, 18, 24, 28}));
}

// --- parameters and states

inline constexpr auto stages = named<"stem">(dense<4>) >> relu >> dense<2, no_bias>;
struct staged : network<stages, shape<3>> {};

TYPED_TEST(model_of, a_parameter_by_its_path) {
    model<staged, TypeParam> m;
    EXPECT_EQ(m.parameter("stem.weight").size(), 12U);
    EXPECT_EQ(m.parameter("stem.bias").size(), 4U);
    EXPECT_EQ(m.parameter("2.weight").size(), 8U);
    m.parameter("stem.bias")[3] = 42;
    EXPECT_EQ(std::count(m.parameters().begin(), m.parameters().end(), 42.0F), 1);
}

TYPED_TEST(model_of, the_seed_decides_the_parameters) {
    const model<staged, TypeParam> one(1), again(1), two(2);
    EXPECT_EQ(copy<float>(one.parameters()), copy<float>(again.parameters()));
    EXPECT_NE(copy<float>(one.parameters()), copy<float>(two.parameters()));
}

struct sound : network<gru<4>, shape<8, 2>> {};

TYPED_TEST(model_of, reset_begins_a_stream_again) {
    model<sound, TypeParam, batch<1>, float, streaming> m(3);
    const auto start = copy<float>(m.states());
    const std::array<float, 2> frame{0.5F, -1};
    const auto first = copy<float>(m(frame)), second = copy<float>(m(frame));
    EXPECT_NE(first, second);
    EXPECT_NE(copy<float>(m.states()), start);
    m.reset();
    EXPECT_EQ(copy<float>(m.states()), start);
    EXPECT_EQ(copy<float>(m(frame)), first);
    EXPECT_EQ(copy<float>(m(frame)), second);
}

TYPED_TEST(model_of, reset_leaves_the_parameters) {
    model<staged, TypeParam> m(1);
    const auto before = copy<float>(m.parameters());
    m.reset();
    EXPECT_EQ(copy<float>(m.parameters()), before);
}

// --- where memory is

TYPED_TEST(model_of, a_large_scalar_model_lives_on_the_heap_or_is_static) {
    using large = model<images, backend::scalar_on_heap, batch<20000>>;
    static_assert(large::memory_bytes > 4_MiB && sizeof(large) < 1_KiB);
    large m(7);
    model<images, TypeParam> one(7);
    const auto x = numbers(image_size);
    expect_near(m(x), one(x));
    static_assert(sizeof(model<images, backend::scalar, batch<16>>) < 4_MiB);
    static model<images, backend::scalar_static, batch<20000>> fixed(7);
    static_assert(sizeof(fixed) > 4_MiB);
    expect_near(fixed(x), one(x));
}

// --- copies

TYPED_TEST(model_of, a_copy_has_memory_of_its_own) {
    model<staged, TypeParam> one(1);
    const std::array<float, 3> x{1, 2, 3};
    const auto wanted = copy<float>(one(x));
    model<staged, TypeParam> other = one;
    EXPECT_EQ(copy<float>(other(x)), wanted);
    EXPECT_NE(one.output().data(), other.output().data());
    for (float& p : other.parameters()) p = 0;
    EXPECT_EQ(copy<float>(other(x)), (std::vector<float>{0, 0}));
    EXPECT_EQ(copy<float>(one.output()), wanted);
    EXPECT_EQ(copy<float>(one(x)), wanted);
    other = one;
    EXPECT_EQ(copy<float>(other(x)), wanted);
    EXPECT_NE(other.parameters().data(), one.parameters().data());
}

TYPED_TEST(model_of, the_output_of_a_copy_is_in_the_copy) {
    const std::array<float, 3> x{1, 2, 3};
    model<staged, TypeParam> one(1);
    one(x);
    const auto wanted = copy<float>(one.output());
    const model<staged, TypeParam> other = one;
    for (float& p : one.parameters()) p = 0;
    one(x);
    EXPECT_EQ(copy<float>(other.output()), wanted);
}

TYPED_TEST(model_of, a_copied_stream_goes_its_own_way) {
    model<sound, TypeParam, batch<1>, float, streaming> one(3);
    one(std::array<float, 2>{1, 1});
    auto other = one;
    const auto wanted = copy<float>(one(std::array<float, 2>{0, 1}));
    other(std::array<float, 2>{-1, -1});
    other.reset();
    other = one;
    EXPECT_EQ(copy<float>(other.states()), copy<float>(one.states()));
    other.reset();
    one.reset();
    one(std::array<float, 2>{1, 1});
    EXPECT_EQ(copy<float>(one(std::array<float, 2>{0, 1})), wanted);
}

TYPED_TEST(model_of, a_moved_model_answers_as_before) {
    model<staged, TypeParam> one(1);
    const std::array<float, 3> x{1, 2, 3};
    const auto wanted = copy<float>(one(x));
    model<staged, TypeParam> other = std::move(one);
    EXPECT_EQ(copy<float>(other.output()), wanted);
    EXPECT_EQ(copy<float>(other(x)), wanted);
}

// --- calls that stop the program

template <class Backend> struct model_call_death : testing::Test {
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
TYPED_TEST_SUITE(model_call_death, backends);

TYPED_TEST(model_call_death, a_part_of_a_sample) {
    model<affine, TypeParam, batch<4>> m;
    EXPECT_DEATH(m(numbers(7)), "tessera: input 'input': expected whole samples of 3 elements, found 7");
}

TYPED_TEST(model_call_death, no_sample) {
    model<affine, TypeParam, batch<4>> m;
    EXPECT_DEATH(m(std::vector<float>{}), "expected 1 to 4 samples, found 0");
}

TYPED_TEST(model_call_death, more_samples_than_the_capacity) {
    model<affine, TypeParam, batch<4>> m;
    EXPECT_DEATH(m(numbers(15)), "expected 1 to 4 samples, found 5");
}

TYPED_TEST(model_call_death, inputs_of_different_counts) {
    model<two_inputs, TypeParam, batch<2>> m;
    EXPECT_DEATH(m(numbers(12), numbers(3)), "expected as many samples as in the first input, found 1");
}

// an input whose size is asked for while the call is running; a thread of its own calls the same model then
template <class Model> struct intruder {
    Model* m;
    std::array<float, 3> numbers{};
    std::size_t size() const {
        std::thread([this] { (*m)(numbers); }).join();
        return numbers.size();
    }
    const float* begin() const { return numbers.data(); }
};

TYPED_TEST(model_call_death, a_second_thread_at_the_same_time) {
    using net = model<affine, TypeParam>;
    net m;
    EXPECT_DEATH(m(intruder<net>{&m}), "tessera: call of a model: expected one call at a time, found 2");
    net copy = m;
    EXPECT_EQ(m(intruder<net>{&copy}).size(), 2U);  // of different models
    EXPECT_EQ(m(std::array<float, 3>{}).size(), 2U);
}

TYPED_TEST(model_call_death, an_index_outside_its_table) {
    model<captions, TypeParam> m;
    const std::vector<std::int32_t> above{0, 1, 5, 2}, below{0, 1, 2, -1};
    EXPECT_DEATH(m(numbers(3), above), "input 'tokens', element 2: expected an index from 0 to 4, found 5");
    EXPECT_DEATH(m(numbers(3), below), "element 3: expected an index from 0 to 4, found -1");
}

}  // namespace
