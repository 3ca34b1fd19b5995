// arrange: an offset in one workspace for each of some pieces that live over ranges of steps. Pieces that share a step
// do not overlap.
//
// Several arrangements are tried until one reaches the bound: the pieces that are live at the fullest step as a stack
// and the rest in the gaps, all by first fit in the order of steps, and, where they are few, large ones first by best
// fit, behind a stack or without one.
//
// Cost  near linear in the number of pieces; at most some 120,000 comparisons more.
#pragma once
#include <cstddef>
#include <vector>

namespace tessera {

// a piece of workspace over a range of steps
struct lifetime {
    long bytes = 0;
    int first = 0, last = 0;
    long offset = -1;
};

namespace placing {

// The pieces that are live at some step, lowest first.
struct live_list {
    const lifetime* list;
    int* at;
    int count = 0;

    constexpr void expire(int step) {
        int kept = 0;
        for (int k = 0; k < count; ++k)
            if (list[at[k]].last >= step) at[kept++] = at[k];
        count = kept;
    }
    constexpr void insert(int piece) {
        int k = count++;
        for (; k > 0 && list[at[k - 1]].offset > list[piece].offset; --k) at[k] = at[k - 1];
        at[k] = piece;
    }
    // the lowest gap for a piece
    constexpr long gap(long bytes) const {
        long reached = 0;
        for (int k = 0; k < count; ++k) {
            const lifetime& other = list[at[k]];
            if (other.offset - reached >= bytes) return reached;
            if (other.offset + other.bytes > reached) reached = other.offset + other.bytes;
        }
        return reached;
    }
};

// First fit in the order of steps (`order` is sorted by it). Pieces that already have an offset keep it; one that
// begins while another lives counts as live from then on. Returns the height.
constexpr long first_fit(lifetime* list, const int* order, int count, int* spare) {
    live_list live{list, spare};
    long height = 0;
    for (int k = 0, ahead = 0; k < count; ++k) {
        lifetime& piece = list[order[k]];
        if (piece.offset < 0) {
            live.expire(piece.first);
            if (ahead < k) ahead = k;
            for (; ahead < count && list[order[ahead]].first <= piece.last; ++ahead)
                if (list[order[ahead]].offset >= 0) live.insert(order[ahead]);
            piece.offset = live.gap(piece.bytes);
            live.insert(order[k]);
        } else if (ahead <= k) {
            live.expire(piece.first);
            live.insert(order[k]);
            ahead = k + 1;
        }
        if (piece.offset + piece.bytes > height) height = piece.offset + piece.bytes;
    }
    return height;
}

// Pieces in the given order, each in the tightest gap among all that share a step with it; one that already has an
// offset keeps it. The best where pieces are few, and quadratic in their number.
constexpr long best_fit(lifetime* list, const int* order, int count, int* by_offset) {
    long height = 0;
    for (int k = 0; k < count; ++k) {
        lifetime& piece = list[order[k]];
        long reached = 0, best = piece.offset, best_room = 0;
        for (int q = 0; q < k && piece.offset < 0; ++q) {
            const lifetime& other = list[by_offset[q]];
            if (other.first > piece.last || other.last < piece.first) continue;
            const long room = other.offset - reached;
            if (room >= piece.bytes && (best < 0 || room < best_room)) {
                best = reached;
                best_room = room;
            }
            if (other.offset + other.bytes > reached) reached = other.offset + other.bytes;
        }
        piece.offset = best >= 0 ? best : reached;
        int at = k;
        for (; at > 0 && list[by_offset[at - 1]].offset > piece.offset; --at) by_offset[at] = by_offset[at - 1];
        by_offset[at] = order[k];
        if (piece.offset + piece.bytes > height) height = piece.offset + piece.bytes;
    }
    return height;
}

// merge sort: std::sort is not cheap to evaluate
template <class Before> constexpr void sort(int* a, int count, int* spare, Before before) {
    for (int width = 1; width < count; width *= 2) {
        for (int left = 0; left < count; left += 2 * width) {
            const int middle = left + width < count ? left + width : count;
            const int right = left + 2 * width < count ? left + 2 * width : count;
            int i = left, j = middle, k = left;
            while (i < middle || j < right)
                spare[k++] = j >= right || (i < middle && !before(a[j], a[i])) ? a[i++] : a[j++];
        }
        for (int i = 0; i < count; ++i) a[i] = spare[i];
    }
}

struct peak {
    long bytes = 0;
    int step = 0;
};

constexpr peak find_peak(const lifetime* list, int count, int steps) {
    std::vector<long> change(static_cast<std::size_t>(steps) + 2, 0L);
    for (int k = 0; k < count; ++k) {
        change[static_cast<std::size_t>(list[k].first)] += list[k].bytes;
        change[static_cast<std::size_t>(list[k].last) + 1] -= list[k].bytes;
    }
    peak p;
    long now = 0;
    for (int i = 0; i < steps + 2; ++i) {
        now += change[static_cast<std::size_t>(i)];
        if (now > p.bytes) p = {now, i};
    }
    return p;
}

struct arrangement {
    long bytes = 0, bound = 0;
};

// what is live at a step becomes a stack, in the given order
constexpr void stack_at(std::vector<lifetime>& pieces, int step, const int* order) {
    long base = 0;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
        lifetime& piece = pieces[static_cast<std::size_t>(order[k])];
        if (piece.first > step || piece.last < step) continue;
        piece.offset = base;
        base += piece.bytes;
    }
}

// gives every piece an offset
constexpr arrangement arrange(std::vector<lifetime>& pieces, int steps) {
    const int count = static_cast<int>(pieces.size());
    const std::vector<lifetime> given = pieces;
    const lifetime* const list = given.data();
    const peak top = find_peak(list, count, steps);
    std::vector<int> order(static_cast<std::size_t>(count) + 1, 0), spare = order;
    const auto sort_by = [&](auto before) {
        for (int k = 0; k < count; ++k) order[static_cast<std::size_t>(k)] = k;
        sort(order.data(), count, spare.data(), before);
    };
    // long lives first among those that begin, or that end, at a step
    const auto sort_by_first = [&] {
        sort_by([list](int a, int b) {
            return list[a].first != list[b].first ? list[a].first < list[b].first : list[a].last > list[b].last;
        });
    };
    const auto sort_by_last = [&] {
        sort_by([list](int a, int b) {
            return list[a].last != list[b].last ? list[a].last > list[b].last : list[a].first < list[b].first;
        });
    };
    long least = 0;
    std::vector<lifetime> attempt = given;
    const auto keep_if_better = [&](long height) {
        if (least > 0 && height >= least) return;
        least = height;
        pieces = attempt;
    };
    // Two levels: what is live at the peak is a stack, in the order in which it comes; everything else fills the gaps.
    sort_by_first();
    stack_at(attempt, top.step, order.data());
    keep_if_better(first_fit(attempt.data(), order.data(), count, spare.data()));
    if (least > top.bytes) {
        attempt = given;
        keep_if_better(first_fit(attempt.data(), order.data(), count, spare.data()));
    }
    // Large ones first: without a stack, on one in the order of coming, on one in the order of going. The work is
    // bounded by what a compiler evaluates without complaint.
    for (int kind = 0; kind < 3 && least > top.bytes && count * count * (kind + 1) <= 40'000; ++kind) {
        attempt = given;
        if (kind > 0) {
            kind == 1 ? sort_by_first() : sort_by_last();
            stack_at(attempt, top.step, order.data());
        }
        const lifetime* const now = attempt.data();
        sort_by([now](int a, int b) {
            const bool placed_a = now[a].offset >= 0, placed_b = now[b].offset >= 0;
            if (placed_a != placed_b) return placed_a;
            return now[a].bytes != now[b].bytes ? now[a].bytes > now[b].bytes : now[a].first < now[b].first;
        });
        keep_if_better(best_fit(attempt.data(), order.data(), count, spare.data()));
    }
    return {least, top.bytes};
}

}  // namespace placing

}  // namespace tessera
