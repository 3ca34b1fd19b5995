// product: C (m, n) = A (m, k) B (k, n) [+ C], every stride a run-time argument.
//
//   product<Arch>(shape, a, b, c, accumulate, tail, workspace)     or with a plan in place of the shape
//   batched_product<Arch>(shape, batches, ...)    the same for a batch of matrices
//
// Computed     A may be a copied_operand that is computed: rows of it at a time, each element once, as blocks of k and rows
//              are reached. Then C has unit column stride and at least two columns, and A unit column stride, or unit
//              row stride, as that of a weight gradient.
// Prepared     an operand that calls have in common may be put into the order of its reader beforehand, and is given
//              along with itself, which a plan may still read; see prepared_operand.hpp. The sums are the same, bit for
//              bit.
//
// Workspace    product_workspace<Arch, T>(shape) bytes, 64-byte aligned; zero where no operand is packed.
// Cost         2 m n k flop. B is used in place or packed in panels, a block of k at a time; a small C with a long k is
//              split over k into slices. Against a B with unit row stride one or two rows of A are dot products, and a
//              few more are packed in its place: C' = B' A', each piece of C turned around once it is there.
// Determinism  the plan depends on the shape alone; an element's sum has one order, whatever the number of threads.
// Requires     C does not overlap A, B or the workspace; extents at least 0.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/copied_operand.hpp>
#include <tessera/backend/simd/packing.hpp>
#include <tessera/backend/simd/prepared_operand.hpp>
#include <tessera/backend/simd/shares.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/tile.hpp>
#include <utility>

