// delay<N>: each element of time N elements later.
//
//   in      x (T, ...)        out     y (T, ...), y_t = x_(t - N); the first N are 0
//
// In a stream the last N elements are a state, in a ring.
// Parameters  none.    Gradient  exact: the elements N earlier.    Cost  two copies.
// Errors      compile time: N < 0; an input of rank 0. In a stream: in iterate; an axis 0 that is not time.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/delay_line.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

template <int N> struct delay_layer : layer_base<delay_layer<N>> {
    static_assert(N >= 0, "delay<N>: N must not be negative");
    static constexpr std::string_view name = "delay";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "a sequence (time, ...)")) return x;
        if (N == 0) return x;
        if (detail::looks_back_by_states(x)) return slice(detail::delayed(x, 2, N), 0, 0, 1);
        extents none = x.shape();
        for (int a = 0; a < none.rank; ++a) none.size_of[a] = 0;
        extents before = none;
        before[0] = N;
        const int kept = x.extent(0) > N ? x.extent(0) - N : 0;  // elements that come out again
        if (kept > 0) x = detail::runs_by_frame(slice(x, 0, 0, kept));
        const value y = detail::runs_by_frame(padded(x, before, none));
        return kept > 0 ? y : detail::runs_by_frame(slice(y, 0, 0, x.extent(0)));
    }
};

template <int N> inline constexpr delay_layer<N> delay{};

}  // namespace tessera
