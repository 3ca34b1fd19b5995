// reduction: y (outer, inner) = fold over r of x (outer, reduced, inner) [folded with y], fold being sum, max or min.
//
// x comes from a source: rows(context, offset, length, scratch) returns a pointer to `length` elements at flat offset
// `offset`, either into memory or into scratch after computing them there; at most reduction_piece of them at a call.
// Workspace     reduction_workspace<Arch, T>(shape) bytes, 64-byte aligned.
// Accuracy      short running sums are added with a compensation, so that the relative error of a float sum of a
//               million terms of one sign stays below 1e-6; max and min of anything with NaN is NaN.
// Determinism   a long reduced axis is cut into slices by the shape alone, folded in order.
// Requires      outer, inner, reduced >= 1; y does not overlap x.
#pragma once
#include <algorithm>
#include <limits>
#include <tessera/backend/simd/packing.hpp>
#include <tessera/backend/simd/shares.hpp>
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/upright.hpp>

namespace tessera::detail::simd {

inline constexpr int reduction_piece = 4096;
inline constexpr int short_row = 64;  // folding its lanes would take longer than its elements

template <class T> struct source {
    const T* (*rows)(const void* context, std::ptrdiff_t offset, int length, T* scratch) noexcept = nullptr;
    const void* context = nullptr;

    const T* operator()(std::ptrdiff_t offset, int length, T* scratch) const noexcept {
        return rows(context, offset, length, scratch);
    }
};

// x as it lies in memory
template <class Arch, class T> source<T> memory(const T* x) noexcept {
    return {[](const void* context, std::ptrdiff_t offset, int, T*) noexcept {
                return static_cast<const T*>(context) + offset;
            },
            x};
}

struct reduction_shape {
    int outer = 1, reduced = 1, inner = 1;
};

enum class fold { sum, max, min };

template <fold F, class T, class Arch> struct folding {
    static constexpr T start() {
        if constexpr (F == fold::sum)
            return T(0);
        else
            return F == fold::max ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
    }
    static vector<T, Arch> of(const xsimd::batch<T, Arch>& x, const xsimd::batch<T, Arch>& y) noexcept {
        if constexpr (F == fold::sum)
            return x + y;
        else if constexpr (F == fold::max)
            return max(x, y);
        else
            return min(x, y);
    }
    static T of(T x, T y) noexcept {
        if constexpr (F == fold::sum)
            return x + y;
        else if constexpr (F == fold::max)
            return x > y || x != x ? x : y;
        else
            return x < y || x != x ? x : y;
    }
    static T across(const xsimd::batch<T, Arch>& x) noexcept {
        return fold_lanes(x, [](T a, T b) { return of(a, b); });
    }
    // total += x with the rounding error carried in `low`
    template <class V> static void gather(V& total, V& low, const V& x) noexcept {
        if constexpr (F == fold::sum) {
            const V y = x - low, next = total + y;
            low = (next - total) - y;
            total = next;
        } else {
            total = of(total, x);
        }
    }
};

template <class Arch, class T> struct reduction_plan {
    reduction_shape shape;
    int chunk = 1, chunks = 1;   // of the inner axis
    int slices = 1;              // of the reduced axis
    int outers = 1, groups = 1;  // outer indices in a task
    int slots = 1;
    std::size_t partial_bytes = 0;

    constexpr explicit reduction_plan(const reduction_shape& s) : shape(s) {
        constexpr std::ptrdiff_t grain = 1 << 15;
        chunk = std::min(s.inner, 1024);
        chunks = (s.inner + chunk - 1) / chunk;
        const std::ptrdiff_t line = std::ptrdiff_t(s.reduced) * chunk;
        // beyond 16 slices each has rows enough that adding up costs little
        const std::ptrdiff_t lines = std::ptrdiff_t(s.outer) * chunks;
        if (line > 2 * grain && lines < 16)
            slices = int(std::min<std::ptrdiff_t>(
                {std::max<std::ptrdiff_t>(16, std::min<std::ptrdiff_t>(enough_shares / lines, s.reduced / 256)),
                 line / grain, s.reduced}));
        outers = int(std::clamp<std::ptrdiff_t>(grain / std::max<std::ptrdiff_t>(line, 1), 1, s.outer));
        groups = (s.outer + outers - 1) / outers;
        if (slices > 1)
            partial_bytes = padded(std::size_t(slices) * std::size_t(s.outer) * std::size_t(s.inner) * sizeof(T));
        // a room of its own only for what is worth it
        const std::ptrdiff_t work = std::ptrdiff_t(s.outer) * s.reduced * s.inner / grain;
        slots = shares(int(std::min<std::ptrdiff_t>(tasks(), std::max<std::ptrdiff_t>(32, work))), slot_bytes());
    }
    constexpr int tasks() const { return groups * chunks * slices; }
    // for the source's scratch, a running fold, the total and its compensation
    static constexpr std::size_t slot_bytes() { return padded((reduction_piece + 3 * 1024) * sizeof(T)); }
    constexpr std::size_t bytes() const { return partial_bytes + std::size_t(slots) * slot_bytes(); }
};

template <class Arch, class T> constexpr std::size_t reduction_workspace(const reduction_shape& shape) {
    return reduction_plan<Arch, T>(shape).bytes();
}

// The whole vectors of a contiguous piece, with four accumulators.
template <fold F, class Arch, class T>
[[gnu::always_inline]] inline vector<T, Arch> fold_vectors(const T* x, int length) noexcept {
    using V = vector<T, Arch>;
    using f = folding<F, T, Arch>;
    constexpr int width = lanes<V>;
    V part[4] = {V(f::start()), V(f::start()), V(f::start()), V(f::start())};
    int i = 0;
    for (; i + 4 * width <= length; i += 4 * width)
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) part[u] = f::of(part[u], load<V>(x + i + u * width));
    for (; i + width <= length; i += width) part[0] = f::of(part[0], load<V>(x + i));
    return f::of(f::of(part[0], part[1]), f::of(part[2], part[3]));
}

