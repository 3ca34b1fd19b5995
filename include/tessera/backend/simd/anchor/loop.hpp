// The anchors of what moves between the iterations of a loop, and in and out of it: carry, item, next, stack, total;
// and of store, which is the same copy, and delay_line, whose rows a store has written.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

// f(sample, first, length) for runs of elements that cover `size` elements of each sample. A task has some thousand
// elements: most loops move less, on the thread that runs them.
template <class F> void for_runs(int samples, std::ptrdiff_t size, const F& f) noexcept {
    constexpr std::ptrdiff_t task = 1 << 14;
    if (size >= task) {
        const std::ptrdiff_t cuts = (size + task - 1) / task;
        threads::parallel(static_cast<int>(samples * cuts), [&](int item) noexcept {
            const std::ptrdiff_t first = item % cuts * task;
            f(static_cast<int>(item / cuts), first, std::min(task, size - first));
        });
    } else {
        const int group = static_cast<int>(task / std::max<std::ptrdiff_t>(size, 1));
        threads::parallel((samples + group - 1) / group, [&](int item) noexcept {
            const int end = std::min(samples, (item + 1) * group);
            for (int s = item * group; s < end; ++s) f(s, 0, size);
        });
    }
}

// One of a sequence's elements, or the whole of a value, to one of a sequence's elements or a whole.
template <class Arch, class T, op Kind> struct loop_anchor {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        std::ptrdiff_t size = 0;             // elements of a sample that are moved
        std::ptrdiff_t step = 0;             // between samples of the result
        std::ptrdiff_t from = 0;             // between those of the operand
        std::ptrdiff_t read = 0, wrote = 0;  // between what two iterations read, and write
    };
    static constexpr int moved = Kind == op::next;  // which operand
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const node& operand = g.operand(self, moved);
        const std::ptrdiff_t whole = self.shape.size(), source = operand.shape.size();
        const std::ptrdiff_t size = Kind == op::stack || Kind == op::total ? source : whole;
        return {size, whole, operand.batched ? source : 0, Kind == op::item ? size : 0, Kind == op::stack ? size : 0};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        const T* const x = c.x[moved] + c.iteration * p.read;
        T* const y = c.y + c.iteration * p.wrote;
        const bool adds = Kind == op::total && !c.first;
        const bool in_runs = Kind == op::total && p.step > p.size, ends = in_runs && summation::ends_run(c.iteration);
        for_runs(c.samples(), p.size, [&](int sample, std::ptrdiff_t first, std::ptrdiff_t length) noexcept {
            const T* const from = x + sample * p.from + first;
            T* const to = y + sample * p.step + first;
            if (adds)
                add_to(to, from, length);
            else
                std::copy_n(from, length, to);
            if (in_runs && c.first) std::fill_n(to + p.size, length, T(0));
            if (ends) move_run(to, to + p.size, length);
        });
    }

  private:
    static void add_to(T* y, const T* x, std::ptrdiff_t length) noexcept {
        using V = vector<T, Arch>;
        constexpr int width = lanes<V>;
        std::ptrdiff_t i = 0;
        for (; i + width <= length; i += width) store_to(y + i, load<V>(y + i) + load<V>(x + i));
        if (i == length) return;
        const prefix<V> rest = first<V>(static_cast<int>(length - i));
        store_to(y + i, load<V>(y + i, rest) + load<V>(x + i, rest), rest);
    }
    static void move_run(T* run, T* sum, std::ptrdiff_t length) noexcept {
        using V = vector<T, Arch>;
        constexpr int width = lanes<V>;
        std::ptrdiff_t i = 0;
        for (; i + width <= length; i += width) {
            const V x = load<V>(run + i), y = load<V>(sum + i), both = y + x, of_x = both - y;
            const V error = (y - (both - of_x)) + (x - of_x);
            store_to(run + i, select(error - error == V(T(0)), error, V(T(0))));
            store_to(sum + i, both);
        }
        for (; i < length; ++i) summation::move_run(run[i], sum[i]);
    }
};
template <class Arch, class T> struct anchor<Arch, T, op::carry> : loop_anchor<Arch, T, op::carry> {};
template <class Arch, class T> struct anchor<Arch, T, op::item> : loop_anchor<Arch, T, op::item> {};
template <class Arch, class T> struct anchor<Arch, T, op::next> : loop_anchor<Arch, T, op::next> {};
template <class Arch, class T> struct anchor<Arch, T, op::stack> : loop_anchor<Arch, T, op::stack> {};
template <class Arch, class T> struct anchor<Arch, T, op::total> : loop_anchor<Arch, T, op::total> {};
template <class Arch, class T> struct anchor<Arch, T, op::store> : loop_anchor<Arch, T, op::store> {
    using whole = loop_anchor<Arch, T, op::store>;

    struct prepared {
        typename whole::prepared all;
        int rows = 0;  // of a state of which one is written
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        return {whole::prepare(g, self), g.attributes<store_attributes>(self).rows};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte* room) noexcept {
        if (p.rows == 0) return whole::run(p.all, c, after, room);
        for (int s = 0; s < c.samples(); ++s) {
            const std::ptrdiff_t row = place_in_ring(c.x[1][c.origin(1, s)], p.rows);
            std::copy_n(c.x[0] + s * p.all.from, p.all.size, c.y + (s * p.rows + row) * p.all.size);
        }
    }
};

// one row of x after another out of a ring
template <class Arch, class T> struct anchor<Arch, T, op::delay_line> {
    static constexpr bool native = true, takes_tail = false;

    struct prepared {
        int taps = 1, step = 1, rows = 1;
        std::ptrdiff_t wide = 1;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const int taps = self.shape[0];
        return {taps, g.attributes<delay_line_attributes>(self).step, g.operand(self, 0).shape[0],
                self.shape.size() / taps};
    }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        for (int s = 0; s < c.samples(); ++s) {
            const T* const ring = c.x[0] + c.origin(0, s);
            T* y = c.y + s * p.taps * p.wide;
            std::ptrdiff_t row = place_in_ring(c.x[1][c.origin(1, s)], p.rows);
            for (int k = 0; k + 1 < p.taps; ++k, y += p.wide) {
                std::copy_n(ring + row * p.wide, p.wide, y);
                row += p.step;
                if (row >= p.rows) row -= p.rows;
            }
            std::copy_n(c.x[2] + c.origin(2, s), p.wide, y);
        }
    }
};

}  // namespace tessera::detail::simd