namespace tessera::detail::simd {

// What was made of an operand, from one element of k on.
template <class T> struct prepared_rows {
    const T* at = nullptr;
    std::ptrdiff_t step = 0;   // to the next element of k
    std::ptrdiff_t panel = 0;  // of B: from one panel to the next
    std::ptrdiff_t pitch = 0;  // of A: from one line to the next

    // Inline always: called when running, and its name carries no instruction set.
    [[gnu::always_inline]] constexpr prepared_rows operator+(std::ptrdiff_t k) const noexcept {
        return {at == nullptr ? at : at + k * step, step, panel, pitch};
    }
};

template <class Arch, class T> struct product_plan {
    static constexpr int width = lanes<vector<T, Arch>>;
    static constexpr int panel = tile_columns<T, Arch>;
    static constexpr int depth = int(2048 / sizeof(T));  // k is cut into blocks of this
    // rows of a computed A: of all that are copied at once, and of a block of them
    static constexpr int most_whole = 4096, most_rows = 128;

    product_shape shape;     // with c_col == 1 if that can be had by exchanging A and B
    bool swapped = false;    // A and B exchanged: C' = B' A'
    bool scattered = false;  // no unit stride in C
    bool dots = false;       // rows of A times columns of B, both contiguous
    bool pack_a = false, pack_b = false;
    bool alone = false;                     // one block that needs nothing made but a packed B
    beforehand form = beforehand::nothing;  // what is there of the operands as they are here
    bool prepared = false;                  // B is there in panels, and read from them
    bool a_prepared = false;                // A is there with its lines apart, and read so
    bool computed = false;                  // A is, into a copy
    bool by_rows = false;                   // that copy is of a block of rows, made by who reads it; else of all rows
    bool upright = false;                   // in it the elements of a column are neighbours
    int block_rows = most_rows;             // at most
    std::ptrdiff_t a_pitch = 0;
    std::size_t block_bytes = 0;  // of room for a block of a computed A
    int slots = 1;                // of them
    int slices = 1;               // of k
    int row_blocks = 1, column_blocks = 1;
    int block = 0;  // columns in a column block, whole panels
    std::size_t a_bytes = 0, b_bytes = 0, partial_bytes = 0, spare_bytes = 0;

    [[gnu::noinline]] constexpr explicit product_plan(product_shape s, beforehand made = beforehand::nothing,
                                                      bool a_is_computed = false)
        : shape(s), form(made), computed(a_is_computed) {
        if (is_turned(s)) {
            shape = turned(s);
            form = turned(made);
            swapped = true;
        }
        prepared = form == beforehand::panels_of_b;
        if (shape.n == 1) shape.c_col = 1;
        scattered = shape.c_col != 1;
        slice();
        if (slices > 1) return;
        const bool upside_down = is_better_turned();
        dots = shape.m <= 4 && shape.b_row == 1 && shape.a_col == 1 && shape.b_col != 1 && !scattered && !upside_down;
        prepared = prepared && !dots;
        if (!dots) pack();
        if (computed) compute();
        if (upside_down && !prepared) turn_around();
        divide();
        if (by_rows) share_out();
        alone = !dots && !pack_a && !computed && !scattered && shape.k > 0 && blocks_of_k() == 1 &&
                row_blocks * column_blocks == 1;
    }

    constexpr int blocks_of_k() const { return dots ? 1 : std::max(1, (shape.k + k_block() - 1) / k_block()); }
    // With few rows nothing is reused from L1, so that B may as well stream through. Columns of A lie in as many lines of
    // it as k has elements, and so does a panel of a B that is not packed: blocks that both stay in L1 with.
    constexpr int k_block() const {
        if (!pack_b && shape.m <= tile_rows<Arch>) return std::max(shape.k, 1);
        return !pack_b && shape.a_col != 1 && shape.n > 2 * panel ? depth / 4 : depth;
    }
    constexpr std::size_t bytes() const { return a_bytes + b_bytes + partial_bytes + spare_bytes; }

    // Where a plan for less work ends: a result that leaves k to share out, and a k that is too short for that. A
    // product within the one or the other stays so as it gets smaller.
    static constexpr int turns = 2;
    constexpr bool is_small(int turn) const { return turn == 0 ? has_few_tiles() : shape.k < 4 * depth; }

    // of what was made of an operand, from the element of k that is 0
    constexpr prepared_rows<T> rows_of(const T* made) const {
        if (form == beforehand::panels_of_b) return {made, panel, std::ptrdiff_t(shape.k) * panel, 0};
        if (form != beforehand::lines_of_a) return {};
        const bool rows = shape.a_col == 1;
        const std::ptrdiff_t pitch = pitch_apart<T>(rows ? shape.k : shape.m);
        return {made, rows ? 1 : pitch, 0, pitch};
    }

    // the product of one slice, its result a dense matrix
    constexpr product_shape slice_shape(int k) const {
        product_shape part = shape;
        part.k = k;
        part.c_row = shape.n;
        part.c_col = 1;
        return part;
    }

  private:
    constexpr bool has_few_tiles() const {
        return std::ptrdiff_t(shape.m + tile_rows<Arch> - 1) / tile_rows<Arch> * ((shape.n + panel - 1) / panel) <= 64;
    }
    [[gnu::cold]] constexpr void slice() {
        if (!has_few_tiles() || shape.k < 4 * depth) return;
        // the largest piece of a slice; it is not sliced in turn
        const product_plan part(slice_shape(2 * depth), form, computed);
        const std::size_t result = std::size_t(shape.m) * std::size_t(shape.n) * sizeof(T);
        const std::size_t each = part.a_bytes + part.b_bytes + result;
        const int pieces = shape.k / (2 * depth);
        slices = shares(pieces, each, 16);
        a_bytes = static_cast<std::size_t>(slices) * part.a_bytes;
        b_bytes = static_cast<std::size_t>(slices) * part.b_bytes;
        partial_bytes = padded(std::size_t(slices) * result);
        spare_bytes = padded(room_of_shares(pieces, each, 16)) - (a_bytes + b_bytes + partial_bytes);
    }

    // Few rows, against columns of B that would have to be packed to be read once: so the rows are packed, and B is read
    // as rows. The operand that was packed beforehand is read as it is.
    constexpr bool is_better_turned() const {
        return shape.m > 2 && shape.m < 16 && shape.n >= 4 * panel && shape.b_row == 1 && shape.b_col != 1 &&
               !scattered && !computed && shape.k <= depth;
    }
    // The room stays that of a packed B: it may not fall as extents grow.
    constexpr void turn_around() {
        shape = turned(shape);
        form = turned(form);
        swapped = !swapped;
        scattered = true;
        pack_b = true;
        a_prepared = false;
    }

    [[gnu::cold]] constexpr void pack() {
        const bool unreadable = !vector_traits<vector<T, Arch>>::masked && shape.n % width != 0;
        const bool large = std::ptrdiff_t(shape.k) * shape.n * std::ptrdiff_t(sizeof(T)) > (std::ptrdiff_t(1) << 17);
        const bool reused = shape.m >= 96 && shape.n > panel;
        pack_b = shape.b_col != 1 || unreadable || (large && reused);
        pack_a = has_close_lines<T>(shape) && shape.n >= 2 * panel && !computed;
        a_prepared = pack_a && form == beforehand::lines_of_a;
        const int deep = std::min(shape.k, k_block());
        if (pack_b && !prepared) b_bytes = packed_columns_bytes<Arch, T>(deep, shape.n);
        if (pack_a && !a_prepared)
            a_bytes = padded(std::size_t(shape.m + packing_gap<T>) * std::size_t(deep + packing_gap<T>) * sizeof(T));
    }

    // How many rows the room holds does not get smaller as rows are added.
    [[gnu::cold]] constexpr void compute() {
        constexpr std::ptrdiff_t cache = 1 << 20;
        const auto apart = [](std::ptrdiff_t pitch) {
            return pitch * std::ptrdiff_t(sizeof(T)) % 2048 == 0 ? pitch + packing_gap<T> : pitch;
        };
        const int deep = dots ? shape.k : std::min(shape.k, k_block());
        upright = shape.a_col != 1;
        a_pitch = apart(upright ? shape.m : deep);
        const std::ptrdiff_t lines = upright ? deep : shape.m;
        by_rows = !dots && (shape.m > most_whole || lines * a_pitch * std::ptrdiff_t(sizeof(T)) > cache);
        if (!by_rows) {
            a_bytes = padded(std::size_t(lines) * std::size_t(a_pitch) * sizeof(T));
        } else if (upright) {
            block_rows = upright_elements(deep) / deep;
            a_pitch = block_rows + packing_gap<T>;
            block_bytes = padded(std::size_t(upright_elements(deep) + packing_gap<T> * deep) * sizeof(T));
        } else {
            block_bytes = padded(std::size_t(std::min(shape.m, block_rows)) * std::size_t(a_pitch) * sizeof(T));
        }
    }
    [[gnu::cold]] constexpr void share_out() {
        slots = shares(row_blocks, block_bytes);
        a_bytes = room_of_shares(row_blocks, block_bytes);
    }

    // of a block of rows, as wide as a cache allows: no fewer as k grows
    static constexpr int upright_elements(int deep) {
        return std::clamp((1 << 17) / int(sizeof(T)), most_rows * deep, 8 * most_rows * deep);
    }

    [[gnu::cold]] constexpr void divide() {
        constexpr std::ptrdiff_t grain = 1 << 17;  // multiply-adds worth handing to a thread, some 5 us
        const std::ptrdiff_t work = std::ptrdiff_t(shape.m) * shape.n * std::max(shape.k, 1);
        const int wide = shape.m <= tile_rows<Arch> ? 2 * panel : 8 * panel;
        block = wide;
        column_blocks = work < 2 * grain ? 1 : std::max(1, (shape.n + wide - 1) / wide);
        if (column_blocks == 1) block = (shape.n + panel - 1) / panel * panel;
        const std::ptrdiff_t by_work = work / (by_rows ? 1 : column_blocks) / grain;
        const std::ptrdiff_t by_cache = (shape.m + block_rows - 1) / block_rows, by_height = (shape.m + 15) / 16;
        // as many as make enough shares, and 16: finer ones read B more often than they are worth
        const std::ptrdiff_t enough = std::max(16, enough_shares / (by_rows ? 1 : column_blocks));
        row_blocks = int(std::max<std::ptrdiff_t>({1, by_cache, std::min({by_work, by_height, enough})}));
    }
};

template <class Arch, class T>
constexpr std::size_t product_workspace(const product_shape& shape, beforehand form = beforehand::nothing,
                                        bool a_is_computed = false) {
    return product_plan<Arch, T>(shape, form, a_is_computed).bytes();
}

// Four columns at a time: c_j = sum_k a_k b_kj with contiguous k.
template <class Arch, class T>
[[gnu::noinline]] void dot_columns(int k, const T* a, const T* b, std::ptrdiff_t b_col, T* c, int columns,
                                   bool accumulate) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const prefix<V> end = first<V>(k % width);
    for (int j = 0; j < columns; j += 4) {
        const T* column[4];
        for (int i = 0; i < 4; ++i) column[i] = b + std::min(j + i, columns - 1) * b_col;
        V sum[4] = {V(T(0)), V(T(0)), V(T(0)), V(T(0))};
        int at = 0;
        for (; at + width <= k; at += width) {
            const V x = load<V>(a + at);
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) sum[i] = fmadd(x, load<V>(column[i] + at), sum[i]);
        }
        if (at < k) {
            const V x = load<V>(a + at, end);
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) sum[i] = fmadd(x, load<V>(column[i] + at, end), sum[i]);
        }
        for (int i = 0; i < std::min(4, columns - j); ++i)
            c[j + i] = reduce_add(sum[i]) + (accumulate ? c[j + i] : T(0));
    }
}