// Folds a contiguous piece.
template <fold F, class Arch, class T> [[gnu::noinline]] T fold_piece(const T* x, int length) noexcept {
    using V = vector<T, Arch>;
    using f = folding<F, T, Arch>;
    T all = f::across(fold_vectors<F, Arch>(x, length));
    for (int i = length / lanes<V> * lanes<V>; i < length; ++i) all = f::of(all, x[i]);
    return all;
}

// Of each 2 Half lanes, the lower or the upper half of x, then that of y.
template <int Half, bool Upper, class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> halves(const xsimd::batch<T, Arch>& x,
                                                     const xsimd::batch<T, Arch>& y) noexcept {
    using lanes_of = typename xsimd::batch<T, Arch>::register_type;
    constexpr int width = lanes<vector<T, Arch>>;
    const lanes_of a = x, b = y;
    return [&]<int... I>(std::integer_sequence<int, I...>) {
        return vector<T, Arch>(__builtin_shufflevector(
            a, b,
            (I / (2 * Half) * 2 * Half + I % Half + (I % (2 * Half) < Half ? 0 : width) + (Upper ? Half : 0))...));
    }(std::make_integer_sequence<int, width>{});
}
// Lane i of the first of 2 Half vectors: all lanes of vector i folded, in the order of fold_lanes.
template <fold F, int Half, class V> [[gnu::always_inline]] inline void fold_each(V* v) noexcept {
#pragma GCC unroll 8
    for (int i = 0; i < Half; ++i)
        v[i] = folding<F, typename V::value_type, typename V::arch_type>::of(halves<Half, false>(v[i], v[i + Half]),
                                                                             halves<Half, true>(v[i], v[i + Half]));
    if constexpr (Half > 1) fold_each<F, Half / 2>(v);
}

