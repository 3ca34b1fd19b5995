// require: the check of a call's precondition in code that may not throw. A violation is a mistake in the program, not
// in its data: it says where, what was wanted and what was found, and stops.
#pragma once
#include <cstdio>
#include <cstdlib>

namespace tessera {

constexpr void require(bool holds, const char* place, const char* wanted, long found) noexcept {
    if (holds) return;
    std::fprintf(stderr, "tessera: %s: expected %s, found %ld\n", place, wanted, found);
    std::abort();
}

constexpr void require(bool holds, const char* place, const char* wanted, const char* found) noexcept {
    if (holds) return;
    std::fprintf(stderr, "tessera: %s: expected %s, found %s\n", place, wanted, found);
    std::abort();
}

// element `at` of an array of indices into a table
constexpr void require_index(long index, long table_size, const char* place, long at) noexcept {
    if (index >= 0 && index < table_size) return;
    std::fprintf(stderr, "tessera: %s, element %ld: expected an index from 0 to %ld, found %ld\n", place, at,
                 table_size - 1, index);
    std::abort();
}

}  // namespace tessera
