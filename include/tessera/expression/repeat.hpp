// repeat<N>(f): f N times in a row, each with parameters of its own (paths 0 to N - 1).
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera {

template <int N, class F> struct repeat_layer : layer_base<repeat_layer<N, F>> {
    using combines = void;
    static_assert(N >= 0, "repeat<N>: N must not be negative");
    static constexpr std::string_view name = "repeat";

    constexpr value apply(value x) const {
        for (int i = 0; i < N; ++i) x = detail::call_in(i, F{}, x);
        return x;
    }
};

template <int N, detail::composable F> constexpr repeat_layer<N, F> repeat(F) { return {}; }

}  // namespace tessera