// The same of rows of a few elements, one after another, as many at a time as there are lanes.
template <fold F, class Arch, class T>
[[gnu::noinline]] void fold_short_rows(const T* x, int rows, int length, T* y) noexcept {
    using V = vector<T, Arch>;
    using f = folding<F, T, Arch>;
    constexpr int width = lanes<V>;
    const int whole = length / width * width, ends = length - whole;
    const prefix<V> rest = first<V>(ends);
    T beyond[width];  // NaN in the lanes that a row's last vector does not have
    for (int i = 0; i < width; ++i) beyond[i] = i < ends ? T(0) : std::numeric_limits<T>::quiet_NaN();
    const auto lacks = is_nan(load<V>(beyond));
    const V start(f::start());
    for (int r = 0; r < rows; r += width, x += std::ptrdiff_t(width) * length) {
        const int last = std::min(width, rows - r) - 1;
        const T* row[width];
        V all[width];
#pragma GCC unroll 16
        for (int i = 0; i < width; ++i) {
            row[i] = x + std::ptrdiff_t(std::min(i, last)) * length;
            all[i] = start;
        }
        for (int k = 0; k < whole; k += width)
#pragma GCC unroll 16
            for (int i = 0; i < width; ++i) all[i] = f::of(all[i], load<V>(row[i] + k));
        if (ends > 0)
#pragma GCC unroll 16
            for (int i = 0; i < width; ++i) all[i] = f::of(all[i], select(lacks, start, load<V>(row[i] + whole, rest)));
        fold_each<F, width / 2>(all);
        store_within(y + r, all[0], first<V>(last + 1), last + 1 == width);
    }
}

// inner == 1: rows of contiguous terms, several short ones to a call of the source
template <fold F, class Arch, class T>
[[gnu::noinline]] void fold_rows(const reduction_shape& s, int begin, int end, int from, int to, const source<T>& x,
                                 T* y, T* scratch) noexcept {
    using f = folding<F, T, Arch>;
    const int length = to - from;
    if (length == s.reduced && length <= reduction_piece / 2) {
        const int group = reduction_piece / length;
        for (int o = begin; o < end; o += group) {
            const int rows = std::min(group, end - o);
            const T* terms = x(std::ptrdiff_t(o) * s.reduced, rows * length, scratch);
            if (length <= short_row) {
                fold_short_rows<F, Arch>(terms, rows, length, y + o);
                continue;
            }
            for (int r = 0; r < rows; ++r) y[o + r] = fold_piece<F, Arch>(terms + std::ptrdiff_t(r) * length, length);
        }
        return;
    }
    for (int o = begin; o < end; ++o) {
        T total = f::start(), low = T(0);
        for (int at = from; at < to; at += reduction_piece) {
            const int piece = std::min(reduction_piece, to - at);
            f::gather(total, low, fold_piece<F, Arch>(x(std::ptrdiff_t(o) * s.reduced + at, piece, scratch), piece));
        }
        y[o] = total;
    }
}

// running[c] = fold of running[c] and rows of terms, for the columns of `Vectors` vectors: along a row first, which is
// how memory likes to be read.
template <fold F, class Arch, int Vectors, class T>
[[gnu::always_inline]] inline void fold_strip(const T* terms, int rows, std::ptrdiff_t pitch, T* running) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    V part[Vectors];
#pragma GCC unroll 8
    for (int u = 0; u < Vectors; ++u) part[u] = load<V>(running + u * width);
    for (int r = 0; r < rows; ++r, terms += pitch)
#pragma GCC unroll 8
        for (int u = 0; u < Vectors; ++u) part[u] = folding<F, T, Arch>::of(part[u], load<V>(terms + u * width));
