// anchor: an operation with a kernel of its own. Each says what it prepares when compiling, how much room its kernel
// needs for a number of samples, if any, whether a pointwise tail fits, and runs.
//
// This primary template is the fallback: the reference implementation, its items shared out over the threads.
#pragma once
#include <tessera/backend/simd/tail.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/ir/operations.hpp>

namespace tessera::detail::simd {

// a reference implementation on all threads
template <class Operation, class T> void share_out(Operation operation, const call<T>& c) noexcept {
    constexpr int share = 256;
    const int items = operation.items(c);
    threads::parallel(items / share + (items % share != 0), [&](int part) noexcept {
        const int first = part * share, end = items - first > share ? first + share : items;
        for (int i = first; i < end; ++i) operation.run(c, i);
    });
}
template <op Kind, class T> void run_reference(const call<T>& c) noexcept {
    with_operation(Kind, [&](auto operation) { share_out(operation, c); });
}

// whether an argument is a parameter that no one changes between calls: a kernel may find it packed
constexpr bool is_fixed_parameter(const graph_view& g, const node& n, int k) {
    return g.fixed_parameters && g.operand(n, k).kind == op::parameter;
}

// An anchor whose first operand may be computed by the pointwise code in front of it gets it apart from the others.
template <class Anchor> inline constexpr bool takes_prologue = requires { requires Anchor::takes_prologue; };

template <class Arch, class T, op Kind> struct anchor {
    static constexpr bool native = false, takes_tail = false;

    struct prepared {};
    static constexpr prepared prepare(const graph_view&, const node&) { return {}; }
    static constexpr bool accepts_tail(const prepared&) { return false; }

    static void run(const prepared&, const call<T>& c, const tail&, std::byte*) noexcept { run_reference<Kind>(c); }
};

}  // namespace tessera::detail::simd
