// pointwise_walk: how a pointwise loop walks over its domain, as data; and the walk, which is code of no loop in
// particular: it hands blocks to the loop's own code.
//
// The domain is walked in blocks over which every operand is either contiguous or one number. Where an operand has short
// ones, they are written out first, so that blocks stay long: once, if all such operands are vectors that repeat (a bias of
// 6 channels); else as they are reached, a piece of the domain at a time. What stands for a few features each (the number
// that bases are functions of) is written out so too.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/backend/simd/vector.hpp>
#include <tessera/passes/emit.hpp>
#include <tessera/passes/operand_access.hpp>

namespace tessera::detail::simd {

struct pointwise_walk {
    static constexpr long enough = operand_access::short_block;  // shorter blocks are worth writing out
    static constexpr int most_copies = 16;
    static constexpr long gap = 16;                                             // no less than a vector
    static constexpr long room = (max_step_operands + 1) * (enough + 2 * gap);  // for what is written out
    static constexpr long most_of_a_piece = 512;

    const operand_access* of = nullptr;
    int operands = 0;
    std::uint64_t used = 0;       // bit k: operand k, by the pointwise code; the anchor's own operands are not
    std::uint64_t copied = 0;     // of those, the ones that are written out a few times
    std::uint64_t stretched = 0;  // those of which each element is, for a few positions, as they are reached
    std::uint64_t apart = 0;      // those of which each block is, as they are reached
    std::uint64_t repeated = 0;   // of these, those whose blocks stay the same for long, and are written once for that
    std::uint64_t moving = 0;     // those that lie as the domain does
    std::uint64_t numbers_in_line = 0;  // those of which each block is a number, one after another
    bool regular = false;             // all of them move by a step from block to block; the others stay where they are
    long piece = most_of_a_piece;     // how many positions are reached at a time, if any operand is written out so
    const double* numbers = nullptr;  // by instruction and operand, three an instruction
    long block = 0;                   // positions over which every operand is contiguous or one number; 0: all
    long domain = 1;                  // elements of a sample
    bool batched = false;

    constexpr pointwise_walk() = default;
    // `to` has room for v.external_count operands, `numbers_to` for 3 v.code_count
    constexpr pointwise_walk(const graph_view& g, const step_view& v, operand_access* to, double* numbers_to)
        : of(to),
          operands(v.external_count),
          numbers(numbers_to),
          domain(g[v.domain].shape.size()),
          batched(g[v.domain].batched) {
        for (int k = 0; k < v.code_count; ++k)
            for (int q = 0; q < 3; ++q) {
                const operand_source& f = v.code[k].from[q];
                if (f.kind == operand_source::form::external) used |= std::uint64_t{1} << f.index;
                if (f.kind == operand_source::form::number) numbers_to[3 * k + q] = f.number;
            }
        std::uint64_t short_ones = 0, repeating = 0;
        long shortest = 0, period = 0;  // of what is not written out; of what repeats, 0 if there are several
        for (int k = 0; k < operands; ++k) {
            if (!uses(k)) continue;
            to[k] = operand_access::of(g, v.domain, v.externals[k]);
            const operand_access& a = to[k];
            if (a.stretch != 0)
                stretched |= std::uint64_t{1} << k;
            else if (a.apart)
                short_ones |= std::uint64_t{1} << k;
            else if (a.block != 0 && (shortest == 0 || a.block < shortest))
                shortest = a.block;
            if (a.period != 0 && a.period < enough && a.stretch == 0) {
                period = repeating == 0 || a.period == period ? a.period : 0;
                repeating |= std::uint64_t{1} << k;
            }
        }
        block = shortest;
        if (repeating != 0 && period != 0 && (short_ones & ~repeating) == 0 && (block == 0 || block == period) &&
            std::popcount(repeating) <= most_copies) {
            copied = repeating;
            block = (enough + period - 1) / period * period;
        } else {
            apart = short_ones;
        }
        piece = room / (std::popcount(stretched | apart) + 1) / gap * gap - gap;
        if (piece > most_of_a_piece) piece = most_of_a_piece;
        for (int k = 0; k < operands; ++k)
            if (is_apart(k) && to[k].repeats >= 2 * most_of_a_piece) repeated |= std::uint64_t{1} << k;
        regular = (stretched | apart) == 0;
        for (int k = 0; k < operands && regular; ++k) {
            if (!uses(k) || copies(k)) continue;
            const operand_access& a = to[k];
            if (a.same || (a.block == 0 && !a.constant))
                moving |= std::uint64_t{1} << k;
            else if (a.in_line && a.block == block)
                numbers_in_line |= std::uint64_t{1} << k;
            else
                regular = a.block == 0 || (a.period != 0 && a.period == block);
        }
    }