#pragma GCC unroll 8
    for (int u = 0; u < Vectors; ++u) store_to(running + u * width, part[u]);
}
// the same for all of them
template <fold F, class Arch, class T>
[[gnu::noinline]] void fold_down(const T* terms, int rows, std::ptrdiff_t pitch, int columns, T* running) noexcept {
    using V = vector<T, Arch>;
    using f = folding<F, T, Arch>;
    constexpr int width = lanes<V>;
    int c = 0;
    for (; c + 8 * width <= columns; c += 8 * width) fold_strip<F, Arch, 8>(terms + c, rows, pitch, running + c);
    if (c + 4 * width <= columns) {
        fold_strip<F, Arch, 4>(terms + c, rows, pitch, running + c);
        c += 4 * width;
    }
    for (; c < columns; c += width) {
        const prefix<V> end = first<V>(std::min(width, columns - c));
        V part[4] = {load<V>(running + c, end), V(f::start()), V(f::start()), V(f::start())};
        const T* t = terms + c;
        int r = 0;
        for (; r + 4 <= rows; r += 4)
#pragma GCC unroll 4
            for (int u = 0; u < 4; ++u, t += pitch) part[u] = f::of(part[u], load<V>(t, end));
        for (; r < rows; ++r, t += pitch) part[0] = f::of(part[0], load<V>(t, end));
        store_to(running + c, f::of(f::of(part[0], part[1]), f::of(part[2], part[3])), end);
    }
}

// total = fold of total, whose rounding error is in low, and x
template <fold F, class Arch, class T>
[[gnu::noinline]] void gather_all(T* total, T* low, const T* x, int length) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    for (int c = 0; c < length; c += width) {
        const prefix<V> end = first<V>(std::min(width, length - c));
        V sum = load<V>(total + c, end), rest = load<V>(low + c, end);
        folding<F, T, Arch>::gather(sum, rest, V(load<V>(x + c, end)));
        store_to(total + c, sum, end);
        store_to(low + c, rest, end);
    }
}

// inner > 1: whole rows of `columns` terms, folded downwards in short runs
template <fold F, class Arch, class T>
[[gnu::noinline]] void fold_columns(const reduction_shape& s, int outer, int from, int to, int column, int columns,
                                    const source<T>& x, T* y, T* scratch) noexcept {
    using f = folding<F, T, Arch>;
    T* const running = scratch + reduction_piece;
    T* const total = running + 1024;
    T* const low = total + 1024;
    std::fill_n(total, columns, f::start());
    std::fill_n(low, columns, T(0));
    const bool whole = columns == s.inner;
    const int rows = whole ? std::clamp(reduction_piece / columns, 1, 512) : 1;  // to a call of the source
    // rows folded without compensation; of few columns four sums share them
    const int run = columns >= 4 * lanes<vector<T, Arch>> ? 64 : 256;
    for (int r = from; r < to;) {
        std::fill_n(running, columns, f::start());
        for (const int stop = std::min(to, r + run); r < stop;) {
            const int count = std::min(rows, stop - r);
            const T* terms = x((std::ptrdiff_t(outer) * s.reduced + r) * s.inner + column, count * columns, scratch);
            fold_down<F, Arch>(terms, count, columns, columns, running);
            r += count;
        }
        gather_all<F, Arch>(total, low, running, columns);
    }
    std::copy_n(total, columns, y);
}

// What differs between the folds.
template <class T> struct reduction_kernels {
    void (*rows)(const reduction_shape&, int, int, int, int, const source<T>&, T*, T*) noexcept;
    void (*columns)(const reduction_shape&, int, int, int, int, int, const source<T>&, T*, T*) noexcept;
    void (*slices)(int, int, std::ptrdiff_t, T*) noexcept;
    void (*add)(int, const T*, T*) noexcept;
};

// The first of `count` partial results, `pitch` apart, becomes the fold of all.
template <fold F, class T, class Arch>
void fold_slices(int count, int length, std::ptrdiff_t pitch, T* partial) noexcept {
    using V = vector<T, Arch>;
    using f = folding<F, T, Arch>;
    for (int i = 0; i < length; i += lanes<V>) {
        const prefix<V> end = first<V>(std::min(lanes<V>, length - i));
        V total(f::start()), low(T(0));
        for (int slice = 0; slice < count; ++slice) f::gather(total, low, V(load<V>(partial + slice * pitch + i, end)));
        store_to(partial + i, total, end);
    }
}

