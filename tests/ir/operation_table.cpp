// The table of operations against nodes that the vocabulary makes, and concatenations, the operation of any number of
// arguments.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>
#include <tessera/passes/differentiate.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tuple>
#include <vector>

#include "../nodes.hpp"
#include "../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// what has no implementation of its own: sources, and the marks of a loop
constexpr bool is_implemented(op kind) {
    bool found = false;
    with_operation(kind, [&](auto) { found = true; });
    return found;
}
static_assert([] {
    for (const operation_facts& f : operation_table)
        if (is_implemented(f.kind) == (f.source || f.kind == op::loop || f.kind == op::loop_end)) return false;
    return true;
}());
// what moves elements of whatever type runs as one of numbers of their size
constexpr bool is_moved(op kind) {
    bool found = false;
    with_moving_operation(kind, [&](auto) { found = true; });
    return found;
}
static_assert([] {
    for (const operation_facts& f : operation_table)
        if (f.any_element && !is_moved(f.kind)) return false;
    return true;
}());
static_assert([] {
    for (const operation_facts& f : operation_table) {
        if (f.least > f.most || f.most > max_arguments || f.name.empty() || (f.source && f.most > 0)) return false;
        if (f.indices != 0 && f.indices >> f.most != 0) return false;
        if ((f.runs && !is_implemented(f.kind)) || (f.effect && f.pure)) return false;
        if (f.results < 1 || f.results > max_results || (f.results > 1 && !f.runs)) return false;
    }
    return true;
}());

// every operation, and the gradients of all that have one
graph of_every_kind() {
    graph g;
    g.purpose = phase::training;
    const value image = given(g, {6, 6, 4}), rows = given(g, {5, 4}), index = given(g, {5}, element::int32);
    const value kernel = bind(g, parameter("kernel", {3, 3, 4, 4})), table = bind(g, parameter("table", {7, 4}));
    const value weight = bind(g, parameter("weight", {4, 4})), bias = bind(g, parameter("bias", {5, 5}));
    const value kept = bind(g, state("kept", {4}));
    std::vector<value> parts;
    window two{{1, 2, 2}, {1, 2, 2}}, three{{1, 3, 3}};
    const value seen = convolution(image, kernel, three);  // (4, 4, 4)
    parts.push_back(pool_windows(op::max_pool, seen, two));
    parts.push_back(pool_windows(op::average_pool, seen, two));
    parts.push_back(resample(seen, 0, 3, resampling::linear));
    parts.push_back(sample(seen, slice(rows, 1, 0, 2)));
    parts.push_back(permute(seen, {2, 1, 0}));
    parts.push_back(relayout(seen, {2, 0, 1}, 8) * 3);
    parts.push_back(slice(seen, 0, 1, 2));
    parts.push_back(padded(seen, {1, 0, 0}, {0, 1, 0}));
    parts.push_back(unfold(seen, two));
    parts.push_back(concatenate({seen, 2 * seen, max(seen, all) * seen}));
    const value found = gather(table, index);  // (5, 4)
    parts.push_back(found);
    parts.push_back(einsum("ti,io->to", rows, weight));
    parts.push_back(one_hot(index, 9) * random_like(one_hot(index, 9)));
    parts.push_back(softmax_over_last(op::softmax, rows) * softmax_over_last(op::log_softmax, found));
    const value heads = reshape(found, {5, 2, 2});
    parts.push_back(attend(heads, heads, heads, {}, bias));
    parts.push_back(scan([&](value h, value x) { return tanh(einsum("i,io->o", h, weight) + x); }, kept, rows));
    parts.push_back(batch_mean(rows));
    parts.push_back(cumulative_sum(rows, 0) * segment_sum(rows, index, 1));
    parts.push_back(to_real(index) * max(rows, last));
    parts.push_back(cast<real>(square(cast<float64>(rows))));
    parts.push_back(scale_gradient(found, 2));
    const value one = reshape(slice(rows, 0, 0, 1), {1, 2, 2});
    parts.push_back(stop_gradient(attention_nodes::over_kept({}, one, one, one)));
    parts.push_back(to_real(integer_product(quantise<int8>(rows, 1), quantise<int8>(found, 1))) *
                    bit_product(sign_bits(rows), sign_bits(found)));
    parts.push_back(signs_of(sign_bits(rows)) * to_real(to_integer(sign_bits(rows))));
    parts.push_back(stop_gradient(delayed(slice(rows, 0, 0, 1), 3, 2)));
    const sorted_values most = top_k(found, 2);
    parts.push_back(most.values * to_real(to_index(slice(rows, 1, 0, 2), 4) * 2));
    parts.push_back(take_along_axis(rows, most.indices));
    update(kept, kept + batch_mean(slice(rows, 0, 0, 1), all));
    value loss = constant(g, 0);
    for (const value& p : parts) loss = loss + sum(square(p));
    loss = broadcast_to(loss, {}, true);
    list<int> roots = g.parameter_ids;
    for (int i : g.real_inputs()) roots.push_back(i);
    tape t(g, roots);
    t.run(loss, broadcast_to(constant(g, 1), {}, true));
    for (int r : roots) t.gradient(r);
    g.outputs = {loss.id};
    return g;
}