    constexpr bool uses(int k) const { return (used >> k & 1) != 0; }
    constexpr bool copies(int k) const { return (copied >> k & 1) != 0; }
    constexpr bool stretches(int k) const { return (stretched >> k & 1) != 0; }
    constexpr bool is_apart(int k) const { return (apart >> k & 1) != 0; }
    constexpr bool repeats(int k) const { return (repeated >> k & 1) != 0; }
    constexpr bool moves(int k) const { return (moving >> k & 1) != 0; }
    constexpr bool is_number_in_line(int k) const { return (numbers_in_line >> k & 1) != 0; }
};

// A walk with what it points to. It stays where it is made.
template <int Operands = max_step_operands, int Members = max_step_members> struct stored_walk {
    operand_access of[Operands + 1];
    double numbers[3 * Members + 1] = {};
    pointwise_walk walk;

    constexpr stored_walk(const graph_view& g, const step_view& v) : walk(g, v, of, numbers) {}
    stored_walk(const stored_walk&) = delete;
    stored_walk& operator=(const stored_walk&) = delete;
};

// What a loop's code does at once: rows of a block's positions, or of a part of them.
struct block_rows {
    long begin = 0, columns = 0;        // positions
    long rows = 1, stride = 0;          // positions from a row to the next
    const long* operands_by = nullptr;  // bytes that operands move from a row to the next; of one row: null
};

// What a loop works on.
template <class T> struct pointwise_context {
    // The loop's code; x: where each operand is in the first row
    using block_function = void (*)(const pointwise_context&, const T* const* x, const block_rows&) noexcept;

    block_function run_block = nullptr;
    const pointwise_walk* walk = nullptr;
    // of T, or of what the code knows that they are stored as
    const T* x[max_step_operands + 1] = {};
    T* y[max_step_members + 1] = {};
    const T* anchor = nullptr;
    long origin = 0;         // position of the first element of y
    long anchor_origin = 0;  // and of the first one that the anchor made
    T inverse_count = 1;
};

// p moved by so many elements of what it points to
template <class T> [[gnu::always_inline]] inline const T* moved(const T* p, long by, element type) noexcept {
    if (type == element::real) return p + by;
    return reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(p) + by * stored_bytes(type));
}
template <class T> [[gnu::always_inline]] inline T* moved(T* p, long by, element type) noexcept {
    return const_cast<T*>(moved(static_cast<const T*>(p), by, type));
}

// Those that follow write up to a vector further than they are asked to.

// The same for a stretch of so many vectors, where no number is cut: whether it is so. Without a division.
template <int Vectors, class Arch, class T>
[[gnu::always_inline]] inline bool write_whole_vectors(const T* x, long stretch, long begin, long count,
                                                       T* to) noexcept {
    using V = vector<T, Arch>;
    constexpr long width = lanes<V>, one = Vectors * width;
    if (stretch != one || (begin | count) % one != 0) return false;
    x += begin / one;
    for (const T* const end = x + count / one; x != end; ++x, to += one) {
        const V number(*x);
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) store_to(to + v * width, number);
    }
    return true;
}
// to[i] = x[(begin + i) / stretch] for i < count
template <class Arch, class T>
[[gnu::noinline]] void write_stretched(const T* x, long stretch, long begin, long count, T* to) noexcept {
    using V = vector<T, Arch>;
    if (write_whole_vectors<1, Arch>(x, stretch, begin, count, to) ||
        write_whole_vectors<2, Arch>(x, stretch, begin, count, to) ||
        write_whole_vectors<4, Arch>(x, stretch, begin, count, to))
        return;
    x += begin / stretch;
    for (long i = 0, end = stretch - begin % stretch; i < count; i = end, end += stretch, ++x) {
        const V number(*x);
        for (long at = i; at < end && at < count; at += lanes<V>) store_to(to + at, number);
    }
}

