// iterate<N>(body, initial): what N applications of the body make of a value, or of several: routing by agreement, a
// fixed point, steps of an integrator. The body is traced once, planned once, and runs in a loop.
//
//   body      from a value, or from `values`, to as many of the same shapes
//   out       after the last application; N = 0 gives the initial ones
//
//     const value root = iterate<5>([&](value r) { return (r + x / r) * 0.5; }, x);
//     const values end = iterate<10>([&](const values& s) { return values{s[0] + h * s[1], s[1] - h * s[0]}; }, {p, q});
//
// Unlike scan it takes no elements of a sequence and is no recurrence in time: a stream runs all N within one call, and
// the body sees its whole values.
//
// Gradient    exact: the values before each application are saved, and the body is computed again.
// Cost        N times that of the body, a copy of each value an application; in training N copies of the initial values.
// Random numbers drawn in the body are the same in every application.
// Errors      a body that returns other shapes, more or fewer values, or one for each sample of a value for all;
//             values of rank 6; in a stream, a scan in the body; more than 8 loops inside one another.
#pragma once
#include <tessera/ir/operations/scan.hpp>
#include <tessera/ir/values.hpp>

namespace tessera {

template <int Count, class Body> constexpr values iterate(Body body, const values& initial) {
    static_assert(Count >= 0, "iterate<N>: N is at least 0");
    bool batched = false;
    for (int k = 0; k < initial.count; ++k) {
        if (!expects(detail::within{"iterate"}, initial[k], initial[k].rank() < max_rank, "values of rank 5 or less"))
            return initial;
        batched = batched || initial[k].batched();
    }
    if constexpr (Count == 0) return initial;
    const values after =
        detail::loops::trace(initial, batched, Count, false, detail::loops::walk::repeat, body, [](value) {});
    return after.count == 0 ? initial : after;
}

template <int Count, class Body> constexpr value iterate(Body body, value initial) {
    return iterate<Count>([&](const values& v) { return values{body(v[0])}; }, values{initial})[0];
}

}  // namespace tessera
