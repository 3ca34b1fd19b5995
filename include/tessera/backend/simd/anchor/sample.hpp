// The anchor of sample: points shared out over the threads. Its gradients are the reference implementations.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/sample.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct anchor<Arch, T, op::sample> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        int points, rows, columns, channels;
        around image;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const extents& image = g.operand(self, 0).shape;
        return {self.shape.size() / image[2], image[0], image[1], image[2],
                g.attributes<sample_attributes>(self).image};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        if (p.channels == 1) return run_reference<op::sample>(c);  // nothing to make a vector of
        const int total = p.points * c.samples(), share = std::clamp(4096 / p.channels, 1, 256);
        threads::parallel(total / share + (total % share != 0), [&](int part) noexcept {
            const int begin = part * share, end = total - begin > share ? begin + share : total;
            for (int k = begin; k < end; ++k) {
                const int sample = k / p.points;
                const T* const at = c.x[1] + c.origin(1, sample) + 2L * (k % p.points);
                sample_point<Arch>(neighbours<T>::of(at[0], p.rows, p.image),
                                   neighbours<T>::of(at[1], p.columns, p.image), p.channels,
                                   c.x[0] + c.origin(0, sample), c.y + static_cast<std::ptrdiff_t>(k) * p.channels);
            }
        });
    }
};

}  // namespace tessera::detail::simd