// the `count` elements from a position on of an operand whose blocks are short
template <class Arch, class T>
[[gnu::noinline]] void write_apart(const operand_access& a, const T* x, long begin, long count, T* to) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const long run = a.block;
    long digit[layout::max_axes], left = begin / run, within = begin % run;
    for (int k = a.axis; k > 0; --k) {
        digit[k] = left % a.from.extent[k];
        left /= a.from.extent[k];
    }
    digit[0] = left;
    for (int k = 0; k <= a.axis; ++k) x += digit[k] * a.from.stride[k];
    const long step = a.from.stride[a.axis];
    const long length = a.axis > 0 ? a.from.extent[a.axis] : std::numeric_limits<long>::max();
    for (long i = 0; i < count;) {
        // along the axis, as far as it goes
        long along = digit[a.axis];
        if (run == 1) {
            for (; i < count && along < length; ++i, ++along, x += step) to[i] = *x;
        } else if (a.constant) {
            for (; i < count && along < length; ++along, x += step) {
                const V number(*x);
                const long end = i + run - within;
                for (; i < end && i < count; i += width) store_to(to + i, number);
                i = end;
                within = 0;
            }
        } else if (run <= width && within == 0) {
            const prefix<V> all = first<V>(static_cast<int>(run));
            for (; i < count && along < length; i += run, ++along, x += step) store_to(to + i, load<V>(x, all));
        } else {
            for (; i < count && along < length; ++along, x += step) {
                long k = within;
                for (; k + width <= run && i < count; k += width, i += width) store_to(to + i, load<V>(x + k));
                if (k < run && i < count) store_to(to + i, load<V>(x + k, first<V>(static_cast<int>(run - k))));
                i += run - k;
                within = 0;
            }
        }
        // and on to the next line
        x -= along * step;
        digit[a.axis] = 0;
        for (int k = a.axis - 1; k >= 0; --k) {
            x += a.from.stride[k];
            if (++digit[k] < a.from.extent[k] || k == 0) break;
            x -= digit[k] * a.from.stride[k];
            digit[k] = 0;
        }
    }
}