// x (rows, columns), from one row to the next `pitch`, a multiple of 4, to c of any strides. Rows of x that are neighbours
// in c go there in blocks of four by four; the last of them are read whole.
template <class Arch, class T>
[[gnu::noinline]] void scatter(const T* x, int pitch, int rows, int columns, T* c, std::ptrdiff_t c_row,
                               std::ptrdiff_t c_col, bool accumulate) noexcept {
    if (c_row == 1 && !accumulate && rows % 4 == 0) {
        for (int j = 0; j < columns; j += 4, c += 4 * c_col)
            for (int y = 0; y < rows; y += 4) {
                const T* const block = x + y * pitch + j;
                if (j + 4 <= columns) {
                    transpose_block<Arch>(block, pitch, c + y, c_col);
                    continue;
                }
                alignas(16) T lines[16];
                transpose_block<Arch>(block, pitch, lines, 4);
                for (int k = 0; k < columns - j; ++k) std::memcpy(c + y + k * c_col, lines + 4 * k, 4 * sizeof(T));
            }
        return;
    }
    for (int j = 0; j < columns; ++j)
        for (int y = 0; y < rows; ++y) {
            T& out = c[y * c_row + j * c_col];
            out = x[y * pitch + j] + (accumulate ? out : T(0));
        }
}

