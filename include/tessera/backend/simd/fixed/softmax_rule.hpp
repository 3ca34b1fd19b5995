// softmax_rule: which rows have a fixed kernel of softmax or its logarithm.
#pragma once
#include <tessera/backend/simd/anchor/softmax.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct fixed_softmax {
    bool exists = false, logarithm = false;
    int rows = 1, columns = 1;
};
template <class Arch, class T>
constexpr fixed_softmax fixed_softmax_of(const graph_view& g, const node& self, int capacity) {
    const auto p = anchor<Arch, T, op::softmax>::prepare(g, self);
    fixed_softmax f{true, self.kind == op::log_softmax, p.rows * (self.batched ? capacity : 1), p.columns};
    f.exists = static_cast<long>(f.rows) * f.columns <= fixed_limits::elements &&
               (vector_traits<vector<T, Arch>>::masked || f.columns % lanes<vector<T, Arch>> == 0);
    return f;
}

}  // namespace tessera::detail::simd
