#include <tessera/program.hpp>
//
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/resampling/upsample_bilinear.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

struct usual : network<(conv<4, 3> >> batch_norm >> relu >> max_pool<2> >> flatten >> dense<3>), shape<8, 8, 1>> {};
static_assert(program<usual, backend::simd>::runs_natively);

struct enlarging : network<(upsample_bilinear<2> >> conv<4, 3>), shape<8, 8, 1>> {};
using enlarged = program<enlarging, backend::simd>;

TEST(program, says_what_it_has_no_kernel_for) {
    EXPECT_EQ(enlarged::falls_back_on, text("resample"));
    EXPECT_FALSE(enlarged::runs_natively);
    EXPECT_TRUE((program<enlarging, backend::scalar>::runs_natively));
}

// loops, forward and back, whose values move by kernels of their own
struct recurrent : network<gru<2>, shape<3, 2>> {};
static_assert(program<recurrent, backend::simd, batch<2>, float, training<squared_error>>::runs_natively);

struct without_kernels : backend::scalar {
    static constexpr bool has_kernel(op) { return false; }
};
TEST(program, says_that_it_has_no_kernel_for_what_a_loop_moves) {
    using p = program<recurrent, without_kernels>;
    EXPECT_EQ(p::falls_back_on, text("einsum, slice, carry, item, next, stack"));
}

}  // namespace
