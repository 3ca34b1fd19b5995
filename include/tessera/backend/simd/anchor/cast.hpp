// The anchor of a cast, which is of two number types: the backend runs it between the kernels of the one and the other.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/widths.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct anchor<Arch, T, op::cast> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {};
    static constexpr prepared prepare(const graph_view&, const node&) { return {}; }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    // T is the program's own type
    static void run(const graph_view& g, const node& self, const placed& from, const placed& to,
                    const tessera::detail::memory<T>& m, const tessera::detail::memory<other_real<T>>& other) noexcept {
        constexpr int share = 8192;
        const int count = self.shape.size() * (self.batched ? m.count : 1);
        with_operands_of_cast(g, self, from, to, m, other, [count](auto* y, auto x) noexcept {
            threads::parallel((count + share - 1) / share, [=](int item) noexcept {
                const int begin = item * share, end = count - begin < share ? count : begin + share;
                for (int i = begin; i < end; ++i) y[i] = x(i);
            });
        });
    }
};

}  // namespace tessera::detail::simd
