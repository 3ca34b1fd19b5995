// reduction_rule: which sums and maxima over axes have a fixed kernel.
#pragma once
#include <tessera/backend/simd/anchor/reduction.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct fixed_reduction {
    bool exists = false, largest = false;
    reduction_shape shape;
    double factor = 1;

    // rows of so many columns are what is read
    constexpr int columns() const { return shape.inner == 1 ? shape.reduced : shape.inner; }
};
template <class Arch, class T>
constexpr fixed_reduction fixed_reduction_of(const graph_view& g, const node& self, int capacity) {
    const auto p = anchor<Arch, T, op::sum>::prepare(g, self);
    fixed_reduction f;
    f.largest = self.kind == op::maximum;
    f.shape = p.of(capacity);
    f.factor = f.largest ? 1 : p.divide ? p.factor / capacity : p.factor;
    f.exists = static_cast<long>(f.shape.outer) * f.shape.reduced * f.shape.inner <= fixed_limits::window_work &&
               (f.shape.inner == 1 || f.shape.reduced <= 4 * fixed_limits::run) &&
               (vector_traits<vector<T, Arch>>::masked || f.columns() % lanes<vector<T, Arch>> == 0);
    return f;
}

}  // namespace tessera::detail::simd
