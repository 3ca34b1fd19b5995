// Recurrent layers: parameters, sequences in a batch, streams, gradients through time; and scans of other bodies.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int frames = 7, features = 3, hidden = 4;
using sequence = shape<frames, features>;

struct plain : network<rnn<hidden>, sequence> {};
struct gated : network<gru<hidden>, sequence> {};
struct with_memory : network<lstm<hidden>, sequence> {};
struct gated_from : network<gru<hidden>, in<"x", sequence>, in<"h0", shape<hidden>>> {};
struct with_memory_from : network<lstm<hidden>, in<"x", sequence>, in<"h0", shape<hidden>>, in<"c0", shape<hidden>>> {};
struct two_layers : network<(gru<hidden> >> lstm<5> >> dense<2>), sequence> {};

constexpr long parameters_of(int gates) { return static_cast<long>(gates) * hidden * (features + hidden + 2); }
static_assert(plain::parameter_count == parameters_of(1));
static_assert(gated::parameter_count == parameters_of(3));
static_assert(with_memory::parameter_count == parameters_of(4));
static_assert(two_layers::parameter_count == parameters_of(3) + 4 * 5 * (hidden + 5 + 2) + (5 + 1) * 2);

static_assert(output_shape<plain> == (extents{frames, hidden}) && output_shape<gated> == output_shape<plain>);
static_assert(output_shape<with_memory> == output_shape<plain> && output_shape<two_layers> == (extents{frames, 2}));

static_assert(paths_are<plain>({"weight_ih", "weight_hh", "bias_ih", "bias_hh"}));
static_assert(paths_are<two_layers>({"0.weight_ih", "0.weight_hh", "0.bias_ih", "0.bias_hh", "1.weight_ih",
                                     "1.weight_hh", "1.bias_ih", "1.bias_hh", "2.weight", "2.bias"}));
static_assert(parameter_shape<gated>("weight_ih") == (extents{features, 3 * hidden}));
static_assert(parameter_shape<with_memory>("weight_hh") == (extents{hidden, 4 * hidden}));

// the loop is planned once but counted as often as it runs
static_assert(gated::macs == frames * 3.0 * hidden * (features + hidden));
static_assert(with_memory::macs == frames * 4.0 * hidden * (features + hidden));

static_assert(mistake<gru<4>, 7>().expected.view() == "a sequence (time, features)");
static_assert(mistake<lstm<4>, 7, 5, 3>().expected.view() == "a sequence (time, features)");

// a memory of another width than the hidden state
inline constexpr auto uneven = [](value x) {
    return lstm<4>(x, parameter("h0", {2}).with(x), parameter("c0", {6}).with(x));
};
static_assert(mistake<uneven, 7, 5>().expected.view() == "(4) to start from");

template <class T> std::vector<T> waves(int count, double phase = 0) {
    std::vector<T> list;
    for (int i = 0; i < count; ++i) list.push_back(static_cast<T>(std::sin(1.7 * i + phase)));
    return list;
}
template <class T> std::vector<T> copy_of(std::span<const T> view) { return {view.begin(), view.end()}; }

// the whole sequence at once, and the same frame by frame
template <class Net, class Backend, class T> class streamed {
  public:
    streamed() { std::ranges::copy(whole_.parameters(), by_frame_.parameters().begin()); }

    std::vector<T> at_once(const std::vector<T>& x) { return copy_of<T>(whole_(x)); }
    std::vector<T> frame_by_frame(const std::vector<T>& x) {
        std::vector<T> y;
        for (std::size_t t = 0; t < x.size(); t += features) {
            const auto h = by_frame_(std::span(x).subspan(t, features));
            y.insert(y.end(), h.begin(), h.end());
        }
        return y;
    }
    void reset() { by_frame_.reset(); }

  private:
    model<Net, Backend, batch<1>, T> whole_{3};
    model<Net, Backend, batch<1>, T, streaming> by_frame_{4};
};

template <class T> void expect_equal(const std::vector<T>& wanted, const std::vector<T>& found) {
    ASSERT_EQ(wanted.size(), found.size());
    constexpr T tolerance = sizeof(T) == 4 ? T(1e-6) : T(1e-14);
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(wanted[i], found[i], tolerance) << i;
}

template <class Net, class Backend, class T> void expect_streams() {
    streamed<Net, Backend, T> s;
    const std::vector<T> x = waves<T>(frames * features), y = s.at_once(x);
    expect_equal(y, s.frame_by_frame(x));
    // without a reset the stream goes on
    const std::vector<T> later = s.frame_by_frame(x);
    EXPECT_GT(std::abs(later[0] - y[0]), T(1e-3));
    s.reset();
    expect_equal(y, s.frame_by_frame(x));
}
template <class Net> void expect_streams_everywhere() {
    expect_streams<Net, backend::scalar, double>();
    expect_streams<Net, backend::simd, float>();
}

