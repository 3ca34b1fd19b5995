// Weights: parameters that models borrow, from an owner, another model, or memory of the caller's.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/io.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/weights_of.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "numbers.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace tessera;

template <class Range> auto copy(const Range& r) { return std::vector(r.begin(), r.end()); }

template <class Backend> struct weights_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(weights_on, backends);

inline constexpr auto blocks = conv<4, 3> >> batch_norm >> relu >> flatten >> dense<3>;
struct images : network<blocks, shape<6, 6, 2>> {};
struct plain : folded<images> {};
constexpr int image_size = 6 * 6 * 2;
struct heard : network<(gru<5> >> dense<2>), shape<4, 3>> {};

// a model whose running statistics are not those that it starts with
template <class Model> void set_states(Model& m) {
    using real = typename Model::real_type;
    const auto& table = Model::network_type::table;
    for (int s = 0; s < table.state_count; ++s)
        for (int i = 0; i < table.states[s].shape.size(); ++i)
            m.states()[static_cast<std::size_t>(table.states[s].offset + i)] = real(0.5) + static_cast<real>(i % 3);
}

// --- equal to a model that owns the numbers

template <class Real, class Backend> void expect_equal_to_its_owner() {
    model<images, Backend, Real, batch<3>> owner(7);
    set_states(owner);
    model<images, Backend, Real, batch<3>, borrowed> voice(owner);
    for (const int samples : {1, 3}) {
        const auto x = numbers<Real>(samples * image_size);
        EXPECT_EQ(copy(voice(x)), copy(owner(x)));
    }
    EXPECT_EQ(voice.parameters().data(), owner.parameters().data());
    EXPECT_NE(voice.states().data(), owner.states().data());
}
TYPED_TEST(weights_on, give_bit_for_bit_what_a_model_of_its_own_gives) {
    expect_equal_to_its_owner<float, TypeParam>();
    expect_equal_to_its_owner<double, TypeParam>();
}

TYPED_TEST(weights_on, of_one_seed_are_those_of_a_model) {
    const weights_of<heard> w(5);
    const model<heard, TypeParam> m(5);
    EXPECT_EQ(copy(w.parameters()), copy(m.parameters()));
    EXPECT_EQ(copy(w.parameter("1.weight")), copy(m.parameter("1.weight")));
    EXPECT_EQ(w.parameter("1.weight").size(), 10U);
}

TYPED_TEST(weights_on, a_change_of_them_is_seen_by_the_next_call) {
    weights_of<heard> w(5);
    model<heard, TypeParam, borrowed> voice(w);
    const auto x = numbers(12);
    const auto before = copy(voice(x));
    for (float& p : w.parameters()) p *= 2;
    model<heard, TypeParam> twice(5);
    for (float& p : twice.parameters()) p *= 2;
    EXPECT_NE(copy(voice(x)), before);
    EXPECT_EQ(copy(voice(x)), copy(twice(x)));
}

TYPED_TEST(weights_on, are_made_of_a_model_with_its_trained_states) {
    model<images, TypeParam> trained(3);
    set_states(trained);
    const weights_of<images, TypeParam> w(trained);
    EXPECT_EQ(copy(w.states()), copy(trained.states()));
    model<images, TypeParam, borrowed> voice(w);
    const auto x = numbers(image_size);
    EXPECT_EQ(copy(voice(x)), copy(trained(x)));
}

TYPED_TEST(weights_on, of_a_folded_network) {
    model<images, TypeParam> trained(3);
    set_states(trained);
    model<plain, TypeParam> owner;
    fold(trained, owner);
    weights_of<plain> w;
    fold(trained, w);
    model<plain, TypeParam, borrowed> voice(w);
    const auto x = numbers(image_size);
    EXPECT_EQ(copy(voice(x)), copy(owner(x)));
    EXPECT_EQ(voice.state_bytes, 0);
    EXPECT_EQ(voice.packed_bytes, 0);
    for (float& p : w.parameters()) p = 0;  // nothing is kept of them that would be out of date
    for (float y : voice(x)) EXPECT_EQ(y, 0);
}

inline constexpr auto counts = [](value x) {
    const value seen = state("seen", {2}, 5).with(x);
    update(seen, seen + 1);
    return x + seen;
};
struct counting : network<(counts >> dense<1>), shape<2>> {};

TYPED_TEST(weights_on, states_that_calls_change_are_as_at_first) {
    model<counting, TypeParam> owner(1);
    const auto first = copy(owner(numbers(2)));
    EXPECT_NE(copy(owner(numbers(2))), first);
    model<counting, TypeParam, borrowed> voice(owner);
    EXPECT_EQ(copy(voice(numbers(2))), first);
}

// --- streams: a state of its own each

TYPED_TEST(weights_on, two_voices_of_one_set_do_not_hear_each_other) {
    const weights_of<heard> w(9);
    model<heard, TypeParam, streaming, borrowed> one(w), other(w);
    model<heard, TypeParam, streaming> alone(9), alone_too(9);
    for (int t = 0; t < 6; ++t) {
        const auto x = numbers(3, t), y = numbers(3, 50 + t);
        EXPECT_EQ(copy(one(x)), copy(alone(x)));
        EXPECT_EQ(copy(other(y)), copy(alone_too(y)));
        if (t == 3) one.reset(), alone.reset();
    }
}

