// Sums of very many terms in float, by the reference implementations: as in double, whatever adds up.
#include <gtest/gtest.h>

#include <limits>
#include <tessera/ir/running_sum.hpp>
#include <tessera/passes/differentiate.hpp>

#include "../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int many = 1 << 20;

template <class T> constexpr T sum_of(int n, T x, T last = T(0)) {
    summation::running_sum<T> sum;
    for (int i = 0; i < n; ++i) sum.add(x);
    sum.add(last);
    return sum.total();
}
static_assert(sum_of(31, 0.5f) == 15.5f && sum_of(1000, 1.0) == 1000);
static_assert(sum_of(0, 1.0f, 3.0f) == 3);

TEST(running_sum, error_does_not_grow_with_the_number_of_terms) {
    for (int n : {1000, 1 << 16, 1 << 20, 1 << 24}) EXPECT_NEAR(sum_of(n, 0.1f) / static_cast<float>(n), 0.1f, 4e-8f);
    EXPECT_NEAR(sum_of(1 << 24, 0.1f, -1e6f), double(0.1f) * (1 << 24) - 1e6, 1);
}
TEST(running_sum, is_infinite_or_nan_where_a_plain_sum_is) {
    constexpr float inf = std::numeric_limits<float>::infinity();
    summation::running_sum<float> sum;
    for (int i = 0; i < 100; ++i) sum.add(i == 5 ? inf : 1.0f);
    EXPECT_EQ(sum.total(), inf);
    for (int i = 0; i < 100; ++i) sum.add(1);
    EXPECT_EQ(sum.total(), inf);
    sum.add(-inf);
    EXPECT_TRUE(sum.total() != sum.total());
}

// all nodes in T, every input and parameter of equal elements; those of the last node. Loops are not inside one another.
template <class T> std::vector<T> last_value(const graph& g, T fill) {
    std::vector<std::vector<T>> made(g.nodes.size());
    std::size_t begin = 0;  // of the loop
    int turns = 0;          // of its iterations, those that are done
    loop_attributes around{};
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        const node& n = g.nodes[i];
        const T* x[max_arguments] = {};
        T* further[max_results - 1] = {};
        call<T> c;
        c.graph = g.view();
        c.self = n.kind == op::result ? &c.graph.operand(n, 0) : &n;
        c.x = x;
        c.further = further;
        if (n.kind == op::constant) continue;
        if (n.kind == op::loop) {
            begin = i;
            turns = 0;
            around = g.attributes<loop_attributes>(n);
            continue;
        }
        if (n.kind == op::loop_end) {
            for (std::size_t k = begin; k < i; ++k)
                if (g.nodes[k].kind == op::next)
                    made[static_cast<std::size_t>(g.argument(static_cast<int>(k), 0))] = made[k];
            if (++turns < around.length) i = begin;
            continue;
        }
        if (n.kind == op::carry && turns > 0) continue;
        c.first = turns == 0;
        c.iteration = around.reversed != 0 ? around.length - 1 - turns : turns;
        if (made[i].empty()) made[i].assign(static_cast<std::size_t>(n.shape.size()), fill);
        if (is_source(n.kind)) continue;
        (n.kind == op::result ? further[n.slot - 1] : c.y) = made[i].data();
        for (int k = 0; k < c.self->argument_count; ++k)
            x[k] = made[static_cast<std::size_t>(c.graph.argument(*c.self, k))].data();
        with_operation(c.self->kind, [&](auto operation) {
            for (int item = 0; item < operation.items(c); ++item) operation.run(c, item);
        });
    }
    return made.back();
}

template <class F> void expect_that_of_double(std::initializer_list<extents> shapes, F f, double allowed = 1e-6) {
    graph g;
    std::vector<value> x;
    for (const extents& e : shapes) x.push_back(given(g, e));
    f(x);
    ASSERT_FALSE(g.failed) << g.problem.expected.view();
    const std::vector<float> found = last_value(g, 0.1f);
    const std::vector<double> wanted = last_value(g, static_cast<double>(0.1f));
    for (std::size_t i = 0; i < found.size(); i += 1 + found.size() / 7)
        ASSERT_NEAR(found[i] / wanted[i], 1, allowed) << name_of(g.nodes.back().kind) << " " << i;
}

