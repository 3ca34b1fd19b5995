// cast: from one width of floating-point numbers to another, and from whole numbers to one.
//
//   cast<float64>(x), cast<float32>(x)   what it is, in this width, whatever the program's own type is
//   cast<real>(x)                        in the program's own type
//
// What is computed of values of a width is computed in it, and has it: functions, sums, products, loops, gradients. Two
// widths do not meet: which one is meant, and where numbers are rounded, is written down. Numbers such as 0.5 have any.
// Where the program's own type is that width, nothing is left of the cast.
//
// Gradient    that of the result, cast back.
// Cost        one pass over x; it is a step of its own, at which loops end. Of constants none, and no rounding either
//             but to float32.
// Errors      bits.
#pragma once
#include <tessera/ir/operations/gather.hpp>

namespace tessera {

namespace detail {

constexpr value cast_to(value x, element to) {
    if (!x.valid() || x.get().type == to) return x;
    if (x.get().type == element::bit)
        return reject(*x.owner, within{"cast"}, text("numbers"), text("bits"),
                      text("signs_of(x) is -1 and 1, to_integer(x) 1 and 0"));
    if (to == element::real && !x.get().is_floating()) return to_real(x);
    node n;
    n.kind = op::cast;
    n.type = to;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x});
}

template <class Element>
concept floating_element = is_element<Element> && is_floating(Element::kind);

struct cast_operation {
    // of two number types, and a call has one: see backend/widths.hpp
    template <class T> static constexpr int items(const call<T>&) { return 0; }
    template <class T> static constexpr void run(const call<T>&, int) {}
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = y.argument(0);
        if (x.get().is_floating()) t.add(x, cast_to(dy, x.get().type));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

template <detail::floating_element Element> constexpr value cast(value x) { return detail::cast_to(x, Element::kind); }

}  // namespace tessera
