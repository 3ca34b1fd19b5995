// multiply_out: products that use no element twice are pointwise code and sums, with the values that they had; others stay.
#include <tessera/passes/multiply_out.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct product {
    const char *a, *b, *out;
    extents x, y;
    bool of_weights;         // y is a parameter
    bool summed_over_batch;  // the result is one for all samples
    bool multiplied;
};

// equation, extents and what becomes of it
const product products[] = {
    {"ij", "jd", "ijd", {3, 4}, {4, 5}, false, false, true},            // one term
    {"ij", "kj", "kij", {3, 4}, {2, 4}, true, false, true},             //
    {"ai", "io", "ao", {7, 1}, {1, 5}, true, false, true},              // one feature
    {"ij", "k", "kji", {3, 4}, {2}, false, false, true},                // the operand is permuted
    {"ijd", "jd", "ij", {3, 4, 5}, {4, 5}, false, false, true},         // one column, of neighbours
    {"ijd", "dj", "ji", {3, 4, 5}, {5, 4}, false, false, true},         // other orders
    {"jd", "ijd", "ij", {4, 5}, {3, 4, 5}, false, false, true},         // one row
    {"ijd", "ijd", "jd", {3, 4, 5}, {3, 4, 5}, false, false, true},     // one row and one column
    {"ijd", "idj", "j", {3, 4, 5}, {3, 5, 4}, false, false, true},      //
    {"ijd", "ijd", "jd", {3, 4, 5}, {3, 4, 5}, false, true, true},      // and all samples
    {"ij", "ijd", "jd", {3, 4}, {3, 4, 5}, false, false, false},        // terms apart: rows of a matrix
    {"nd", "d", "n", {3, 4}, {4}, false, false, false},                 // one matrix a sample
    {"ai", "io", "ao", {3, 4}, {4, 5}, true, false, false},             // weights used by each row
    {"ip", "ipd", "id", {3, 4}, {3, 4, 5}, true, false, false},         // by each sample
    {"ip", "ijd", "ipjd", {3, 4}, {3, 2, 5}, false, true, false},       // a sum over samples alone, of matrices
    {"htd", "hsd", "hts", {2, 3, 4}, {2, 3, 4}, false, false, false}};  //

TEST(multiply_out, has_the_values_of_the_product) {
    for (const product& p : products) {
        graph g;
        const value x = given(g, p.x), y = p.of_weights ? parameter("w", p.y).with(x) : given(g, p.y);
        g.outputs.push_back(contract(p.a, p.b, p.out, x, y, p.summed_over_batch).id);
        const graph after = simplify(multiply_out(g, 0));
        const std::string name = std::string(p.a) + "," + p.b + "->" + p.out;
        EXPECT_EQ(count_of(after, op::einsum), p.multiplied ? 0 : 1) << name;

        const int samples = 3;
        all_values inputs{scattered(samples * p.x.size(), 0)}, parameters;
        (p.of_weights ? parameters : inputs).push_back(scattered((p.of_weights ? 1 : samples) * p.y.size(), 1));
        const auto result = [&](const graph& of) {
            return evaluate(of, inputs, parameters, samples)[static_cast<std::size_t>(of.outputs[0])];
        };
        const auto before = result(g), now = result(after);
        ASSERT_EQ(before.size(), now.size()) << name;
        for (std::size_t i = 0; i < now.size(); ++i) EXPECT_NEAR(now[i], before[i], 1e-14) << name;
        const node &was = g.nodes[static_cast<std::size_t>(g.outputs[0])],
                   &is = after.nodes[static_cast<std::size_t>(after.outputs[0])];
        EXPECT_TRUE(was.shape == is.shape && was.batched == is.batched) << name;
    }
}
TEST(multiply_out, leaves_what_is_small) {
    graph g;
    const value x = given(g, {16, 4, 3}), y = given(g, {4, 3});
    g.outputs.push_back(einsum("ijd,jd->ij", x, y).id);
    EXPECT_EQ(count_of(simplify(multiply_out(g)), op::einsum), 1);
    EXPECT_EQ(count_of(simplify(multiply_out(g, 1000)), op::einsum), 0);
}

// a round of routing: u (64, 5, 16)
inline constexpr auto agreement = [](value x) {
    const value u = x * parameter("w", {5, 16}, initial::normal(1));
    const value v = tanh(mean(u, axes(0)));               // (5, 16)
    const value b = softmax(einsum("ijd,jd->ij", u, v));  // (64, 5)
    return tanh(u - einsum("ij,jd->ijd", b, v));
};
struct round_of_routing : network<agreement, shape<64, 5, 16>> {};

template <class Program> constexpr int products_of() {
    int count = 0;
    for (int i = 0; i < Program::nodes; ++i) count += Program::graph.nodes[i].kind == op::einsum;
    return count;
}
using on_simd = program<round_of_routing, backend::simd, batch<3>>;
static_assert(products_of<on_simd>() == 0 && products_of<program<round_of_routing, backend::scalar>>() == 2);
static_assert(on_simd::workspace_bytes < 2 * 3 * 64 * 5 * 16 * 4, "u is kept, and no product as large");

template <class Backend, class Real> auto outputs_and_gradients() {
    using trained = model<round_of_routing, Backend, Real, batch<3>>;
    const auto m = std::make_unique<trained>(1);
    const auto t = std::make_unique<trainer<trained, squared_error, sgd>>(*m, sgd{});
    std::vector<Real> x(3 * 64 * 5 * 16), wanted(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(std::sin(0.37F * static_cast<float>(i)));
    const auto y = (*m)(x);
    std::vector<double> all(y.begin(), y.end());
    t->step(Real(1e-3), x, wanted);
    const auto dw = t->gradients();
    all.insert(all.end(), dw.begin(), dw.end());
    return all;
}
TEST(multiply_out, backends_agree) {
    const auto here = outputs_and_gradients<backend::simd, float>();
    const auto there = outputs_and_gradients<backend::scalar, double>();
    ASSERT_EQ(here.size(), there.size());
    for (std::size_t i = 0; i < here.size(); ++i) ASSERT_NEAR(here[i], there[i], 1e-5) << i;
    EXPECT_LT(gradient_check<round_of_routing>().error, 1e-6);
}

}  // namespace
