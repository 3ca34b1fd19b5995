// The anchors of sample and its gradients. Blocks of points are shared out over the threads; for the gradient to the
// image, which points add to in their order, samples and blocks of channels.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/sample.hpp>
#include <tessera/backend/simd/sample_gradients.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct sample_anchor {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        sample_image image;
        int points;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const extents& image = self.kind == op::sample_input ? self.shape : g.operand(self, 0).shape;
        return {{image[0], image[1], image[2], g.attributes<sample_attributes>(self).image},
                g.operand(self, 1).shape.size() / 2};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

  protected:
    // f(sample, first point, points) for blocks of so many samples, on all threads
    template <class F> static void for_blocks(const prepared& p, int samples, F f) noexcept {
        constexpr int most = sample_points<T>::most;
        const int blocks = (p.points + most - 1) / most;
        threads::parallel(samples * blocks, [&](int item) noexcept {
            const int begin = item % blocks * most;
            f(item / blocks, begin, std::min(most, p.points - begin));
        });
    }
    static void weigh(const prepared& p, const call<T>& c, int sample, int begin, int points,
                      sample_points<T>& to) noexcept {
        weigh_points<Arch>(p.image, c.x[1] + c.origin(1, sample) + std::ptrdiff_t{2} * begin, points, to);
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::sample> : sample_anchor<Arch, T> {
    using prepared = typename sample_anchor<Arch, T>::prepared;

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        anchor::for_blocks(p, c.samples(), [&](int sample, int begin, int points) noexcept {
            sample_points<T> at;
            anchor::weigh(p, c, sample, begin, points, at);
            sample_read<Arch>(p.image, c.x[0] + c.origin(0, sample), at, points,
                              c.y + (std::ptrdiff_t{sample} * p.points + begin) * p.image.channels);
        });
    }
};

// (dy (..., C), at) -> dx
template <class Arch, class T> struct anchor<Arch, T, op::sample_input> : sample_anchor<Arch, T> {
    using prepared = typename sample_anchor<Arch, T>::prepared;

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        constexpr int block = 64;  // channels
        const int channels = p.image.channels, blocks = (channels + block - 1) / block;
        const bool summed = c.sums_batch();
        threads::parallel(c.samples() * blocks, [&](int item) noexcept {
            const int of = item / blocks, from = item % blocks * block, to = std::min(channels, from + block);
            T* const dx = c.y + of * p.image.size();
            for (std::ptrdiff_t pixel = 0; pixel < p.image.size(); pixel += channels)
                std::fill(dx + pixel + from, dx + pixel + to, T(0));
            for (int s = summed ? 0 : of; s < (summed ? c.count : of + 1); ++s)
                for (int begin = 0; begin < p.points; begin += sample_points<T>::most) {
                    const int points = std::min(sample_points<T>::most, p.points - begin);
                    sample_points<T> at;
                    anchor::weigh(p, c, s, begin, points, at);
                    sample_scatter<Arch>(p.image, at, points,
                                         c.x[0] + c.origin(0, s) + std::ptrdiff_t{begin} * channels, from, to, dx);
                }
        });
    }
};

// (x, at, dy (..., C)) -> d at
template <class Arch, class T> struct anchor<Arch, T, op::sample_coordinates> : sample_anchor<Arch, T> {
    using prepared = typename sample_anchor<Arch, T>::prepared;

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        anchor::for_blocks(p, c.samples(), [&](int of, int begin, int points) noexcept {
            sample_points<T> at;
            T* const y = c.y + (std::ptrdiff_t{of} * p.points + begin) * 2;
            const auto derive = [&](int sample, auto add) noexcept {
                anchor::weigh(p, c, sample, begin, points, at);
                sample_derive<Arch>(p.image, c.x[0] + c.origin(0, sample), at, points,
                                    c.x[2] + c.origin(2, sample) + std::ptrdiff_t{begin} * p.image.channels, add);
            };
            if (!c.sums_batch())
                return derive(of, [&](int point, T row, T column) noexcept {
                    y[2 * point] = row;
                    y[2 * point + 1] = column;
                });
            summation::running_sum<T> total[2 * sample_points<T>::most];
            for (int s = 0; s < c.count; ++s)
                derive(s, [&](int point, T row, T column) noexcept {
                    total[2 * point].add(row);
                    total[2 * point + 1].add(column);
                });
            for (int k = 0; k < 2 * points; ++k) y[k] = total[k].total();
        });
    }
};

}  // namespace tessera::detail::simd