// Rows [begin, end) of one column block of one block of k; operands.a is row `begin`.
template <class Arch, class T>
[[gnu::noinline]] void product_block(const product_plan<Arch, T>& plan, tile_operands<T> operands, std::ptrdiff_t panel,
                                     int begin, int end, int column_block, const tail& after) noexcept {
    const product_shape& s = plan.shape;
    const int from = column_block * plan.block, columns = std::min(plan.block, s.n - from);
    operands.b += from / plan.panel * panel;
    if (!plan.scattered) {
        const std::ptrdiff_t offset = begin * s.c_row + from;
        operands.c += offset;
        return tile_block<Arch>(operands, end - begin, columns, panel, after, offset);
    }
    constexpr int most = 16;
    alignas(64) T strip[most * product_plan<Arch, T>::panel];
    T* const c = operands.c;
    const bool add = operands.accumulate;
    operands.c = strip;
    operands.c_row = plan.panel;
    operands.accumulate = false;
    for (int i = begin, high; i < end; i += high, operands.a += high * operands.a_row) {
        high = std::min(most, end - i);
        const T* const b = operands.b;
        for (int j = 0; j < columns; j += plan.panel, operands.b += panel) {
            const int wide = std::min(plan.panel, columns - j);
            // a packed B may be read, and the strip written, in whole vectors
            const int made = plan.pack_b ? (wide + plan.width - 1) / plan.width * plan.width : wide;
            tile_strip<Arch>(operands, high, made, panel);
            const std::ptrdiff_t offset = i * s.c_row + (from + j) * s.c_col;
            scatter<Arch>(strip, plan.panel, high, wide, c + offset, s.c_row, s.c_col, add);
            if (s.c_row == 1)
                after(offset, wide, s.c_col, high);
            else
                for (int x = 0; x < wide; ++x) after(offset + x * s.c_col, high, s.c_row, 1);
        }
        operands.b = b;
    }
}

