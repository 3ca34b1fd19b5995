// differentiate: the gradient graph of an expression gives what central differences give.
#include <gtest/gtest.h>

#include <tessera/passes/differentiate.hpp>
#include <tessera/passes/simplify.hpp>

#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int samples = 2;

double total(const all_values& made, int id) {
    double sum = 0;
    for (double x : made[static_cast<std::size_t>(id)]) sum += x;
    return sum;
}

// f(graph, inputs, parameter) -> value; the sum of all its elements is differentiated with respect to every input and
// to the parameter, which all samples share
template <class F> void expect_gradient(const extents& shape, const extents& parameter_shape, F f, double shift = 0) {
    graph g;
    const value x = given(g, shape), p = bind(g, parameter("p", parameter_shape));
    const value y = f(x, p);
    ASSERT_TRUE(y.valid());
    const value loss = sum(y);
    tape t(g, {x.id, p.id});
    t.run(loss, broadcast_to(constant(g, 1), loss.shape(), loss.batched()));
    g.outputs = {loss.id, t.gradient(x.id).id, t.gradient(p.id).id};
    ASSERT_FALSE(g.failed) << g.problem.expected.view();
    g = simplify(g);
    const int y_id = g.outputs[0], dx = g.outputs[1], dp = g.outputs[2];

    all_values in{scattered(samples * shape.size(), 1)}, parameters{scattered(parameter_shape.size(), 2)};
    for (double& v : in[0]) v += shift;
    const all_values made = evaluate(g, in, parameters, samples);
    const auto compare = [&](std::vector<double>& moved, int gradient, const char* what) {
        ASSERT_EQ(made[static_cast<std::size_t>(gradient)].size(), moved.size()) << what;
        for (std::size_t i = 0; i < moved.size(); ++i) {
            const double step = 1e-5, kept = moved[i];
            moved[i] = kept + step;
            const double above = total(evaluate(g, in, parameters, samples), y_id);
            moved[i] = kept - step;
            const double below = total(evaluate(g, in, parameters, samples), y_id);
            moved[i] = kept;
            EXPECT_NEAR(made[static_cast<std::size_t>(gradient)][i], (above - below) / (2 * step), 1e-8) << what << i;
        }
    };
    compare(in[0], dx, "x ");
    compare(parameters[0], dp, "p ");
}

