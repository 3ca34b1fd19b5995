// f >> g: g after f. The unit is `identity`, the empty chain.
//
// Chains are flat: (f >> g) >> h, f >> (g >> h) and f >> identity >> g >> h are one type with one set of paths,
// 0, 1, 2.
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera {

template <class... L> struct chain;

namespace detail {

namespace splice {

template <int I, class F, class G, class H, class K, class... Rest, class X> constexpr auto run_four(const X& x);

// the layers from index I on; four at a time, since compilers bound how deeply calls and templates may nest
template <int I, class... L, class X> constexpr auto run(const X& x) {
    if constexpr (sizeof...(L) == 0)
        return x;
    else if constexpr (sizeof...(L) < 4)
        return [&]<class F, class... Rest>(std::type_identity<chain<F, Rest...>>) {
            return run<I + 1, Rest...>(call_in(I, F{}, x));
        }(std::type_identity<chain<L...>>{});
    else
        return run_four<I, L...>(x);
}
template <int I, class F, class G, class H, class K, class... Rest, class X> constexpr auto run_four(const X& x) {
    return run<I + 4, Rest...>(call_in(I + 3, K{}, call_in(I + 2, H{}, call_in(I + 1, G{}, call_in(I, F{}, x)))));
}

}  // namespace splice

}  // namespace detail

template <class... L> struct chain : layer_base<chain<L...>> {
    using takes_anything = void;
    using combines = void;
    static constexpr std::string_view name = "chain";

    template <class X> constexpr auto apply(const X& x) const { return detail::splice::run<0, L...>(x); }
};

inline constexpr chain<> identity{};

namespace detail {

namespace splice {

template <class... F, class... G> constexpr chain<F..., G...> join(chain<F...>, chain<G...>) { return {}; }
template <class F> constexpr chain<F> parts(F) { return {}; }
template <class... F> constexpr chain<F...> parts(chain<F...> c) { return c; }
template <class F> constexpr F whole(chain<F>) { return {}; }
template <class... F> constexpr chain<F...> whole(chain<F...> c) { return c; }

}  // namespace splice

}  // namespace detail

template <detail::composable F, detail::composable G> constexpr auto operator>>(F f, G g) {
    return detail::splice::whole(detail::splice::join(detail::splice::parts(f), detail::splice::parts(g)));
}

}  // namespace tessera
