// require: the check of a call's precondition in code that may not throw. A violation is a mistake in the program, not
// in its data: it says where, what was wanted and what was found, and stops.
//
// It writes to stderr and aborts. Where there is no stderr, TESSERA_CONTRACT_HANDLER names a function of the program's,
// the same in all of its units, that is called instead; then stdio is not included:
//
//     // compiled with -DTESSERA_CONTRACT_HANDLER=on_violation
//     void on_violation(const tessera::contract_violation& v) noexcept { log(v.place); reset_board(); }
//
// It does not return: what comes after the call relies on what was required.
#pragma once
#include <tessera/ir/text.hpp>
#ifndef TESSERA_CONTRACT_HANDLER
#include <cstdio>
#include <cstdlib>
#endif

namespace tessera {

// The texts last until the handler ends.
struct contract_violation {
    const char* place;
    const char* wanted;
    const char* found;
};

}  // namespace tessera

#ifdef TESSERA_CONTRACT_HANDLER
[[noreturn]] void TESSERA_CONTRACT_HANDLER(const tessera::contract_violation&) noexcept;
#endif

namespace tessera::detail {

[[noreturn, gnu::cold]] inline void violate(const contract_violation& v) noexcept {
#ifdef TESSERA_CONTRACT_HANDLER
    TESSERA_CONTRACT_HANDLER(v);
#else
    std::fprintf(stderr, "tessera: %s: expected %s, found %s\n", v.place, v.wanted, v.found);
    std::abort();
#endif
}

constexpr void require(bool holds, const char* place, const char* wanted, const char* found) noexcept {
    if (!holds) violate({place, wanted, found});
}

constexpr void require(bool holds, const char* place, const char* wanted, long found) noexcept {
    if (!holds) violate({place, wanted, (text() + found).letters});
}

// text that may be longer than a name, for a violation
struct message {
    static constexpr int capacity = 510;
    char letters[capacity + 2] = {};
    int length = 0;

    [[gnu::noinline]] constexpr message& operator<<(std::string_view s) {
        for (char c : s)
            if (length < capacity) letters[length++] = c;
        return *this;
    }
};

[[noreturn, gnu::cold]] inline void violate_index(const char* place, long at, long last, long found) noexcept {
    violate({(message() << place << ", element " << (text() + at).view()).letters,
             (text("an index from 0 to ") + last).letters, (text() + found).letters});
}

// element `at` of an array of indices into a table
constexpr void require_index(long index, long table_size, const char* place, long at) noexcept {
    if (index >= 0 && index < table_size) return;
    // a compiler that evaluates this shows the line
    violate_index(place, at, table_size - 1, index);  // expected an index from 0 to the table's last row
}

}  // namespace tessera::detail
