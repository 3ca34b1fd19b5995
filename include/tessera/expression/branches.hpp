// Branches: several layers on one input, their outputs brought together.
//
//   f + g    added            f - g    subtracted
//   f * g    multiplied: gates, multilinear and polynomial networks
//   f | g    concatenated on the feature axis: dense and inception blocks, U-Net skips
//
// +, * and | are flat, so (f + g) + h is f + (g + h); the branches' paths are 0, 1, 2.
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/concatenate.hpp>

namespace tessera {

struct adds {
    static constexpr std::string_view name = "sum";
    static constexpr value join(value x, value y) { return x + y; }
};
struct subtracts {
    static constexpr std::string_view name = "difference";
    static constexpr value join(value x, value y) { return x - y; }
};
struct multiplies {
    static constexpr std::string_view name = "product";
    static constexpr value join(value x, value y) { return x * y; }
};
struct concatenates {
    static constexpr std::string_view name = "concatenation";
    static constexpr value join(value x, value y) { return concatenate({x, y}); }
};

template <class How, class... F> struct branches : layer_base<branches<How, F...>> {
    using takes_anything = void;
    using combines = void;
    static constexpr std::string_view name = How::name;

    template <class X> constexpr value apply(const X& x) const {
        value out;
        int i = 0;
        const auto add = [&](const auto& f) {
            const value y = detail::only(detail::call_in(i, f, x), i);
            out = i++ == 0 ? y : How::join(out, y);
        };
        (add(F{}), ...);
        return out;
    }
};

namespace detail {

namespace splice {

template <class How, class F> constexpr branches<How, F> branch_parts(F) { return {}; }
template <class How, class... F> constexpr branches<How, F...> branch_parts(branches<How, F...> b) { return b; }
template <class How, class... F, class... G>
constexpr branches<How, F..., G...> join(branches<How, F...>, branches<How, G...>) {
    return {};
}

}  // namespace splice

}  // namespace detail

template <detail::composable F, detail::composable G> constexpr auto operator+(F f, G g) {
    return detail::splice::join(detail::splice::branch_parts<adds>(f), detail::splice::branch_parts<adds>(g));
}
template <detail::composable F, detail::composable G> constexpr branches<subtracts, F, G> operator-(F, G) { return {}; }
template <detail::composable F, detail::composable G> constexpr auto operator*(F f, G g) {
    return detail::splice::join(detail::splice::branch_parts<multiplies>(f),
                                detail::splice::branch_parts<multiplies>(g));
}
template <detail::composable F, detail::composable G> constexpr auto operator|(F f, G g) {
    return detail::splice::join(detail::splice::branch_parts<concatenates>(f),
                                detail::splice::branch_parts<concatenates>(g));
}

// x + f(x)
template <detail::composable F> constexpr branches<adds, chain<>, F> residual(F) { return {}; }

}  // namespace tessera
