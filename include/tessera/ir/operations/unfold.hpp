// unfold(x, window): what each position of a sliding window sees, as a value: the patches of a convolution.
//
//   in      x (positions..., C), one to three axes of positions
//   out     patches (places, taps, C): places in the order of x's axes, taps in that of the window's; padding is 0
//
//     einsum("ptc,tcd->pd", unfold(x, view), weight)    // a convolution with `weight` (taps, C, D)
//
// Gradient    exact: each element of x receives the sum over the patches that it is in.
// Cost        taps copies of the places, side by side in memory.
// Errors      a value of rank 1 or above 4; a window that is larger than x with its padding.
#pragma once
#include <tessera/ir/list.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/window.hpp>

namespace tessera {

constexpr value unfold(value x, const detail::window& view) {
    if (!expects(detail::within{"unfold"}, x, x.rank() >= 2 && x.rank() <= 4, "(positions..., channels), rank 2 to 4"))
        return {x.owner, -1};
    const int axes_of_positions = x.rank() - 1, skipped = 3 - axes_of_positions, channels = x.extent(-1);
    extents before, after, shape;
    for (int a = 0; a < axes_of_positions; ++a) {
        const int w = a + skipped;
        if (!expects(detail::within{"unfold"}, x,
                     view.kernel[w] >= 1 && view.stride[w] >= 1 && view.dilation[w] >= 1 && view.before[w] >= 0 &&
                         view.after[w] >= 0 && view.positions(w, x.extent(a)) >= 1,
                     "a window that fits"))
            return {x.owner, -1};
        before.push(view.before[w]);
        after.push(view.after[w]);
        shape.push(view.positions(w, x.extent(a)));
    }
    for (int w = 0; w < skipped; ++w)
        if (!expects(detail::within{"unfold"}, x, view.kernel[w] == 1, "a window along the axes that it has"))
            return {x.owner, -1};
    before.push(0);
    after.push(0);
    shape.push(channels);
    const int places = shape.product(0, axes_of_positions);
    bool pads = false;
    for (int a = 0; a < axes_of_positions; ++a) pads = pads || before[a] > 0 || after[a] > 0;
    if (pads) x = padded(x, before, after);
    if (!x.valid()) return x;
    detail::list<value> taps;
    for (int tap = 0; tap < view.taps(); ++tap) {
        detail::slice_box box{x.shape(), shape, detail::steps_of_one(x.rank())};
        box.first[-1] = 0;
        for (int a = axes_of_positions - 1, rest = tap; a >= 0; --a) {
            const int w = a + skipped;
            box.first[a] = rest % view.kernel[w] * view.dilation[w];
            box.step[a] = view.stride[w];
            rest /= view.kernel[w];
        }
        taps.push_back(reshape(place_box(detail::op::slice, x, box, x.shape(), 0), {places, 1, channels}));
    }
    return concatenate(taps, 1);
}

}  // namespace tessera
