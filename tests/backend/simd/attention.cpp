// Attention and its gradients against the reference implementations in double, over sizes, masks and numbers of
// threads.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <tessera/backend/simd/anchor.hpp>
#include <tessera/passes/differentiate.hpp>
#include <vector>

#include "../../nodes.hpp"
#include "../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using simd::default_arch;

struct attention_case {
    int queries, keys, heads, width, depth;
    attention_options options = {};
    extents bias = {};  // none if of rank 0
    int samples = 1;
    bool shared_queries = false;
    bool hides = false;  // the bias (T, S) hides all keys from query 1, and key 0 from query 0
};

// y, and every node of its backward half
graph nodes_of(const attention_case& c) {
    graph g;
    g.purpose = phase::training;
    const extents of_queries{c.queries, c.heads, c.width};
    const value q = c.shared_queries ? bind(g, parameter("q", of_queries)) : given(g, of_queries);
    const value k = given(g, {c.keys, c.heads, c.width}), v = given(g, {c.keys, c.heads, c.depth});
    const value w = given(g, {c.queries, c.heads, c.depth});
    const value bias = c.bias.rank > 0 ? bind(g, parameter("bias", c.bias)) : value{};
    list<int> roots{q.id, k.id, v.id};
    if (c.bias.rank > 0) roots.push_back(bias.id);
    const value total = sum(attend(q, k, v, c.options, bias) * w);
    tape t(g, roots);
    t.run(total, broadcast_to(constant(g, 1), {}, true));
    for (int r : roots) t.gradient(r);
    return g;
}

struct kernel_room {
    std::vector<std::byte> memory;
    std::byte* data;
    explicit kernel_room(std::size_t bytes) : memory(bytes + 64) {
        void* at = memory.data();
        std::size_t space = memory.size();
        data = static_cast<std::byte*>(std::align(64, bytes, at, space));
    }
};

// a node's operands, rounded to T
template <class T> struct operands {
    std::vector<std::vector<T>> x;
    std::vector<const T*> addresses;
    call<T> c;
    operands(const graph& g, const node& n, const all_values& made, int samples) {
        c.graph = g.view();
        c.self = &n;
        c.count = samples;
        for (int a : arguments_of(g, n)) {
            auto& own = x.emplace_back();
            for (double number : made[static_cast<std::size_t>(a)])
                own.push_back(static_cast<T>(static_cast<float>(number)));
            addresses.push_back(own.data());
        }
        c.x = addresses.data();
    }
};

// the results of a node, one after another
template <class T> struct results {
    std::vector<std::size_t> sizes;
    std::vector<T> y;
    T* further[max_results - 1] = {};

    results(const call<T>& c, T fill) {
        const auto add = [&](int size) { sizes.push_back(static_cast<std::size_t>(c.samples() * size)); };
        add(c.self->shape.size());
        const extents& q = c.argument(0).shape;
        if (c.self->kind == op::attention) add(q[0] * q[1]);
        for (int k = 1; k < 3 && c.self->kind == op::attention_gradient; ++k) add(c.argument(k).shape.size());
        std::size_t count = 1;
        for (std::size_t n : sizes) count += n;
        y.assign(count, fill);
    }
    void receive(call<T>& c) {
        T* to = c.y = y.data();
        for (std::size_t k = 1; k < sizes.size(); ++k) further[k - 1] = to += sizes[k - 1];
        c.further = further;
    }
};

template <class T, op Kind>
void expect_reference(const graph& g, const node& n, const all_values& made, const attention_case& c) {
    using work = simd::anchor<default_arch, T, Kind>;
    static_assert(work::native);
    operands<double> exact(g, n, made, c.samples);
    results<double> exact_results(exact.c, 0);
    exact_results.receive(exact.c);
    std::vector<double>& wanted = exact_results.y;
    for (int i = 0; i < attention_operation::items(exact.c); ++i) attention_operation::run(exact.c, i);
    double largest = 0;
    for (double x : wanted) largest = std::max(largest, std::abs(x));

    operands<T> own(g, n, made, c.samples);
    const auto prepared = work::prepare(g.view(), n);
    std::size_t bytes = 0;
    for (int count = 1; count <= c.samples; ++count) bytes = std::max(bytes, work::workspace(prepared, count));
    kernel_room room(bytes);
    std::vector<T> first;
    for (int used : {1, 2, 5}) {
        std::fill(room.memory.begin(), room.memory.end(), std::byte{0xff});  // not a number
        results<T> own_results(own.c, T(77));
        own_results.receive(own.c);
        const std::vector<T>& found = own_results.y;
        simd::threads::set_count(used);
        work::run(prepared, own.c, {}, room.data);
        simd::threads::set_count(1);
        ASSERT_EQ(found.back(), T(77));
        if (used == 1) first = found;
        ASSERT_EQ(std::memcmp(first.data(), found.data(), found.size() * sizeof(T)), 0);
    }
    const double allowed = (sizeof(T) == 4 ? 1e-5 : 1e-13) * largest + 1e-30;
    for (std::size_t i = 0; i + 1 < wanted.size(); ++i)
        ASSERT_NEAR(static_cast<double>(first[i]), wanted[i], allowed) << name_of(Kind) << " " << i;
}