// The blocks of rows and columns of one block of k. Computed: the columns of A that stand in it, if they are to be
// computed by rows, to `room`.
template <class Arch, class T>
[[gnu::noinline]] void product_blocks(const product_plan<Arch, T>& plan, const tile_operands<T>& operands,
                                      std::ptrdiff_t panel, const tail& after, const copied_operand<T>& computed,
                                      T* room) noexcept {
    const product_shape& s = plan.shape;
    const auto row = [&](int block) { return int(std::ptrdiff_t(s.m) * block / plan.row_blocks); };
    if (!plan.by_rows) {
        threads::parallel(plan.row_blocks * plan.column_blocks, [&](int item) noexcept {
            const int block = item / plan.column_blocks, begin = row(block);
            tile_operands<T> own = operands;
            own.a += begin * operands.a_row;
            product_block<Arch>(plan, own, panel, begin, row(block + 1), item % plan.column_blocks, after);
        });
        return;
    }
    const int slots = threads::useful(plan.slots);
    const std::ptrdiff_t share = std::ptrdiff_t(plan.block_bytes / sizeof(T));
    threads::parallel(slots, [&](int slot) noexcept {
        tile_operands<T> own = operands;
        T* const copy = room + slot * share;
        own.a = copy;
        const int last = int(std::ptrdiff_t(plan.row_blocks) * (slot + 1) / slots);
        for (int block = int(std::ptrdiff_t(plan.row_blocks) * slot / slots); block < last; ++block) {
            const int begin = row(block), end = row(block + 1);
            const copied_operand<T> rows = computed + begin * s.a_row;
            if (plan.upright)
                rows.copy(copy, plan.a_pitch, operands.length, s.a_col, end - begin);
            else
                rows.copy(copy, plan.a_pitch, end - begin, s.a_row, operands.length);
            for (int columns = 0; columns < plan.column_blocks; ++columns)
                product_block<Arch>(plan, own, panel, begin, end, columns, after);
        }
    });
}

// All rows of a computed A, some thousand elements to a thread at a time.
template <class Arch, class T>
[[gnu::noinline]] void compute_rows(const copied_operand<T>& a, T* to, std::ptrdiff_t pitch, int rows,
                                    std::ptrdiff_t stride, int columns) noexcept {
    const int group = std::max(1, 8192 / std::max(columns, 1));
    threads::parallel((rows + group - 1) / group, [&](int item) noexcept {
        const int begin = item * group;
        (a + begin * stride).copy(to + begin * pitch, pitch, std::min(group, rows - begin), stride, columns);
    });
}

template <class Arch, class T>
[[gnu::noinline]] void planned_product(const product_plan<Arch, T>& plan, const copied_operand<T>& left, const T* b,
                                       T* c, bool accumulate, const tail& after, std::byte* workspace,
                                       const prepared_rows<T>& made = {}) noexcept {
    product_shape s = plan.shape;
    const T* a = left.at;
    if (plan.swapped) std::swap(a, b);
    T* const packed_b = reinterpret_cast<T*>(workspace);
    T* const packed_a = reinterpret_cast<T*>(workspace + plan.b_bytes);
    if (plan.dots) {
        if (plan.computed) {
            compute_rows<Arch>(left, packed_a, plan.a_pitch, s.m, s.a_row, s.k);
            a = packed_a;
            s.a_row = plan.a_pitch;
        }
        threads::parallel(plan.column_blocks, [&](int item) noexcept {
            const int from = item * plan.block, columns = std::min(plan.block, s.n - from);
            for (int i = 0; i < s.m; ++i)
                dot_columns<Arch>(s.k, a + i * s.a_row, b + from * s.b_col, s.b_col, c + i * s.c_row + from, columns,
                                  accumulate);
            after(from, s.m, s.c_row, columns);
        });
        return;
    }
    const int blocks = plan.blocks_of_k();
    for (int block = 0; block < blocks; ++block) {
        const int begin = block * plan.k_block(), deep = std::min(plan.k_block(), s.k - begin);
        const stretch whole;
        tile_operands<T> operands{plan.computed ? packed_a : a + begin * s.a_col,
                                  s.a_row,
                                  s.a_col,
                                  b + begin * s.b_row,
                                  s.b_row,
                                  c,
                                  s.c_row,
                                  &whole,
                                  1,
                                  deep,
                                  accumulate || block > 0};
        std::ptrdiff_t panel = plan.panel;
        if (plan.prepared) {
            operands.b = made.at + begin * made.step;
            operands.b_row = plan.panel;
            panel = made.panel;
        } else if (plan.pack_b) {
            pack_columns<Arch>(packed_b, operands.b, deep, s.n, s.b_row, s.b_col);
            operands.b = packed_b;
            operands.b_row = plan.panel;
            panel = std::ptrdiff_t(deep) * plan.panel;
        }
        if (plan.a_prepared) {
            operands.a = made.at + begin * made.step;
            (s.a_col == 1 ? operands.a_row : operands.a_col) = made.pitch;
        } else if (plan.pack_a) {
            const bool rows = s.a_col == 1;
            const std::ptrdiff_t pitch = (rows ? deep : s.m) + packing_gap<T>;
            copy_rows<Arch>(packed_a, pitch, operands.a, rows ? s.a_row : s.a_col, rows ? s.m : deep,
                            rows ? deep : s.m);
            operands.a = packed_a;
            (rows ? operands.a_row : operands.a_col) = pitch;
        }
        const copied_operand<T> rest = plan.computed ? left + begin * s.a_col : left;
        if (plan.computed) {
            (plan.upright ? operands.a_col : operands.a_row) = plan.a_pitch;
            if (!plan.by_rows && plan.upright)
                compute_rows<Arch>(rest, packed_a, plan.a_pitch, deep, s.a_col, s.m);
            else if (!plan.by_rows)
                compute_rows<Arch>(rest, packed_a, plan.a_pitch, s.m, s.a_row, deep);
        }
        product_blocks<Arch>(plan, operands, panel, block + 1 == blocks ? after : tail{}, rest, packed_a);
    }
}