TEST(differentiate, functions_of_one_argument) {
    using s = scalar_function;
    for (s f : {s::identity, s::negate, s::absolute, s::square, s::exponential, s::sine, s::cosine, s::tangent_h,
                s::sigmoid, s::error_function, s::relu, s::sign, s::floor, s::round, s::arc_sine, s::arc_cosine}) {
        SCOPED_TRACE(name_of(f));
        expect_gradient({3}, {3}, [f](value x, value p) { return apply(f, x) * p; });
    }
    for (s f : {s::square_root, s::reciprocal_root, s::reciprocal, s::logarithm, s::log_one_plus}) {
        SCOPED_TRACE(name_of(f));
        expect_gradient({3}, {3}, [f](value x, value p) { return apply(f, x) * p; }, 2);
    }
}
TEST(differentiate, functions_of_two_and_three) {
    using s = scalar_function;
    for (s f : {s::add, s::subtract, s::multiply, s::divide, s::minimum, s::maximum, s::less, s::arc_tangent}) {
        SCOPED_TRACE(name_of(f));
        expect_gradient({3}, {3}, [f](value x, value p) { return apply(f, p * 2, x) * x; }, 3);
    }
    expect_gradient({3}, {3}, [](value x, value p) { return pow(x, p); }, 3);
    expect_gradient({3}, {3}, [](value x, value p) { return select(less(x, p), x * p, square(p)); });
}
TEST(differentiate, a_value_used_twice_gets_the_sum) {
    expect_gradient({3}, {3}, [](value x, value p) {
        const value h = tanh(x * p);
        return h * h * x + exp(h) - p * h;
    });
}
TEST(differentiate, stretched_operands) {
    expect_gradient({2, 3}, {3}, [](value x, value p) { return exp(x * p) * p; });
    expect_gradient({2, 3}, {2, 1}, [](value x, value p) { return sin(x + p); });
    expect_gradient({2, 3}, {}, [](value x, value p) { return x * x * p; });
}
TEST(differentiate, products) {
    expect_gradient({2, 3}, {3, 4}, [](value x, value p) { return square(einsum("ab,bc->ac", x, p)); });
    expect_gradient({2, 3}, {2, 3}, [](value x, value p) { return exp(einsum("ab,cb->ac", x, p * x)); });
    expect_gradient({4}, {4}, [](value x, value p) { return square(einsum("a,b->ab", x, p)); });
}
TEST(differentiate, reductions_and_softmax) {
    expect_gradient({2, 3}, {3}, [](value x, value p) { return square(sum(x * p, last)) + square(mean(x)); });
    expect_gradient({2, 3}, {3}, [](value x, value p) { return max(x * p, axes(0)) * p; });
    expect_gradient({2, 3}, {3}, [](value x, value p) { return softmax_over_last(op::softmax, x * p) * p; });
    expect_gradient({2, 3}, {3}, [](value x, value p) { return softmax_over_last(op::log_softmax, x * p) * p; });
}
TEST(differentiate, the_batch_reduced) {
    expect_gradient({3}, {3}, [](value x, value p) { return square(x - batch_mean(x * p)); });
    expect_gradient({3}, {3}, [](value x, value p) { return exp(batch_sum(x)) * p; });
}
TEST(differentiate, where_things_are) {
    expect_gradient({2, 3}, {6}, [](value x, value p) { return square(reshape(x, {6}) * p); });
    expect_gradient({2, 3}, {3, 2}, [](value x, value p) { return square(permute(x, {1, 0}) * p); });
    expect_gradient({2, 3}, {2, 2}, [](value x, value p) { return square(concatenate({x, p * p})); });
}
TEST(differentiate, windows) {
    window w;
    w.kernel[1] = w.kernel[2] = 2;
    w.before[2] = 1;
    expect_gradient({3, 3, 2}, {2, 2, 2, 2}, [w](value x, value p) { return square(convolution(x, p, w)); });
    expect_gradient({3, 3, 2}, {2}, [w](value x, value p) { return square(pool_windows(op::max_pool, x * p, w)); });
    expect_gradient({3, 3, 2}, {2}, [w](value x, value p) { return square(pool_windows(op::average_pool, x * p, w)); });
}

// zero, and the shape of the root, where nothing depends on it
TEST(differentiate, of_what_is_not_used) {
    expect_gradient({3}, {2, 2}, [](value x, value) { return exp(x); });
}
TEST(differentiate, stops_where_it_is_told) {
    graph g;
    const value x = given(g, {3}), y = sum(x * stop_gradient(exp(x)));
    tape t(g, {x.id});
    t.run(y, broadcast_to(constant(g, 1), {}, true));
    const value dx = t.gradient(x.id);
    const all_values in{scattered(3, 4)}, made = evaluate(g, in, {}, 1);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(made[static_cast<std::size_t>(dx.id)][i], std::exp(in[0][i]), 1e-14);
}
// a branch that leads to nothing wanted gets no adjoints
TEST(differentiate, skips_what_is_not_wanted) {
    graph g;
    const value x = given(g, {3}), other = given(g, {3}), y = sum(exp(other) * x);
    const auto before = count_of(g, scalar_function::exponential);
    tape t(g, {x.id});
    t.run(y, broadcast_to(constant(g, 1), {}, true));
    const value dx = t.gradient(x.id);
    EXPECT_EQ(count_of(g, scalar_function::exponential), before);
    const all_values in{scattered(3, 4), scattered(3, 5)}, made = evaluate(g, in, {}, 1);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(made[static_cast<std::size_t>(dx.id)][i], std::exp(in[1][i]));
}

}  // namespace
