// most_workspace: the most room that a kernel asks for with any number of samples up to the capacity.
//
// A kernel changes its plan with its shape, so fewer samples may need more room. What it asks for grows with the number
// of samples but in three places, and there every number is asked:
//   - a few samples: work is cut finer, so that all threads have some;
//   - small products, whose parts are given room of their own, up to the largest of them;
//   - extents that are no multiple of a vector, just below the capacity and below those products.
#pragma once
#include <algorithm>
#include <tessera/backend/simd/product.hpp>

namespace tessera::detail::simd {

// Of an anchor: `workspace(prepared, count)`, and `is_small(turn, prepared, count)` for each of its `turns`, where a
// plan for small work ends. What is small stays so for fewer samples.
template <class Arch, class T, class Anchor>
constexpr std::size_t most_workspace(const typename Anchor::prepared& prepared, int capacity) {
    constexpr int few = 16;  // no fewer than the tasks that kernels want
    constexpr int partial = vector_traits<vector<T, Arch>>::masked ? 1 : lanes<vector<T, Arch>>;
    std::size_t most = 0;
    const auto ask = [&](int last, int how_many) {
        for (int count = std::max(last - how_many + 1, 1); count <= last; ++count)
            most = std::max(most, Anchor::workspace(prepared, count));
    };
    ask(std::min(few, capacity), few);
    if (capacity <= few) return most;
    ask(capacity, partial);
    if constexpr (requires { Anchor::turns; })
        for (int turn = 0; turn < Anchor::turns; ++turn) {
            int small = few, large = capacity;
            if (!Anchor::is_small(turn, prepared, small) || Anchor::is_small(turn, prepared, large)) continue;
            while (large - small > 1) {
                const int middle = small + (large - small) / 2;
                (Anchor::is_small(turn, prepared, middle) ? small : large) = middle;
            }
            ask(small, partial);
        }
    return most;
}

}  // namespace tessera::detail::simd