template <fold F, class T, class Arch> void fold_into(int length, const T* x, T* y) noexcept {
    for (int i = 0; i < length; ++i) y[i] = folding<F, T, Arch>::of(y[i], x[i]);
}

template <class Arch, class T>
void reduce_with(const reduction_kernels<T>& kernels, const reduction_shape& s, const source<T>& x, T* y,
                 bool accumulate, const tail& after, std::byte* workspace) noexcept {
    const reduction_plan<Arch, T> plan(s);
    const std::ptrdiff_t size = std::ptrdiff_t(s.outer) * s.inner;
    T* const partial = reinterpret_cast<T*>(workspace);
    const auto finish = [&](std::ptrdiff_t offset, int length, T* value) noexcept {
        if (accumulate)
            kernels.add(length, value, y + offset);
        else if (value != y + offset)
            std::copy_n(value, length, y + offset);
        after(offset, 1, length, length);
    };
    // results of a slice lie like y: outer, inner
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        T* const scratch = reinterpret_cast<T*>(workspace + plan.partial_bytes + std::size_t(slot) * plan.slot_bytes());
        const int tasks = plan.tasks();
        for (int task = int(std::ptrdiff_t(tasks) * slot / slots);
             task < int(std::ptrdiff_t(tasks) * (slot + 1) / slots); ++task) {
            const int slice = task % plan.slices, part = task / plan.slices % plan.chunks;
            const int group = task / plan.slices / plan.chunks;
            const int from = int(std::ptrdiff_t(s.reduced) * slice / plan.slices);
            const int to = int(std::ptrdiff_t(s.reduced) * (slice + 1) / plan.slices);
            const int begin = group * plan.outers, end = std::min(s.outer, begin + plan.outers);
            const int column = part * plan.chunk, columns = std::min(plan.chunk, s.inner - column);
            T* const target = plan.slices > 1 ? partial + slice * size : y;
            T* const running = scratch + reduction_piece;
            if (s.inner > 1) {
                for (int o = begin; o < end; ++o) {
                    const std::ptrdiff_t offset = std::ptrdiff_t(o) * s.inner + column;
                    const bool direct = plan.slices > 1 || !accumulate;
                    T* const result = direct ? target + offset : running;
                    kernels.columns(s, o, from, to, column, columns, x, result, scratch);
                    if (plan.slices == 1) finish(offset, columns, result);
                }
            } else if (plan.slices > 1) {
                kernels.rows(s, begin, end, from, to, x, target, scratch);
            } else {
                for (int o = begin; o < end; o += 1024) {
                    const int rows = std::min(1024, end - o);
                    T* const result = accumulate ? running - o : y;
                    kernels.rows(s, o, o + rows, from, to, x, result, scratch);
                    finish(o, rows, result + o);
                }
            }
        }
    });
    if (plan.slices == 1) return;
    threads::parallel(int((size + 1023) / 1024), [&](int piece) noexcept {
        const std::ptrdiff_t at = std::ptrdiff_t(piece) * 1024;
        const int length = int(std::min<std::ptrdiff_t>(1024, size - at));
        kernels.slices(plan.slices, length, size, partial + at);
        finish(at, length, partial + at);
    });
}

template <fold F, class Arch, class T>
void reduce(const reduction_shape& s, const source<T>& x, T* y, bool accumulate, const tail& after,
            std::byte* workspace) noexcept {
    static constexpr reduction_kernels<T> kernels{&fold_rows<F, Arch, T>, &fold_columns<F, Arch, T>,
                                                  &fold_slices<F, T, Arch>, &fold_into<F, T, Arch>};
    reduce_with<Arch>(kernels, s, x, y, accumulate, after, workspace);
}

}  // namespace tessera::detail::simd