TEST(rnn, streams) { expect_streams_everywhere<plain>(); }
TEST(gru, streams) { expect_streams_everywhere<gated>(); }
TEST(lstm, streams) { expect_streams_everywhere<with_memory>(); }
TEST(recurrent, two_layers_stream) { expect_streams_everywhere<two_layers>(); }

// states of the network stand where they do without a stream, and a stream that begins again keeps them
struct normed : network<(gru<hidden> >> batch_norm), shape<frames, features>> {};
template <class Net> using stream_of = program<Net, backend::scalar, batch<1>, float, streaming>;
static_assert(stream_of<normed>::graph.state_count == 3);
static_assert(stream_of<normed>::graph.states[0].name.view() == "running_mean");
static_assert(stream_of<normed>::graph.states[2].name.view() == "carry");

TEST(recurrent, a_stream_keeps_trained_states) {
    model<normed, backend::scalar, batch<1>, double> whole(3);
    model<normed, backend::scalar, batch<1>, double, streaming> live(3);
    for (std::size_t i = 0; i < whole.states().size(); ++i) whole.states()[i] = 1 + 0.1 * static_cast<double>(i);
    std::ranges::copy(whole.states(), live.states().begin());
    const std::vector<double> x = waves<double>(frames * features), y = copy_of<double>(whole(x));
    for (int run = 0; run < 2; ++run) {
        for (std::size_t t = 0; t < frames; ++t) {
            const auto wanted = std::span(y).subspan(t * hidden, hidden);
            expect_equal({wanted.begin(), wanted.end()},
                         copy_of<double>(live(std::span(x).subspan(t * features, features))));
        }
        live.reset();
    }
}

// h_t = tanh(x_t w + b + h u + c) with numbers that can be followed
TEST(rnn, follows_its_formula) {
    model<network<rnn<1>, shape<3, 1>>, backend::scalar, batch<1>, double> m;
    m.parameter("weight_ih")[0] = 0.5;
    m.parameter("weight_hh")[0] = -2;
    m.parameter("bias_ih")[0] = 0.25;
    m.parameter("bias_hh")[0] = 0.125;
    const std::vector<double> x{1, -1, 3};
    const auto h = m(x);
    double before = 0;
    for (std::size_t t = 0; t < 3; ++t) {
        before = std::tanh(0.5 * x[t] + 0.375 - 2 * before);
        EXPECT_NEAR(h[t], before, 1e-15);
    }
}

// with the forget gate open and the input gate closed the cell keeps what it began with
TEST(lstm, keeps_its_cell) {
    model<with_memory_from, backend::scalar, batch<1>, double> m(1);
    const auto bias = m.parameter("bias_ih");
    for (std::size_t k = 0; k < hidden; ++k) {
        bias[k] = -1000;                                 // i = 0
        bias[hidden + k] = bias[3 * hidden + k] = 1000;  // f = o = 1
    }
    const std::vector<double> cell{0.5, -0.25, 2, 0};
    const auto h = m(waves<double>(frames * features), std::vector<double>(hidden), cell);  // (T, H)
    for (std::size_t t = 0; t < frames; ++t)
        for (std::size_t k = 0; k < hidden; ++k) EXPECT_EQ(h[t * hidden + k], mathematics::tanh(cell[k]));
}

template <class Net, class Backend, class T> void expect_samples_apart() {
    model<Net, Backend, batch<3>, T> together(5);
    model<Net, Backend, batch<1>, T> alone(5);
    std::vector<T> x;
    for (int s = 0; s < 3; ++s)
        for (T v : waves<T>(frames * features, s)) x.push_back(v);
    const std::vector<T> y = copy_of<T>(together(x));
    const std::size_t in = frames * features, out = y.size() / 3;
    for (std::size_t s = 0; s < 3; ++s) {
        const std::vector<T> own(y.begin() + static_cast<long>(s * out), y.begin() + static_cast<long>((s + 1) * out));
        expect_equal(copy_of<T>(alone(std::span(x).subspan(s * in, in))), own);
    }
    EXPECT_NE(y[0], y[out]);
}

TEST(recurrent, sequences_of_a_batch_do_not_meet) {
    expect_samples_apart<plain, backend::simd, float>();
    expect_samples_apart<gated, backend::scalar, double>();
    expect_samples_apart<with_memory, backend::simd, float>();
    expect_samples_apart<two_layers, backend::simd, double>();
}

TEST(rnn, has_the_right_gradients) { EXPECT_LT(gradient_check<plain>().error, 1e-6); }
TEST(gru, has_the_right_gradients) {
    EXPECT_LT(gradient_check<gated>().error, 1e-6);
    EXPECT_LT(gradient_check<gated_from>().error, 1e-6);
}
TEST(lstm, has_the_right_gradients) {
    EXPECT_LT(gradient_check<with_memory>().error, 1e-6);
    EXPECT_LT(gradient_check<with_memory_from>().error, 1e-6);
}
TEST(recurrent, two_layers_have_the_right_gradients) { EXPECT_LT(gradient_check<two_layers>().error, 1e-6); }

// --- scans of other bodies

