// join: concatenations that are no copy, and those that have to be one. What a call of one sample joins, a batch copies:
// both give the same.
#include <tessera/passes/join.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Program> constexpr int joins() {
    int count = 0;
    for (int i = 0; i < Program::nodes; ++i)
        count += Program::graph.nodes[i].kind == op::concatenate && Program::places.elided[i];
    return count;
}
template <class Net> inline constexpr int joined_in = joins<program<Net, backend::simd>>();

template <class Net> void agrees() {
    static_assert(joins<program<Net, backend::simd, batch<3>>>() == 0, "samples of a part are apart");
    model<Net, backend::simd> one(5);
    model<Net, backend::scalar> also_one(5);
    model<Net, backend::simd, batch<3>> several(5);
    const auto size = static_cast<std::size_t>(program<Net, backend::simd>::graph.inputs[0].shape.size());
    std::vector<float> x(3 * size);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i)));
    const auto all = several(x);
    for (std::size_t s = 0; s < 3; ++s) {
        const auto own = std::span(x).subspan(s * size, size);
        const auto y = one(own), z = also_one(own);
        for (std::size_t i = 0; i < y.size(); ++i) {
            EXPECT_NEAR(y[i], all[s * y.size() + i], 1e-5) << i;
            EXPECT_NEAR(z[i], all[s * y.size() + i], 1e-5) << i;
        }
    }
}

struct two : network<[](value x) { return concatenate({dense<16>(x), tanh(dense<32>(x)), dense<3>(x)}); }, shape<8>> {};
static_assert(joined_in<two> == 1 && joins<program<two, backend::scalar>>() == 1);
TEST(join, parts_are_made_where_they_stand) { agrees<two>(); }

// the sum could be written over the concatenation, of which a part is read again and again
struct read_again : network<[](value x) {
    const value a = reshape(tanh(dense<16>(x)), {1, 16}), b = reshape(dense<16>(x), {1, 16});
    return dense<4>(relu(concatenate({a, b}, 0) * 2.0F + a) - b);
},
                            shape<8>> {};
static_assert(joined_in<read_again> == 1);
TEST(join, nothing_is_written_over_a_part) { agrees<read_again>(); }

struct of_lines : network<[](value x) { return concatenate({dense<5>(x), dense<16>(x)}); }, shape<8>> {};
struct of_inputs : network<[](value x) { return concatenate({x, dense<16>(x)}); }, shape<16>> {};
struct twice : network<[](value x) {
    const value y = dense<16>(x);
    return concatenate({y, y});
},
                       shape<8>> {};
struct in_columns : network<[](value x) { return concatenate({dense<16>(x), dense<16>(x)}); }, shape<2, 8>> {};
static_assert(joined_in<of_lines> == 0, "parts begin at lines");
static_assert(joined_in<of_inputs> == 0 && joined_in<twice> == 0 && joined_in<in_columns> == 0);
// rows of few elements each, some of them parts of others; more rows than are copied at a time
struct few_in_each_row : network<[](value x) {  // (150, 15)
    const value y = tanh(x);
    return concatenate({slice(x, 1, 3, 1), slice(y, 1, 1, 2), slice(y, 1, 0, 5) * 2.0F, slice(x, 1, 9, 3), y * x,
                        slice(y, 1, 11, 4), slice(y, 1, 0, 1) + 1.0F},
                       1);
},
                                 shape<150, 15>> {};
TEST(join, others_are_copied) {
    agrees<few_in_each_row>();
    agrees<of_lines>();
    agrees<of_inputs>();
    agrees<twice>();
    agrees<in_columns>();
}

// of joined ones, the inner ones
struct nested : network<[](value x) {
    const value inner = concatenate({dense<16>(x), dense<16>(x)});
    return concatenate({inner, tanh(dense<16>(x))}) * 2.0F;
},
                        shape<8>> {};
static_assert(joined_in<nested> == 1);
TEST(join, one_in_another) { agrees<nested>(); }

struct recurrent : network<lstm<32>, shape<6, 12>> {};
static_assert(joined_in<recurrent> == 1);
TEST(join, in_loops) { agrees<recurrent>(); }

}  // namespace