// Adds the partial results of the slices in order, some thousand terms to a thread at a time.
template <class Arch, class T>
[[gnu::noinline]] void add_slices(const product_plan<Arch, T>& plan, const T* partial, T* c, bool accumulate,
                                  const tail& after) noexcept {
    const product_shape& s = plan.shape;
    const std::ptrdiff_t size = std::ptrdiff_t(s.m) * s.n;
    const int group = std::max(1, 8192 / plan.slices / s.n);
    threads::parallel((s.m + group - 1) / group, [&](int item) noexcept {
        using V = vector<T, Arch>;
        const int begin = item * group, end = std::min(s.m, begin + group);
        for (int i = begin; i < end; ++i)
            for (int j = 0; j < s.n; j += lanes<V>) {
                const int wide = std::min(lanes<V>, s.n - j);
                const prefix<V> some = first<V>(wide);
                const T* p = partial + std::ptrdiff_t(i) * s.n + j;
                V sum = load<V>(p, some);
                for (int slice = 1; slice < plan.slices; ++slice) sum = sum + load<V>(p += size, some);
                T* const out = c + i * s.c_row + j * s.c_col;
                if (!plan.scattered) {
                    store_to(out, accumulate ? V(load<V>(out, some) + sum) : sum, some);
                    continue;
                }
                alignas(64) T each[lanes<V>];
                store_to(each, sum);
                for (int x = 0; x < wide; ++x) out[x * s.c_col] = accumulate ? out[x * s.c_col] + each[x] : each[x];
            }
        const int rows = end - begin;
        if (!plan.scattered) return after(begin * s.c_row, rows, s.c_row, s.n);
        for (int j = 0; j < s.n; ++j) after(begin * s.c_row + j * s.c_col, rows, s.c_row, 1);
    });
}

// What the matrices of a batch are apart.
struct batch_strides {
    std::ptrdiff_t a = 0, b = 0, c = 0;
    std::ptrdiff_t prepared = 0;  // of what was made of an operand beforehand

    // Inline always: called when running, and its name carries no instruction set.
    [[gnu::always_inline]] constexpr batch_strides operator*(std::ptrdiff_t n) const noexcept {
        return {a * n, b * n, c * n, prepared * n};
    }
    [[gnu::always_inline]] constexpr batch_strides operator+(const batch_strides& o) const noexcept {
        return {a + o.a, b + o.b, c + o.c, prepared + o.prepared};
    }
};
// Rows of matrices: so many in each, and from one to the next.
struct batch_rows {
    int length = 1;
    batch_strides step = {};
};

