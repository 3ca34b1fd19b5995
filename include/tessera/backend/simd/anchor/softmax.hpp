// The anchors of softmax and its logarithm.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/softmax.hpp>

namespace tessera::detail::simd {

template <class Arch, class T, op Kind> struct softmax_anchor {
    static constexpr bool native = true, takes_tail = true;

    struct prepared {
        int rows, columns;  // of one sample
    };
    static constexpr prepared prepare(const graph_view&, const node& self) {
        const int n = self.shape.rank == 0 ? 1 : self.shape[-1];
        return {self.shape.size() / n, n};
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }

    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte*) noexcept {
        softmax_rows<Kind == op::log_softmax, Arch>(p.rows * c.samples(), p.columns, c.x[0], c.y, after);
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::softmax> : softmax_anchor<Arch, T, op::softmax> {};
template <class Arch, class T> struct anchor<Arch, T, op::log_softmax> : softmax_anchor<Arch, T, op::log_softmax> {};

}  // namespace tessera::detail::simd
