// border_pad: spatial axes made longer with copies of the input's own elements.
//
//   in      x (spatial..., C)
//   out     y (Before + spatial + After..., C)
//
// A rule tells which element of an axis of extent n stands at position i, where i < 0 or i >= n:
// Rule::element(i, n), and the largest amount it can fill: Rule::most(n).
// Gradient    exact: added up where an element was copied from.
// Cost        one copy of x for each axis padded, and one small copy for each row of padding.
// Errors      an amount that the rule cannot fill.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/padding/pad_amounts.hpp>

namespace tessera::detail {

template <class Rule> constexpr value border_pad_axis(value x, int axis, int before, int after) {
    const int n = x.extent(axis), most = Rule::most(n);
    if (!expects(x, before <= most && after <= most, (text("padding of at most ") + most).view())) return x;
    list<value> parts;
    for (int i = -before; i < 0; ++i) parts.push_back(slice(x, axis, Rule::element(i, n), 1));
    parts.push_back(x);
    for (int i = n; i < n + after; ++i) parts.push_back(slice(x, axis, Rule::element(i, n), 1));
    return concatenate(parts, axis);
}

template <class Rule, int... Amount> constexpr value border_pad(value x) {
    if (!expects_axes_to_pad<Amount...>(x)) return x;
    const auto p = pad_amounts::of<Amount...>(x.rank());
    for (int a = 0; a < p.before.rank; ++a) x = border_pad_axis<Rule>(x, a, p.before[a], p.after[a]);
    return x;
}

}  // namespace tessera::detail