TYPED_TEST(weights_on, a_copy_of_a_voice_borrows_the_same) {
    const weights_of<heard> w(9);
    model<heard, TypeParam, streaming, borrowed> one(w);
    one(numbers(3));
    auto other = one;
    EXPECT_EQ(other.parameters().data(), w.parameters().data());
    EXPECT_EQ(copy(one(numbers(3, 1))), copy(other(numbers(3, 1))));
    const auto moved = std::move(other);
    EXPECT_EQ(moved.parameters().data(), w.parameters().data());
}

TYPED_TEST(weights_on, threads_share_one_set) {
    const weights_of<images> w(2);
    const auto run = [&](int start) {
        model<images, TypeParam, borrowed> voice(w);
        std::vector<float> all;
        for (int i = 0; i < 20; ++i) {
            const auto y = voice(numbers(image_size, start + i));
            all.insert(all.end(), y.begin(), y.end());
        }
        return all;
    };
    const auto first = run(0), second = run(7);
    std::vector<float> found_first, found_second;
    std::thread a([&] { found_first = run(0); }), b([&] { found_second = run(7); });
    a.join();
    b.join();
    EXPECT_EQ(found_first, first);
    EXPECT_EQ(found_second, second);
}

// --- memory of the caller's

TYPED_TEST(weights_on, numbers_of_the_caller_are_read_where_they_are) {
    alignas(64) static std::array<float, heard::parameter_elements> flash;
    model<heard, TypeParam> owner(4);
    std::ranges::copy(owner.parameters(), flash.begin());
    model<heard, TypeParam, borrowed> voice{weights_view<heard>(flash)};
    EXPECT_EQ(voice.parameters().data(), flash.data());
    EXPECT_EQ(copy(voice(numbers(12))), copy(owner(numbers(12))));
}

using voice_on_chip = model<images, backend::scalar, borrowed>;
static_assert(sizeof(voice_on_chip) < sizeof(model<images, backend::scalar>) - voice_on_chip::parameter_bytes / 2);
static_assert(voice_on_chip::memory_bytes == voice_on_chip::workspace_bytes + voice_on_chip::state_bytes);
static_assert(!std::is_default_constructible_v<voice_on_chip>);
static_assert(std::is_same_v<model<heard, borrowed, float>, model<heard, backend::simd, borrowed>>);
static_assert(std::is_same_v<weights_of<heard, double, backend::scalar>, weights_of<heard, backend::scalar, double>>);

struct two : network<dense<1>, shape<2>> {};
constexpr weights_of<two, backend::scalar> in_flash = [] {
    weights_of<two, backend::scalar> w;
    for (float& p : w.parameters()) p = 3;
    return w;
}();
constexpr float sum_of(float a, float b) {
    model<two, backend::scalar, borrowed> m(in_flash);
    const float x[] = {a, b};
    return m(x)[0];
}
static_assert(sum_of(1, 2) == 12);
constinit model<two, backend::scalar, borrowed> on_chip(in_flash);

TEST(weights, in_flash_are_borrowed_by_a_static_model) { EXPECT_EQ(on_chip(std::array<float, 2>{1, 1})[0], 9); }

// --- files

TEST(weights, load_and_save_as_a_model_does) {
    const tests::temporary_folder folder;
    const auto path = folder.path() / "images.safetensors";
    model<images> trained(3);
    set_states(trained);
    save(trained, path);
    weights_of<images> w;
    load(w, path);
    EXPECT_EQ(copy(w.parameters()), copy(trained.parameters()));
    EXPECT_EQ(copy(w.states()), copy(trained.states()));
    const model<images, borrowed> voice(w);
    save(voice, folder.path() / "again.safetensors");
    weights_of<images> again(1);
    load(again, folder.path() / "again.safetensors");
    EXPECT_EQ(copy(again.parameters()), copy(trained.parameters()));
}

// --- misuse

struct weights_death : testing::Test {
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(weights_death, too_few_numbers) {
    const std::vector<float> few(7);
    EXPECT_DEATH(weights_view<heard>{few}, "weights_view, parameters: expected .* numbers, as in .*, found 7");
}
TEST_F(weights_death, states_that_are_not_given) {
    const std::vector<float> all(images::parameter_elements);
    EXPECT_DEATH(weights_view<images>{all}, "weights_view, states: expected .* numbers, as in .*, found 0");
}
TEST_F(weights_death, numbers_off_their_boundary) {
    alignas(64) static std::array<float, heard::parameter_elements + 1> flash;
    const weights_view<heard> off(std::span<const float>(flash).subspan(1));
    EXPECT_DEATH((model<heard, borrowed>(off)), "expected numbers that begin on a 64-byte boundary.*4 bytes after one");
    model<heard, backend::scalar, borrowed> anywhere(off);
    EXPECT_EQ(anywhere(numbers(12))[0], 0);
}
TEST_F(weights_death, weights_that_were_moved_from) {
    weights_of<heard> w;
    const auto kept = std::move(w);
    EXPECT_DEATH((model<heard, borrowed>(w)), "weights: expected some that hold their numbers");
}

}  // namespace
