// pointwise_walk: how a pointwise loop walks over its domain, as data; and the walk, which is code of no loop in
// particular: it hands blocks to the loop's own code.
//
// The domain is walked in blocks over which every operand is either contiguous or one number; a short vector that
// repeats along the features (a bias of 6 channels) is written out a few times first, so that blocks stay long, and so is
// what stands for a few features each (the number that bases are functions of).
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/passes/emit.hpp>
#include <tessera/passes/operand_access.hpp>

namespace tessera::detail::simd {

struct pointwise_walk {
    static constexpr long enough = operand_access::short_block;  // shorter blocks are worth writing out
    static constexpr int most_copies = 16;

    const operand_access* of = nullptr;
    int operands = 0;
    std::uint64_t used = 0;           // bit k: operand k, by the pointwise code; the anchor's own operands are not
    std::uint64_t copied = 0;         // of those, the ones that are written out a few times
    std::uint64_t stretched = 0;      // those that are written out for a few positions each, as they are reached
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
        bool only_repeats = true;
        std::uint64_t repeating = 0;
        for (int k = 0; k < operands; ++k) {
            if (!uses(k)) continue;
            to[k] = operand_access::of(g, v.domain, v.externals[k]);
            if (to[k].stretch != 0) {
                stretched |= std::uint64_t{1} << k;
                continue;
            }
            if (to[k].block != 0 && (block == 0 || to[k].block < block)) block = to[k].block;
            if (to[k].period != 0) repeating |= std::uint64_t{1} << k;
        }
        int short_ones = 0;
        for (int k = 0; k < operands; ++k)
            if (uses(k) && !stretches(k) && to[k].block != 0) {
                only_repeats = only_repeats && to[k].period == block;
                ++short_ones;
            }
        if (block != 0 && block < enough && only_repeats && short_ones <= most_copies) {
            copied = repeating;
            block = (enough + block - 1) / block * block;
        }
    }

    constexpr bool uses(int k) const { return (used >> k & 1) != 0; }
    constexpr bool copies(int k) const { return (copied >> k & 1) != 0; }
    constexpr bool stretches(int k) const { return (stretched >> k & 1) != 0; }
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

// What a loop works on.
template <class T> struct pointwise_context {
    // The loop's code, over a block: n positions from `begin` on; x: where each operand of the code is there
    using block_function = void (*)(const pointwise_context&, const T* const* x, long begin, long n) noexcept;

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

// to[i] = x[(begin + i) / stretch] for i < count, and what it likes up to `piece` further
template <class T, class InstructionSet = instruction_set::native>
void write_stretched(const T* x, long stretch, long begin, long count, T* to) noexcept {
    constexpr int piece = 16;
    x += begin / stretch;
    for (long i = 0, end = stretch - begin % stretch; i < count; i = end, end += stretch, ++x)
        for (long at = i; at < end && at < count; at += piece)
            for (int k = 0; k < piece; ++k) to[at + k] = *x;
}

// The loop over some of its positions, which are those of the domain, all samples one after another. The instruction
// set is there for the names.
template <class T, class InstructionSet = instruction_set::native>
void walk_range(const pointwise_context<T>& c, long begin, long length) noexcept {
    const pointwise_walk& w = *c.walk;
    alignas(64) T copies[pointwise_walk::most_copies * 2 * pointwise_walk::enough];
    const T *x[max_step_operands + 1], *from[max_step_operands + 1];
    for (int k = 0; k < w.operands; ++k) x[k] = c.x[k];
    if (w.copied != 0) {
        T* to = copies;
        for (int k = 0; k < w.operands; ++k) {
            if (!w.copies(k)) continue;
            const long period = w.of[k].period;
            if (const element type = w.of[k].type; type == element::real)
                for (long i = 0, j = 0; i < w.block; ++i, j = j + 1 == period ? 0 : j + 1) to[i] = c.x[k][j];
            else
                for (long i = 0; i < w.block; i += period)
                    std::memcpy(moved(to, i, type), c.x[k], static_cast<std::size_t>(period * stored_bytes(type)));
            x[k] = to;
            to += 2 * pointwise_walk::enough;
        }
    }
    constexpr long stretch_room = pointwise_walk::enough + 16;
    alignas(64) T stretched[max_step_operands * stretch_room];
    while (length > 0) {
        const long within = w.block != 0 ? begin % w.block : 0;
        long n = w.block != 0 && length > w.block - within ? w.block - within : length;
        if (w.stretched != 0 && n > w.enough) n = w.enough;
        for (int k = 0; k < w.operands; ++k) {
            if (!w.uses(k)) continue;
            if (w.stretches(k)) {
                T* const to = stretched + k * stretch_room;
                write_stretched<T, InstructionSet>(x[k], w.of[k].stretch, begin, n, to);
                from[k] = to;
            } else {
                from[k] = moved(x[k], w.copies(k) ? within : w.of[k].at(begin), w.of[k].type);
            }
        }
        c.run_block(c, from, begin, n);
        begin += n;
        length -= n;
    }
}

// the same as a kernel's tail
template <class T, class InstructionSet = instruction_set::native>
void walk_tail(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns) noexcept {
    const auto& c = *static_cast<const pointwise_context<T>*>(context);
    if (columns == stride) return walk_range<T, InstructionSet>(c, offset, static_cast<long>(rows) * columns);
    for (int r = 0; r < rows; ++r) walk_range<T, InstructionSet>(c, offset + r * stride, columns);
}

// the same, of results that are not in memory but at `results`
template <class T, class InstructionSet = instruction_set::native>
void walk_tail_of(const void* context, const void* results, std::ptrdiff_t offset, int columns) noexcept {
    auto own = *static_cast<const pointwise_context<T>*>(context);
    own.anchor = static_cast<const T*>(results);
    own.anchor_origin = offset;
    walk_range<T, InstructionSet>(own, offset, columns);
}

}  // namespace tessera::detail::simd