template <class T> void expect_reference(const attention_case& c) {
    const graph g = nodes_of(c);
    ASSERT_FALSE(g.failed);
    all_values inputs, parameters;
    for (std::size_t i = 0; i < g.inputs.size(); ++i)
        inputs.push_back(scattered(c.samples * g.inputs[i].shape.size(), i));
    for (std::size_t i = 0; i < g.parameters.size(); ++i)
        parameters.push_back(scattered(g.parameters[i].shape.size(), 10 + i));
    if (c.hides) {
        std::fill_n(parameters.back().begin() + c.keys, c.keys, -std::numeric_limits<double>::infinity());
        parameters.back()[0] = -std::numeric_limits<double>::infinity();
    }
    const all_values made = evaluate(g, inputs, parameters, c.samples);
    int seen = 0;
    for (const node& n : g.nodes) {
        ++seen;
        if (n.kind == op::attention)
            expect_reference<T, op::attention>(g, n, made, c);
        else if (n.kind == op::attention_gradient)
            expect_reference<T, op::attention_gradient>(g, n, made, c);
        else if (n.kind == op::attention_bias)
            expect_reference<T, op::attention_bias>(g, n, made, c);
        else
            --seen;
    }
    EXPECT_EQ(seen, c.bias.rank > 0 ? 3 : 2);
}

const attention_case cases[] = {
    {1, 1, 1, 1, 1},
    {1, 5, 2, 8, 8},
    {3, 300, 2, 16, 17, {.scale = 2}},
    {4, 130, 1, 7, 32},
    {5, 3, 3, 9, 5, {.scale = 0.3}, {}, 3},
    {8, 128, 1, 64, 64, {.scale = 0.125}},
    {13, 129, 2, 33, 31, {.scale = 0.2}, {}, 2},
    {65, 64, 1, 8, 128, {.scale = 0.5}},
    {70, 257, 2, 16, 40, {.scale = 0.5}},
    {300, 40, 1, 24, 8, {.scale = 0.5}},
    {1, 1, 2, 3, 4, {.causal = true}},
    {33, 33, 2, 9, 11, {.causal = true}, {}, 2},
    {150, 150, 1, 16, 16, {.scale = 0.5, .causal = true}},
    {70, 200, 1, 16, 16, {.scale = 0.5, .causal = true}},
    {2, 140, 1, 16, 16, {.scale = 0.5, .causal = true}},
    {19, 140, 2, 16, 16, {.scale = 5, .cap = 2}},
    {19, 140, 2, 8, 8, {}, {2, 19, 140}, 2},
    {70, 70, 2, 8, 8, {.causal = true}, {70, 70}, 3},
    {9, 67, 3, 8, 8, {.scale = 3, .cap = 1.5}, {3, 1, 67}, 2},
    {2, 67, 3, 8, 8, {}, {67}, 2},
    {7, 67, 3, 8, 8, {}, {}, 3, true},
    {3, 67, 2, 8, 8, {}, {3, 67}, 2, false, true},
    {9, 7, 4, 8, 8, {}, {9, 7}, 30},
    {70, 300, 2, 8, 9, {.causal = true}, {70, 300}, 1, false, true},
    {19, 140, 2, 8, 8, {.by_offset = true}, {2, 158}, 2},
    {150, 150, 2, 8, 8, {.scale = 0.5, .causal = true, .by_offset = true}, {2, 299}, 3},
    {70, 3, 3, 9, 5, {.scale = 3, .cap = 1.5, .by_offset = true}, {1, 72}, 2},
    {2, 67, 1, 8, 8, {.by_offset = true}, {68}, 4},
    // a query a lane: few keys, few queries, more than a chunk and a block of them, whole vectors or not
    {200, 1, 1, 1, 1},
    {70, 17, 2, 9, 5, {.scale = -2}, {}, 2},
    {150, 32, 1, 16, 16, {.scale = 0.5}},
    {17, 33, 1, 8, 24, {.scale = 40}, {}, 2},
    {64, 70, 1, 16, 7, {.scale = 0.5}, {}, 2, true},
};

TEST(simd_attention, float_is_that_of_the_reference) {
    for (const attention_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        expect_reference<float>(c);
    }
}
TEST(simd_attention, double_is_that_of_the_reference) {
    for (const attention_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        expect_reference<double>(c);
    }
}

