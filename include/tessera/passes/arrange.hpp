// arrange: an offset in one workspace for each of some pieces that live over ranges of steps. Pieces that share a step
// do not overlap.
//
// Several arrangements are tried until one reaches the bound: the pieces that are live at the fullest step as a stack
// and the rest in the gaps; all by first fit in the order of steps; and, where they are few, by best fit those of the
// fullest steps first and of these the long lives. The last is repeated: a piece that came to lie above the bound is
// placed earlier.
//
// Cost  near linear in the number of pieces; at most some 80,000 comparisons more.
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
// offset keeps it. Quadratic in the number of pieces.
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

// bytes that are live, by step
constexpr std::vector<long> loads(const lifetime* list, int count, int steps) {
    std::vector<long> load(static_cast<std::size_t>(steps) + 2, 0L);
    for (int k = 0; k < count; ++k) {
        load[static_cast<std::size_t>(list[k].first)] += list[k].bytes;
        load[static_cast<std::size_t>(list[k].last) + 1] -= list[k].bytes;
    }
    for (std::size_t i = 1; i < load.size(); ++i) load[i] += load[i - 1];
    return load;
}

struct peak {
    long bytes = 0;
    int step = 0;
};

// the fullest step from first to last
constexpr peak find_peak(const std::vector<long>& load, int first, int last) {
    peak p;
    for (int i = first; i <= last; ++i)
        if (const long bytes = load[static_cast<std::size_t>(i)]; bytes > p.bytes) p = {bytes, i};
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

// Best fit, the pieces of the fullest steps first, long lives before short ones. As long as the work is within what a
// compiler evaluates without complaint, the first piece that lies above the bound is moved to half its place in the
// order, and everything is placed anew. keep(height) tells whether to go on.
template <class Keep>
constexpr void fullest_first(const std::vector<lifetime>& given, const std::vector<long>& load, long bound,
                             std::vector<lifetime>& attempt, std::vector<int>& order, std::vector<int>& spare,
                             Keep keep) {
    const int count = static_cast<int>(given.size());
    constexpr int most_work = 80'000;
    int work = count * count / 2;
    if (count > 1'000 || work > most_work) return;
    std::vector<long> fullest;
    for (const lifetime& piece : given) fullest.push_back(find_peak(load, piece.first, piece.last).bytes);
    for (int k = 0; k < count; ++k) order[static_cast<std::size_t>(k)] = k;
    const long* const full = fullest.data();
    const lifetime* const list = given.data();
    sort(order.data(), count, spare.data(), [full, list](int a, int b) {
        return full[a] != full[b] ? full[a] > full[b] : list[a].last - list[a].first > list[b].last - list[b].first;
    });
    for (; work <= most_work; work += count * count / 2) {
        attempt = given;
        if (!keep(best_fit(attempt.data(), order.data(), count, spare.data()))) return;
        int above = 0;
        const auto piece_at = [&](int k) -> const lifetime& {
            return attempt[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])];
        };
        while (piece_at(above).offset + piece_at(above).bytes <= bound) ++above;
        const int piece = order[static_cast<std::size_t>(above)];
        for (int k = above; k > above / 2; --k)
            order[static_cast<std::size_t>(k)] = order[static_cast<std::size_t>(k) - 1];
        order[static_cast<std::size_t>(above) / 2] = piece;
    }
}

// gives every piece an offset
constexpr arrangement arrange(std::vector<lifetime>& pieces, int steps) {
    const int count = static_cast<int>(pieces.size());
    const std::vector<lifetime> given = pieces;
    const lifetime* const list = given.data();
    const std::vector<long> load = loads(list, count, steps);
    const peak top = find_peak(load, 0, steps);
    std::vector<int> order(static_cast<std::size_t>(count) + 1, 0), spare = order;
    for (int k = 0; k < count; ++k) order[static_cast<std::size_t>(k)] = k;
    // long lives first among those that begin at a step
    sort(order.data(), count, spare.data(), [list](int a, int b) {
        return list[a].first != list[b].first ? list[a].first < list[b].first : list[a].last > list[b].last;
    });
    long least = 0;
    std::vector<lifetime> attempt = given;
    const auto keep_if_better = [&](long height) {
        if (least == 0 || height < least) {
            least = height;
            pieces = attempt;
        }
        return least > top.bytes;
    };
    // Two levels: what is live at the peak is a stack, in the order in which it comes; everything else fills the gaps.
    stack_at(attempt, top.step, order.data());
    if (keep_if_better(first_fit(attempt.data(), order.data(), count, spare.data()))) {
        attempt = given;
        if (keep_if_better(first_fit(attempt.data(), order.data(), count, spare.data())))
            fullest_first(given, load, top.bytes, attempt, order, spare, keep_if_better);
    }
    return {least, top.bytes};
}

}  // namespace placing

}  // namespace tessera
