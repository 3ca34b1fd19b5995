// fork(f, g, ...): all on one input, a list of outputs.    parallel(f, g, ...): the i-th on the i-th of a list.
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera {

template <class... F> struct fork_layer : layer_base<fork_layer<F...>> {
    using takes_anything = void;
    using combines = void;
    static_assert(sizeof...(F) >= 1 && sizeof...(F) <= values::capacity, "fork(f, ...): from 1 to 8 functions");
    static constexpr std::string_view name = "fork";

    template <class X> constexpr values apply(const X& x) const {
        values out;
        int i = 0;
        ((out.push(detail::only(detail::call_in(i, F{}, x), i)), ++i), ...);
        return out;
    }
};

template <class... F> struct parallel_layer : layer_base<parallel_layer<F...>> {
    using combines = void;
    static constexpr std::string_view name = "parallel";

    constexpr values apply(const values& x) const {
        if (x.count != static_cast<int>(sizeof...(F)))
            return {reject(detail::graph_of(x), text("") + static_cast<int>(sizeof...(F)) + std::string_view(" values"),
                           text("") + x.count, text("one for each function of parallel"))};
        values out;
        int i = 0;
        ((out.push(detail::only(detail::call_in(i, F{}, x[i]), i)), ++i), ...);
        return out;
    }
};

template <detail::composable... F> constexpr fork_layer<F...> fork(F...) { return {}; }
template <detail::composable... F> constexpr parallel_layer<F...> parallel(F...) { return {}; }

}  // namespace tessera