TEST(simd_attention, exponential_of_what_is_not_positive) {
    using V = simd::vector<float, default_arch>;
    const auto one = [](float x) {
        float y[simd::lanes<V>];
        simd::store_to(y, simd::exp_of_negative(V(x)));
        return y[0];
    };
    for (float x = 0; x > -87; x -= 0.37f) ASSERT_NEAR(one(x), std::exp(x), 3e-7f * std::exp(x));
    EXPECT_EQ(one(0), 1.0f);
    EXPECT_EQ(one(-88), 0.0f);
    EXPECT_EQ(one(-1e30f), 0.0f);
    EXPECT_EQ(one(-std::numeric_limits<float>::infinity()), 0.0f);
    EXPECT_TRUE(std::isnan(one(std::numeric_limits<float>::quiet_NaN())));
}

// what a later key holds is nothing to a query before it, NaN and infinities neither
TEST(simd_attention, causal_rows_do_not_read_later_values) {
    for (int places : {4, 9, 150}) {
        simd::attention_shape s;
        s.queries = s.keys = places;
        s.depth = 3;
        s.causal = true;
        const auto n = static_cast<std::size_t>(places);
        std::vector<float> q(n, 1), k(n, 1), v(3 * n), y(3 * n);
        for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(i / 3);
        kernel_room room(simd::attention_workspace<default_arch, float>(s, 1));
        const auto head = [&](int, int) {
            return simd::attention_head<float>{{q.data(), 1}, {k.data(), 1}, {v.data(), 3}, {}, y.data(), nullptr, 3};
        };
        for (std::size_t bad = 1; bad < n; bad += n > 20 ? 37 : 1)
            for (float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
                std::vector<float> kept(v.begin(), v.end());
                v[3 * bad + 1] = value;
                simd::attention<default_arch, float>(s, 1, head, room.data);
                v = kept;
                for (std::size_t t = 0; t < n; ++t)
                    for (std::size_t i = 0; i < 3; ++i) {
                        const float found = y[3 * t + i];
                        if (i == 1 && t >= bad)
                            EXPECT_FALSE(std::isfinite(found)) << t << " of " << n;
                        else
                            EXPECT_NEAR(found, static_cast<float>(t) / 2, 1e-4F) << t << " of " << n << ", bad " << bad;
                    }
            }
    }
}

TEST(simd_attention, of_a_query_a_lane_is_safe_with_large_scores) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    simd::attention_shape s;
    s.queries = 19;
    s.keys = 70;
    s.depth = 1;
    ASSERT_TRUE((simd::takes_lanes<default_arch, float>(s)));
    std::vector<float> q(19, 1000), k(70, 1), v(70, 5), y(19), log_sum(19);
    kernel_room room(simd::lane_attention_plan<default_arch, float>(s, 1, false).bytes());
    const auto run = [&] {
        const auto head = [&](int, int) {
            return simd::attention_head<float>{
                {q.data(), 1}, {k.data(), 1}, {v.data(), 1}, {}, y.data(), log_sum.data(), 1, 1};
        };
        simd::lane_attention<default_arch, float>(s, 1, head, room.data);
    };
    k[69] = 3;
    v[69] = 7;
    run();
    EXPECT_EQ(y, std::vector<float>(19, 7));
    EXPECT_EQ(log_sum, std::vector<float>(19, 3000));
    q[4] = -1000;  // sees all but the last
    run();
    EXPECT_FLOAT_EQ(y[4], 5);
    EXPECT_EQ(y[5], 7);
    k.assign(70, -infinity);
    q[4] = 1;
    run();
    EXPECT_EQ(y, std::vector<float>(19, 0));
    EXPECT_EQ(log_sum, std::vector<float>(19, 0));
    k[3] = nan;
    run();
    for (const float x : y) EXPECT_TRUE(std::isnan(x));
}

// scores whose exponentials overflow, keys that are hidden, and what is not a number
TEST(simd_attention, is_safe_with_large_scores) {
    simd::attention_shape s;
    s.queries = 1;
    s.keys = 3;
    s.depth = 1;
    const float q[] = {1000}, k[] = {1, 2, 3}, v[] = {5, 6, 7};
    const float none = -std::numeric_limits<float>::infinity();
    float bias[] = {0, 0, none}, y = 0;
    kernel_room room(simd::attention_workspace<default_arch, float>(s, 1));
    const auto result = [&] {
        const auto head = [&](int, int) { return simd::attention_head<float>{{q, 1}, {k, 1}, {v, 1}, {bias, 0}, &y}; };
        simd::attention<default_arch, float>(s, 1, head, room.data);
        return y;
    };
    EXPECT_EQ(result(), 6);
    bias[0] = bias[1] = none;
    EXPECT_EQ(result(), 0);
    bias[2] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(result()));
}

}  // namespace
