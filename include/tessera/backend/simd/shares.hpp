// shares: into how many shares work is cut whose shares each need a room of their own, a scratch or a partial result.
//
// What needs none is cut as fine as the work allows. The number follows from the shape alone, never from the number of
// threads, and so does every result that depends on it.
//
// Inline always: kernels call these when running, and their names carry no instruction set.
#pragma once
#include <algorithm>
#include <cstddef>

namespace tessera::detail::simd {

inline constexpr int enough_shares = 256;  // a few for each of many threads
inline constexpr std::size_t room_for_shares = std::size_t(4) << 20;

// `each`: bytes of room for one. Above `least` there are as many as fit into room_for_shares.
[[gnu::always_inline]] constexpr int shares(int items, std::size_t each, int least = 32) {
    if (each == 0 || items <= least) return items;
    const std::size_t fit = std::min(room_for_shares / each, std::size_t(enough_shares));
    return std::min(items, std::max(least, int(fit)));
}

// At least shares() * each. It falls nowhere as items or `each` grow, as the product itself does where a share too many
// no longer fits; see room.hpp.
[[gnu::always_inline]] constexpr std::size_t room_of_shares(int items, std::size_t each, int least = 32) {
    const std::size_t fit = std::min(std::size_t(enough_shares) * each, room_for_shares);
    return std::min(std::size_t(items) * each, std::max(std::size_t(least) * each, fit));
}

}  // namespace tessera::detail::simd
