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

}  // namespace tessera
