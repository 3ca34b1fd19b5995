// arrange: an offset in one workspace for each of some pieces that live over ranges of steps. Pieces that share a step
// do not overlap.
//
// Several arrangements are tried until one reaches the bound: the pieces that are live at the fullest step as a stack
// and the rest in the gaps; all by first fit in the order of steps; and, where they are few, by best fit those of the
// fullest steps first and of these the long lives. The last is repeated: a piece that came to lie above the bound is
// placed earlier.
//
// Everything is in plain local arrays: a compiler evaluates them for less than vectors and pointers.
//
// Cost  the number of pieces times that of the pieces alive at a time; at most some 80,000 comparisons more.
#pragma once

namespace tessera::detail {

// Pieces of workspace, each over a range of steps.
template <int Pieces, int Steps> struct lifetimes {
    int count = 0;
    long bytes[Pieces + 1] = {};
    int first[Pieces + 1] = {}, last[Pieces + 1] = {};
    long offset[Pieces + 1] = {};  // -1 while there is none

    // returns the number of the piece
    constexpr int add(long size, int from, int to) {
        bytes[count] = size;
        first[count] = from;
        last[count] = to;
        offset[count] = -1;
        return count++;
    }
};

namespace placing {

// The numbers of pieces by the step in which they begin, among equals the long lives first.
template <int Pieces, int Steps>
constexpr void sort_by_first(const lifetimes<Pieces, Steps>& p, int steps, int (&order)[Pieces + 1]) {
    int begin[Steps + 2] = {}, end[Steps + 2] = {};
    for (int k = 0; k < p.count; ++k) ++end[p.first[k] + 1];
    for (int i = 0; i <= steps; ++i) begin[i] = end[i + 1] += end[i];
    for (int i = steps; i > 0; --i) begin[i] = begin[i - 1];
    begin[0] = 0;
    for (int k = 0; k < p.count; ++k) {
        const int step = p.first[k];
        int at = end[step]++;
        for (; at > begin[step] && p.last[order[at - 1]] < p.last[k]; --at) order[at] = order[at - 1];
        order[at] = k;
    }
}
template <int Pieces, int Steps>
constexpr void sort_by_last(const lifetimes<Pieces, Steps>& p, int steps, int (&order)[Pieces + 1]) {
    int end[Steps + 2] = {};
    for (int k = 0; k < p.count; ++k) ++end[p.last[k] + 1];
    for (int i = 0; i <= steps; ++i) end[i + 1] += end[i];
    for (int k = 0; k < p.count; ++k) order[end[p.last[k]]++] = k;
}

// The numbers in `order` by falling key; equal ones stay as they are.
template <int Size> constexpr void sort_by_key(int (&order)[Size], const long (&key)[Size], int count) {
    int merged[Size] = {};
    for (int width = 1; width < count; width *= 2) {
        for (int left = 0; left < count; left += 2 * width) {
            const int middle = left + width < count ? left + width : count;
            const int right = left + 2 * width < count ? left + 2 * width : count;
            int i = left, j = middle, k = left;
            while (i < middle || j < right)
                merged[k++] = j >= right || (i < middle && key[order[j]] <= key[order[i]]) ? order[i++] : order[j++];
        }
        for (int i = 0; i < count; ++i) order[i] = merged[i];
    }
}

// First fit, pieces in the order in which they begin. Those that already have an offset keep it; one that begins while
// another lives counts as live from then on. Returns the height.
template <int Pieces, int Steps>
constexpr long first_fit(lifetimes<Pieces, Steps>& p, const int (&by_first)[Pieces + 1],
                         const int (&by_last)[Pieces + 1]) {
    // What is live, lowest first: piece, begin, end. The first `solid` of them leave no gap; full[i] is their height up
    // to the i-th. In training most of what is live is a solid stack, and is not looked at again.
    int live[Pieces + 1] = {}, count = 0, solid = 0;
    long begin[Pieces + 1] = {}, end[Pieces + 1] = {}, full[Pieces + 1] = {};
    const auto insert = [&](int piece) {
        const long at = p.offset[piece];
        int k = count++;
        for (; k > 0 && begin[k - 1] > at; --k) {
            live[k] = live[k - 1];
            begin[k] = begin[k - 1];
            end[k] = end[k - 1];
        }
        live[k] = piece;
        begin[k] = at;
        end[k] = at + p.bytes[piece];
        if (k < solid) solid = k;
    };
    const auto remove = [&](int piece) {
        int k = count - 1;
        while (live[k] != piece) --k;
        if (k < solid) solid = k;
        for (--count; k < count; ++k) {
            live[k] = live[k + 1];
            begin[k] = begin[k + 1];
            end[k] = end[k + 1];
        }
    };
    long height = 0;
    for (int k = 0, ahead = 0, gone = 0; k < p.count; ++k) {
        const int piece = by_first[k];
        for (; p.last[by_last[gone]] < p.first[piece]; ++gone) remove(by_last[gone]);
        if (p.offset[piece] < 0) {
            if (ahead < k) ahead = k;
            for (; ahead < p.count && p.first[by_first[ahead]] <= p.last[piece]; ++ahead)
                if (p.offset[by_first[ahead]] >= 0) insert(by_first[ahead]);
            long reached = solid > 0 ? full[solid - 1] : 0;
            for (; solid < count && begin[solid] <= reached; ++solid) {
                if (end[solid] > reached) reached = end[solid];
                full[solid] = reached;
            }
            // the lowest gap that is wide enough
            const long bytes = p.bytes[piece];
            for (int i = solid; i < count && begin[i] - reached < bytes; ++i)
                if (end[i] > reached) reached = end[i];
            p.offset[piece] = reached;
            insert(piece);
        } else if (ahead <= k) {
            insert(piece);
            ahead = k + 1;
        }
        if (p.offset[piece] + p.bytes[piece] > height) height = p.offset[piece] + p.bytes[piece];
    }
    return height;
}

// Pieces in the given order, each in the tightest gap among all that share a step with it. Quadratic in their number.
template <int Pieces, int Steps> constexpr long best_fit(lifetimes<Pieces, Steps>& p, const int (&order)[Pieces + 1]) {
    long begin[Pieces + 1] = {}, end[Pieces + 1] = {};  // of those that are placed, lowest first
    int first[Pieces + 1] = {}, last[Pieces + 1] = {};
    long height = 0;
    for (int k = 0; k < p.count; ++k) {
        const int piece = order[k], from = p.first[piece], until = p.last[piece];
        const long bytes = p.bytes[piece];
        long reached = 0, best = -1, best_room = 0;
        for (int q = 0; q < k; ++q) {
            if (first[q] > until || last[q] < from) continue;
            const long room = begin[q] - reached;
            if (room >= bytes && (best < 0 || room < best_room)) {
                best = reached;
                best_room = room;
            }
            if (end[q] > reached) reached = end[q];
        }
        const long at = best >= 0 ? best : reached;
        int place = k;
        for (; place > 0 && begin[place - 1] > at; --place) {
            begin[place] = begin[place - 1];
            end[place] = end[place - 1];
            first[place] = first[place - 1];
            last[place] = last[place - 1];
        }
        begin[place] = at;
        end[place] = at + bytes;
        first[place] = from;
        last[place] = until;
        p.offset[piece] = at;
        if (at + bytes > height) height = at + bytes;
    }
    return height;
}

// what is live at a step becomes a stack, in the given order
template <int Pieces, int Steps>
constexpr void stack_at(lifetimes<Pieces, Steps>& p, int step, const int (&order)[Pieces + 1]) {
    long base = 0;
    for (int k = 0; k < p.count; ++k) {
        const int piece = order[k];
        if (p.first[piece] > step || p.last[piece] < step) continue;
        p.offset[piece] = base;
        base += p.bytes[piece];
    }
}

struct arrangement {
    long bytes = 0, bound = 0;
};

// Best fit, the pieces of the fullest steps first, long lives before short ones. As long as the work is within what a
// compiler evaluates without complaint, the first piece that lies above the bound is moved to half its place in the
// order, and everything is placed anew. keep(pieces, height) tells whether to go on.
template <int Pieces, int Steps, class Keep>
constexpr void fullest_first(const lifetimes<Pieces, Steps>& given, const long (&load)[Steps + 2], long bound,
                             Keep keep) {
    constexpr int most_work = 80'000;
    const int count = given.count;
    int work = count * count / 2;
    if (count > 1'000 || work > most_work) return;
    int order[Pieces + 1] = {};
    long key[Pieces + 1] = {};
    for (int k = 0; k < count; ++k) order[k] = k;
    for (int k = 0; k < count; ++k) key[k] = given.last[k] - given.first[k];
    sort_by_key(order, key, count);
    for (int k = 0; k < count; ++k) {
        key[k] = 0;
        for (int i = given.first[k]; i <= given.last[k]; ++i)
            if (load[i] > key[k]) key[k] = load[i];
    }
    sort_by_key(order, key, count);
    for (; work <= most_work; work += count * count / 2) {
        lifetimes<Pieces, Steps> attempt = given;
        if (!keep(attempt, best_fit(attempt, order))) return;
        int above = 0;
        while (attempt.offset[order[above]] + attempt.bytes[order[above]] <= bound) ++above;
        const int piece = order[above];
        for (int k = above; k > above / 2; --k) order[k] = order[k - 1];
        order[above / 2] = piece;
    }
}

// gives every piece an offset
template <int Pieces, int Steps> constexpr arrangement arrange(lifetimes<Pieces, Steps>& pieces, int steps) {
    const lifetimes<Pieces, Steps> given = pieces;
    long load[Steps + 2] = {};  // bytes that are live, by step
    for (int k = 0; k < given.count; ++k) {
        load[given.first[k]] += given.bytes[k];
        load[given.last[k] + 1] -= given.bytes[k];
    }
    int fullest = 0;
    for (int i = 1; i <= steps; ++i) {
        load[i] += load[i - 1];
        if (load[i] > load[fullest]) fullest = i;
    }
    const long bound = load[fullest];
    int order[Pieces + 1] = {}, by_last[Pieces + 1] = {};
    sort_by_first(given, steps, order);
    sort_by_last(given, steps, by_last);

    long least = -1;
    const auto keep_if_better = [&](const lifetimes<Pieces, Steps>& attempt, long height) {
        if (least < 0 || height < least) {
            least = height;
            pieces = attempt;
        }
        return least > bound;
    };
    // Two levels: what is live at the peak is a stack, in the order in which it comes; everything else fills the gaps.
    lifetimes<Pieces, Steps> attempt = given;
    stack_at(attempt, fullest, order);
    if (keep_if_better(attempt, first_fit(attempt, order, by_last))) {
        attempt = given;
        if (keep_if_better(attempt, first_fit(attempt, order, by_last)))
            fullest_first(given, load, bound, keep_if_better);
    }
    return {least, bound};
}

}  // namespace placing

}  // namespace tessera::detail