TEST(operation_table, has_the_arguments_that_nodes_have) {
    const graph g = of_every_kind();
    ASSERT_FALSE(g.failed) << g.problem.expected.view() << ", " << g.problem.found.view();
    for (const operation_facts& f : operation_table) EXPECT_GT(count_of(g, f.kind), 0) << f.name;
    for (const node& n : g.nodes) {
        const operation_facts& f = facts_of(n.kind);
        EXPECT_EQ(f.kind, n.kind);
        EXPECT_GE(n.argument_count, f.least) << f.name;
        EXPECT_LE(n.argument_count, f.most) << f.name;
        EXPECT_TRUE(n.kind != op::pointwise || n.argument_count == arity(n.function)) << name_of(n.function);
        unsigned at = 0;
        for (int a : arguments_of(g, n)) {
            const bool index = !g.nodes[static_cast<std::size_t>(a)].is_floating();
            const bool takes_both = f.any_element || f.kind == op::cast;
            EXPECT_TRUE(takes_both || index == ((f.indices >> at & 1u) != 0)) << f.name << ", argument " << at;
            ++at;
        }
        if (n.kind == op::result) {
            const operation_facts& producer = facts_of(g.view().operand(n, 0).kind);
            EXPECT_GT(n.slot, 0) << producer.name;
            EXPECT_LT(n.slot, producer.results) << producer.name;
        }
    }
}

// the rows of x, each times its number counted from 1, the last one first
template <int Rows>
inline constexpr auto turned = [](value x) {
    std::vector<value> parts;
    for (int k = Rows - 1; k >= 0; --k) parts.push_back((k + 1) * slice(x, 0, k, 1));
    return concatenate(parts.data(), Rows, 0);
};
template <int Rows> struct turned_rows : network<turned<Rows>, shape<Rows, 3>> {};

template <int Rows> constexpr int concatenations() {
    int n = 0;
    for (int i = 0; i < turned_rows<Rows>::table.node_count; ++i)
        n += turned_rows<Rows>::table.nodes[i].kind == op::concatenate;
    return n;
}
static_assert(concatenations<1>() == 0 && concatenations<5>() == 1 && concatenations<max_arguments>() == 1);
static_assert(concatenations<40>() == 3);  // of 32, of 8, and of both

template <class Case> class concatenation : public testing::Test {};
template <int Rows, class Backend> struct of {
    static constexpr int rows = Rows;
    using backend = Backend;
};
using cases =
    testing::Types<of<5, backend::scalar>, of<5, backend::simd>, of<40, backend::scalar>, of<40, backend::simd>>;
TYPED_TEST_SUITE(concatenation, cases);

TYPED_TEST(concatenation, of_any_number_of_parts) {
    constexpr int rows = TypeParam::rows, samples = 2, size = rows * 3;
    static model<turned_rows<rows>, typename TypeParam::backend, batch<samples>, float, gradients_of<weighted_outputs>>
        m;
    std::vector<float> x, w;
    for (int i = 0; i < samples * size; ++i) {
        x.push_back(static_cast<float>(i % 17 - 8));
        w.push_back(static_cast<float>(i % 13 - 6));
    }
    m(x, w);
    const auto y = m.output(), dx = m.gradient();
    for (int s = 0; s < samples; ++s)
        for (int k = 0; k < rows; ++k)
            for (int i = 0; i < 3; ++i) {
                const auto at = static_cast<std::size_t>(s * size + k * 3 + i);
                const auto turned_to = static_cast<std::size_t>(s * size + (rows - 1 - k) * 3 + i);
                EXPECT_EQ(y[turned_to], static_cast<float>(k + 1) * x[at]) << k;
                EXPECT_EQ(dx[at], static_cast<float>(k + 1) * w[turned_to]) << k;
            }
}

}  // namespace
