// pooling_rule: which windows of a maximum or a mean have a fixed kernel.
#pragma once
#include <tessera/backend/simd/anchor/pooling.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct fixed_pooling {
    bool exists = false, largest = false, counts_inside = false;
    pooling_shape shape;  // count: images

    constexpr bool bordered() const {
        for (int a = 0; a < 3; ++a)
            if (shape.w.before[a] > 0 || shape.w.after[a] > 0) return true;
        return false;
    }
};
template <class Arch, class T>
constexpr fixed_pooling fixed_pooling_of(const graph_view& g, const node& self, int capacity) {
    const auto p = anchor<Arch, T, op::max_pool>::prepare(g, self);
    fixed_pooling f{false, self.kind == op::max_pool, p.by == divisor::inside, p.shape};
    f.shape.count = self.batched ? capacity : 1;
    const long pixels = static_cast<long>(f.shape.count) * p.shape.out[0] * p.shape.out[1] * p.shape.out[2];
    f.exists = g.operand(self, 0).batched == self.batched && !g.is_view(g.argument(self, 0)) &&
               (vector_traits<vector<T, Arch>>::masked || p.shape.channels % lanes<vector<T, Arch>> == 0) &&
               pixels * p.shape.channels * p.shape.w.taps() <= fixed_limits::window_work;
    return f;
}

}  // namespace tessera::detail::simd