TEST(long_sums, of_means_and_products) {
    expect_that_of_double({{many}}, [](auto& x) { return mean(x[0]); });
    expect_that_of_double({{many, 2}}, [](auto& x) { return sum(x[0], leading); });
    expect_that_of_double({{many}}, [](auto& x) { return softmax_over_last(op::softmax, x[0]); });
    expect_that_of_double({{many}, {many}}, [](auto& x) { return einsum("n,n->", x[0], x[1]); });
    expect_that_of_double({{many, 1}, {many, 2}}, [](auto& x) { return einsum("ni,nj->ij", x[0], x[1]); });
}
TEST(long_sums, of_windows) {
    window w;
    w.kernel[2] = many;
    expect_that_of_double({{many, 1}}, [&](auto& x) { return pool_windows(op::average_pool, x[0], w); });
    expect_that_of_double({{many, 1}, {many, 1, 1}}, [&](auto& x) { return convolution(x[0], x[1], w); });
    expect_that_of_double({{many, 1}, {many, 1}}, [&](auto& x) {
        return convolve(op::convolution_backward_filter, x[0], x[1], window{}, 1, {1, 1, 1}, false);
    });
    expect_that_of_double({{1, many}, {1, 1, many}}, [&](auto& x) {
        return convolve(op::convolution_backward_data, x[0], x[1], window{}, 1, {1, 1}, false);
    });
    expect_that_of_double({{many, 1}}, [&](auto& x) { return resample(x[0], 0, 1, resampling::adaptive_mean); });
}
// the gradient of a parameter, y the loss, as the last value
void last_is_gradient(value of, value y) {
    graph& g = *of.owner;
    tape t(g, {of.id});
    t.run(y, broadcast_to(constant(g, 1), y.shape(), false));
    apply(scalar_function::identity, t.gradient(of.id));
}
TEST(long_sums, of_iterations) {
    for (int times : {32, 33, 1 << 16})
        expect_that_of_double({{3}, {3}, {times, 1}}, [](auto& x) {
            const auto body = [&](value h, value item) { return h * item + x[0] * item; };
            last_is_gradient(x[0], sum(scan(body, x[1], x[2]), leading));
        });
}
// y = sum_t (p x_t), so that dy/dp is what the x_t add up to, and the loop that finds it takes the rows of y's back
TEST(long_sums, of_iterations_have_a_gradient) {
    for (int times : {5, 100}) {
        graph g;
        const value p = given(g, {3}), x = given(g, {times, 3});
        loops::begin(g, times, false);
        const value rows = loops::total(p * loops::item(x), times);
        loops::end(g);
        last_is_gradient(p, sum(loops::of_total(rows, {3})));
        ASSERT_FALSE(g.failed);
        for (float d : last_value(g, 0.1f)) EXPECT_FLOAT_EQ(d, 0.1f * static_cast<float>(times));
    }
}
TEST(long_sums, of_attention) {
    constexpr int places =
        1 << 16;  // what a block of keys makes is added plainly: plain sums are 100 times further off
    expect_that_of_double(
        {{1, 1, 1}, {places, 1, 1}, {places, 1, 1}}, [](auto& x) { return attend(x[0], x[1], x[2]); }, 1e-5);
    const auto gradient = [](int queries, int keys) {
        const extents one{queries, 1, 1}, other{keys, 1, 1};
        for (int which : {0, 1, 2})
            expect_that_of_double(
                {one, other, other, one, one, one},
                [&](auto& x) {
                    const value dq = attention_nodes::make(op::attention_gradient, {.scale = 2}, one,
                                                           {x[0], x[1], x[2], x[3], x[4], x[5]}, {});
                    return which == 0 ? dq : result_of(dq, which, other);
                },
                2e-5);
    };
    gradient(1, places);
    gradient(places, 1);
}

}  // namespace