// Products [begin, end) of a batch whose plan is `alone`. What several in turn have in common is packed once, and where
// results are short and lie one after another, the tail sees some of them at a time.
template <class Arch, class T>
[[gnu::noinline]] void products_alone(const product_plan<Arch, T>& plan, int begin, int end,
                                      const batch_strides& strides, const batch_rows& rows, const T* a, const T* b,
                                      const T* prepared, T* c, bool accumulate, const tail& after, T* packed) noexcept {
    const product_shape& s = plan.shape;
    const stretch whole;
    const T* in_place = nullptr;  // what was packed last
    const bool dense = s.c_row == s.n && s.m * s.n < int(2048 / sizeof(T));
    std::ptrdiff_t first = 0, last = 0;  // finished results that the tail has not seen
    const auto hand_over = [&]() noexcept {
        if (first < last) after(first, int((last - first) / s.n), s.n, s.n);
    };
    int row = begin / rows.length, place = begin % rows.length;
    for (int i = begin; i < end; ++i) {
        const batch_strides at = strides * row + rows.step * place;
        if (++place == rows.length) place = 0, ++row;
        const T *x = a + at.a, *y = b + at.b;
        if (plan.swapped) std::swap(x, y);
        tile_operands<T> operands{x, s.a_row, s.a_col, y, s.b_row, c + at.c, s.c_row, &whole, 1, s.k, accumulate};
        std::ptrdiff_t panel = plan.panel;
        if (plan.prepared || plan.pack_b) {
            operands.b = plan.prepared ? prepared + at.prepared : packed;
            operands.b_row = plan.panel;
            panel = std::ptrdiff_t(s.k) * plan.panel;
            if (!plan.prepared && y != in_place) pack_columns<Arch>(packed, y, s.k, s.n, s.b_row, s.b_col);
            in_place = y;
        }
        if (!dense) {
            tile_block<Arch>(operands, s.m, s.n, panel, after, at.c);
            continue;
        }
        tile_block<Arch>(operands, s.m, s.n, panel, tail{}, 0);
        if (at.c != last || last - first >= int(4096 / sizeof(T))) {
            hand_over();
            first = at.c;
        }
        last = at.c + std::ptrdiff_t(s.m) * s.n;
    }
    hand_over();
}

// By a plan for operands like these, which those of a batch share.
template <class Arch, class T>
[[gnu::noinline]] void product(const product_plan<Arch, T>& plan, std::type_identity_t<copied_operand<T>> a, const T* b,
                               T* c, bool accumulate, const tail& after, std::byte* workspace,
                               const std::type_identity_t<prepared_operand<T>>& prepared = {}) noexcept {
    const prepared_rows<T> made = plan.rows_of(prepared.at);
    if (plan.shape.m < 1 || plan.shape.n < 1) return;
    if (plan.shape.k < 1) {  // empty, never read, and may be null, from which no address may be computed
        b = c;
        if (!a.computed()) a = c;
    }
    if (plan.alone)
        return products_alone<Arch>(plan, 0, 1, {}, {}, a.at, b, prepared.at, c, accumulate, after,
                                    reinterpret_cast<T*>(workspace));
    if (plan.slices == 1) return planned_product<Arch>(plan, a, b, c, accumulate, after, workspace, made);
    if (plan.swapped) std::swap(a.at, b);
    const product_shape& s = plan.shape;
    T* const partial = reinterpret_cast<T*>(workspace);
    std::byte* const rest = workspace + plan.partial_bytes;
    const std::size_t share = (plan.a_bytes + plan.b_bytes) / static_cast<std::size_t>(plan.slices);
    const auto make_slice = [&](int slice, std::byte* own) noexcept {
        const int begin = int(std::ptrdiff_t(s.k) * slice / plan.slices);
        const int end = int(std::ptrdiff_t(s.k) * (slice + 1) / plan.slices);
        T* const result = partial + std::ptrdiff_t(slice) * s.m * s.n;
        for (int k = begin; k < end; k += 2 * plan.depth) {  // in pieces, so that a slice is not sliced in turn
            const product_plan<Arch, T> part(plan.slice_shape(std::min(2 * plan.depth, end - k)), plan.form,
                                             plan.computed);
            planned_product<Arch>(part, a + k * s.a_col, b + k * s.b_row, result, k > begin, tail{}, own, made + k);
        }
    };
    const int slots = threads::useful(plan.slices);
    threads::parallel(slots, [&](int slot) noexcept {
        for (int slice = plan.slices * slot / slots; slice < plan.slices * (slot + 1) / slots; ++slice)
            make_slice(slice, rest + static_cast<std::size_t>(slot) * share);
    });
    add_slices<Arch>(plan, partial, c, accumulate, after);
}

template <class Arch, class T>
void product(const product_shape& shape, const std::type_identity_t<copied_operand<T>>& a, const T* b, T* c,
             bool accumulate, const tail& after, std::byte* workspace,
             const std::type_identity_t<prepared_operand<T>>& prepared = {}) noexcept {
    product<Arch, T>(product_plan<Arch, T>(shape, prepared.form, a.computed()), a, b, c, accumulate, after, workspace,
                     prepared);
}

}  // namespace tessera::detail::simd