// A loop over some of its positions, which are those of the domain, all samples one after another. What it needs of a
// walk is made once.
template <class T, class Arch = default_arch> class walking {
  public:
    explicit walking(const pointwise_context<T>& c) noexcept : c_(c), w_(*c.walk) {
        for (int k = 0; k < w_.operands; ++k) x_[k] = c.x[k];
        T* slot = written_;
        for (int k = 0; (w_.stretched | w_.apart) != 0 && k < w_.operands; ++k) {
            if (!w_.stretches(k) && !w_.is_apart(k)) continue;
            to_[k] = slot;
            end_[k] = 0;
            slot += w_.piece + pointwise_walk::gap;
        }
        T* to = copies_;
        for (int k = 0; w_.copied != 0 && k < w_.operands; ++k) {
            if (!w_.copies(k)) continue;
            const long period = w_.of[k].period;
            if (const element type = w_.of[k].type; type == element::real)
                for (long i = 0, j = 0; i < w_.block; ++i, j = j + 1 == period ? 0 : j + 1) to[i] = c.x[k][j];
            else
                for (long i = 0; i < w_.block; i += period)
                    std::memcpy(moved(to, i, type), c.x[k], static_cast<std::size_t>(period * stored_bytes(type)));
            x_[k] = to;
            to += 2 * pointwise_walk::enough;
        }
    }

    void operator()(long begin, long length) noexcept {
        if (w_.regular && w_.block != 0 && length > 0) {
            const long within = begin % w_.block;
            const long head = within != 0 ? std::min(length, w_.block - within) : 0;
            if (head > 0) run_rows(begin, 1, 0, head);
            begin += head;
            length -= head;
            const long rows = length / w_.block, rest = length - rows * w_.block;
            if (rows > 0) run_rows(begin, rows, w_.block, w_.block);
            if (rest > 0) run_rows(begin + length - rest, 1, 0, rest);
            return;
        }
        in_blocks(begin, length);
    }

    // rows of positions, `stride` apart
    void rows(long begin, long rows, long stride, long columns) noexcept {
        if (columns == stride) return (*this)(begin, rows * columns);
        if (w_.regular && (w_.block == 0 || (stride % w_.block == 0 && begin % w_.block + columns <= w_.block)))
            return run_rows(begin, rows, stride, columns);
        for (long r = 0; r < rows; ++r) (*this)(begin + r * stride, columns);
    }

  private:
    // where every operand moves by a step from row to row, and no row goes beyond a block
    void run_rows(long begin, long rows, long stride, long columns) noexcept {
        const T* from[max_step_operands + 1];
        long by[max_step_operands + 1];
        const long number = w_.block != 0 ? begin / w_.block : 0, within = begin - number * w_.block;
        for (int k = 0; k < w_.operands; ++k) {
            from[k] = x_[k];
            by[k] = 0;
            if (!w_.uses(k)) continue;
            const operand_access& a = w_.of[k];
            long at = 0, step = 0;
            if (w_.moves(k)) {
                at = begin;
                step = stride;
            } else if (w_.is_number_in_line(k)) {
                at = number;
                step = rows > 1 ? stride / w_.block : 0;
            } else if (a.block != 0) {
                at = within;
            }
            from[k] = moved(x_[k], at, a.type);
            by[k] = a.type == element::real ? step * long{sizeof(T)} : step * stored_bytes(a.type);
        }
        c_.run_block(c_, from, {begin, columns, rows, stride, by});
    }
    void in_blocks(long begin, long length) noexcept {
        const T* from[max_step_operands + 1];
        const bool pieces = (w_.stretched | w_.apart) != 0;
        while (length > 0) {
            const long within = w_.block != 0 ? begin % w_.block : 0;
            long n = w_.block != 0 && length > w_.block - within ? w_.block - within : length;
            if (pieces && n > w_.piece) n = w_.piece;
            if (w_.repeated != 0) n = write_repeated(begin, n);
            for (int k = 0; k < w_.operands; ++k) {
                if (!w_.uses(k)) continue;
                if (pieces && (w_.stretches(k) || w_.is_apart(k))) {
                    from[k] = to_[k];
                    if (w_.stretches(k))
                        write_stretched<Arch>(x_[k], w_.of[k].stretch, begin, n, to_[k]);
                    else if (w_.repeats(k))
                        from[k] += begin % w_.of[k].block;
                    else
                        write_apart<Arch>(w_.of[k], x_[k], begin, n, to_[k]);
                } else {
                    from[k] = moved(x_[k], w_.copies(k) ? within : w_.of[k].at(begin), w_.of[k].type);
                }
            }
            c_.run_block(c_, from, {begin, n});
            begin += n;
            length -= n;
        }
    }

    // What repeats is there for `begin`, and for as many of n positions as the result says.
    long write_repeated(long begin, long n) noexcept {
        for (int k = 0; k < w_.operands; ++k) {
            if (!w_.repeats(k)) continue;
            const operand_access& a = w_.of[k];
            const long whole = w_.piece / a.block * a.block;
            if (begin < begin_[k] || begin >= end_[k] || end_[k] == 0) {
                begin_[k] = begin - begin % a.repeats;
                end_[k] = begin_[k] + a.repeats;
                write_apart<Arch>(a, x_[k], begin_[k], whole, to_[k]);
            }
            n = std::min({n, end_[k] - begin, whole - begin % a.block});
        }
        return n;
    }

    const pointwise_context<T>& c_;
    const pointwise_walk& w_;
    const T* x_[max_step_operands + 1];
    T* to_[max_step_operands + 1];                                    // of what is written out as it is reached
    long begin_[max_step_operands + 1], end_[max_step_operands + 1];  // of what repeats: where it is so
    alignas(64) T copies_[pointwise_walk::most_copies * 2 * pointwise_walk::enough];
    alignas(64) T written_[pointwise_walk::room];
};

template <class T, class Arch = default_arch>
void walk_range(const pointwise_context<T>& c, long begin, long length) noexcept {
    walking<T, Arch>{c}(begin, length);
}

// the same as a kernel's tail
template <class T, class Arch = default_arch>
void walk_tail(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns) noexcept {
    walking<T, Arch>{*static_cast<const pointwise_context<T>*>(context)}.rows(offset, rows, stride, columns);
}

// the same, of results that are not in memory but at `results`
template <class T, class Arch = default_arch>
void walk_tail_of(const void* context, const void* results, std::ptrdiff_t offset, int columns) noexcept {
    auto own = *static_cast<const pointwise_context<T>*>(context);
    own.anchor = static_cast<const T*>(results);
    own.anchor_origin = offset;
    walk_range<T, Arch>(own, offset, columns);
}

}  // namespace tessera::detail::simd
