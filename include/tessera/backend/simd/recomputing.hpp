// recomputing: whether a prologue is computed again in the backward half of training, in place of being kept for it; see
// passes/recompute.hpp.
//
// The rule was measured (bench/passes/recomputed.cpp). A few simple operations cost nothing beside the product that reads
// them. More of them pay where what is kept would leave L2: soon, where the kernel copies its operand anyway, late where
// it would read it in place. A function that is dear itself, as exp is, has to save most of what is kept besides, and to
// be one of a basis: an activation made of one, as GELU is, costs a tenth more time than it is worth.
#pragma once
#include <tessera/backend/simd/anchor/convolution.hpp>
#include <tessera/passes/recompute.hpp>

namespace tessera::detail::simd {

// whether the kernel copies its first operand where that is in memory too, as good as always
template <class Arch> constexpr bool copies_operand(const graph_view& g, const node& self) {
    if (self.kind != op::convolution && self.kind != op::convolution_backward_data) return false;
    return anchor<Arch, float, op::convolution>::prepare(g, self).one.method() != convolution_method::product;
}

template <class Arch>
constexpr bool computes_again(const graph_view& g, const node& self, const recomputed_code& code) {
    constexpr long cache = 1 << 20;
    constexpr int largest_activation = 16;
    const long saved = code.kept - code.left;
    if (!code.dear && code.members <= 4) return true;
    if (code.dear && (6 * code.left > code.kept || code.members <= largest_activation)) return false;
    return saved >= (copies_operand<Arch>(g, self) ? 2 : code.dear ? 32 : 8) * cache;
}

}  // namespace tessera::detail::simd
