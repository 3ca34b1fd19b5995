// The anchors of operations on whole numbers, and of those that select along an axis by them.
#pragma once
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/top_k.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct anchor<Arch, T, op::top_k> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        int rows, columns, k;  // of one sample
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const int k = self.shape[-1];
        return {self.shape.size() / k, g.operand(self, 0).shape[-1], k};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        top_k<Arch>(p.rows * c.samples(), p.columns, p.k, c.x[0], c.y, c.index_result(1));
    }
};

// Lines (outer, inner) of an axis, shared out by samples and outer positions.
struct axis_lines {
    int outer, inner;  // positions before the axis, and after it
    int extent, many;  // of the axis that is selected from, and of the index
    int ignores, ignored;

    static constexpr axis_lines of(const graph_view& g, const node& self, const extents& whole) {
        const auto own = g.attributes<take_along_attributes>(self);
        return {whole.product(0, own.axis),
                whole.stride(own.axis),
                whole.size_of[own.axis],
                g.operand(self, 1).shape.size_of[own.axis],
                own.ignores,
                own.ignored};
    }
    template <class F> void for_each(int samples, F f) const noexcept {
        const int rows = samples * outer, elements = std::max(inner * std::max(extent, many), 1);
        const int group = std::clamp(8192 / elements, 1, std::max(rows, 1));
        threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
            for (int r = item * group; r < std::min(rows, (item + 1) * group); ++r) f(r / outer, r % outer);
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::take_along> {
    static constexpr bool native = true, takes_tail = false;
    using prepared = axis_lines;

    static constexpr prepared prepare(const graph_view& g, const node& self) {
        return axis_lines::of(g, self, g.operand(self, 0).shape);
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const std::ptrdiff_t from = std::ptrdiff_t{p.extent} * p.inner, to = std::ptrdiff_t{p.many} * p.inner;
        p.for_each(c.samples(), [&](int sample, int outer) noexcept {
            const T* const x = c.x[0] + c.origin(0, sample) + outer * from;
            const std::int32_t* const index = c.index[1] + c.origin(1, sample) + outer * to;
            T* const y = c.y + (std::ptrdiff_t{sample} * p.outer + outer) * to;
            for (std::ptrdiff_t k = 0; k < to; k += p.inner)
                for (int i = 0; i < p.inner; ++i) {
                    const std::int32_t at = index[k + i];
                    y[k + i] = p.ignores != 0 && at == p.ignored ? T(0) : x[std::ptrdiff_t{at} * p.inner + i];
                }
        });
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::add_along> {
    static constexpr bool native = true, takes_tail = false;
    using prepared = axis_lines;

    static constexpr prepared prepare(const graph_view& g, const node& self) {
        return axis_lines::of(g, self, self.shape);
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const std::ptrdiff_t from = std::ptrdiff_t{p.many} * p.inner, to = std::ptrdiff_t{p.extent} * p.inner;
        p.for_each(c.samples(), [&](int sample, int outer) noexcept {
            const T* const x = c.x[0] + c.origin(0, sample) + outer * from;
            const std::int32_t* const index = c.index[1] + c.origin(1, sample) + outer * from;
            T* const y = c.y + (std::ptrdiff_t{sample} * p.outer + outer) * to;
            if (c.self->argument_count == 2)
                std::fill_n(y, to, T(0));
            else if (const T* base = c.x[2] + c.origin(2, sample) + outer * to; base != y)
                std::copy_n(base, to, y);
            for (std::ptrdiff_t k = 0; k < from; k += p.inner)
                for (int i = 0; i < p.inner; ++i)
                    if (const std::int32_t at = index[k + i]; p.ignores == 0 || at != p.ignored)
                        y[std::ptrdiff_t{at} * p.inner + i] += x[k + i];
        });
    }
};

}  // namespace tessera::detail::simd