inline constexpr auto start_of = [](value x) {
    return broadcast_to(constant(*x.owner, 0), {x.extent(-1)}, x.batched());
};
// adds the items up, each times a value from outside that depends on the whole sequence
inline constexpr auto weighted_sum = [](value x) {
    const value scale = mean(x, axes(0)) + parameter("scale", {x.extent(-1)}, initial::constant(1)).with(x);
    return scan([&](value h, value item) { return h + scale * item; }, start_of(x), x);
};
// counts, whatever the items are
inline constexpr auto halves = [](value x) {
    const value first = mean(x, axes(0)) + parameter("first", {x.extent(-1)}, initial::constant(1)).with(x);
    return scan([](value h, value) { return 0.5 * h; }, first, x);
};
// a scan on the results of a scan
inline constexpr auto sums_of_sums = [](value x) {
    const auto add = [](value h, value item) { return h + item; };
    return scan(add, start_of(x), scan(add, start_of(x), x));
};

// a cell that binds its parameters in the body
inline constexpr auto own_cell = [](value x) {
    return scan([](value h, value item) { return tanh(dense<2>(concatenate({h, item}))); }, start_of(x), x);
};
// hands a value from outside on as its carry, whatever came before
inline constexpr auto forgetful = [](value x) {
    const value whole = mean(x, axes(0)) * parameter("scale", {x.extent(-1)}, initial::constant(2)).with(x);
    return scan([&](value, value) { return whole; }, start_of(x), x);
};

struct with_own_cell : network<own_cell, shape<4, 2>> {};
struct constant_carry : network<forgetful, shape<4, 2>> {};
struct outside : network<weighted_sum, shape<4, 2>> {};
struct heedless : network<halves, shape<4, 2>> {};
struct nested : network<sums_of_sums, shape<4, 2>> {};

// from a number, and from one that is learnt
inline constexpr auto from_one = [](value x) {
    const value one = broadcast_to(constant(*x.owner, 1), {features}, x.batched());
    return scan([](value h, value item) { return 0.5 * h + item; }, one, x);
};
inline constexpr auto from_a_parameter = [](value x) {
    const value first = parameter("first", {features}, initial::constant(3)).with(x);
    return scan([](value h, value item) { return 0.5 * h + item; }, first, x);
};
struct begins_with_one : network<from_one, shape<frames, features>> {};
struct begins_as_learnt : network<from_a_parameter, shape<frames, features>> {};

TEST(scan, streams_from_where_it_starts) {
    expect_streams_everywhere<begins_with_one>();
    expect_streams_everywhere<begins_as_learnt>();
    EXPECT_EQ(stream_of<begins_with_one>::graph.state_count, 1);
}

template <class Net, class Backend> std::vector<double> outcome(const std::vector<double>& x) {
    model<Net, Backend, batch<1>, double> m;
    return copy_of<double>(m(x));
}
template <class Net> void expect_outcome(const std::vector<double>& x, const std::vector<double>& y) {
    expect_equal(y, outcome<Net, backend::scalar>(x));
    expect_equal(y, outcome<Net, backend::simd>(x));
}

TEST(scan, may_use_a_value_from_outside) {
    expect_outcome<outside>({1, 0, 2, 0, 3, 4, 6, 0}, {4, 0, 12, 0, 24, 8, 48, 8});
    EXPECT_LT(gradient_check<outside>().error, 1e-6);
}
TEST(scan, may_ignore_its_items) {
    expect_outcome<heedless>({0, 1, 2, 1, 4, 1, 6, 1}, {2, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125});
    EXPECT_LT(gradient_check<heedless>().error, 1e-6);
}
TEST(scan, may_follow_a_scan) {
    expect_outcome<nested>({1, 0, 1, 0, 1, 5, 1, 0}, {1, 0, 3, 0, 6, 5, 10, 10});
    EXPECT_LT(gradient_check<nested>().error, 1e-6);
}

TEST(scan, may_bind_parameters_in_its_body) {
    EXPECT_EQ(with_own_cell::parameter_count, 4 * 2 + 2);
    EXPECT_LT(gradient_check<with_own_cell>().error, 1e-6);
}
TEST(scan, may_hand_on_a_value_from_outside) {
    expect_outcome<constant_carry>({1, 0, 2, 0, 3, 4, 6, 0}, {6, 2, 6, 2, 6, 2, 6, 2});
    EXPECT_LT(gradient_check<constant_carry>().error, 1e-6);
}

inline constexpr auto grows = [](value x) {
    return scan([](value h, value item) { return concatenate({h, item}); }, start_of(x), x);
};
static_assert(mistake<grows, 4, 2>().expected.view() == "a body that returns (2)");

// a carry for all samples that a body turns into one of each
inline constexpr auto personal = [](value x) {
    const value list = parameter("list", {5, 3}).with(x), first = parameter("first", {3}).with(x);
    return scan([&](value h, value v) { return 0.5 * h + v * x; }, first, list);
};
static_assert(mistake<personal, 3>().expected.view() == "a carry that each sample has one of");

}  // namespace
