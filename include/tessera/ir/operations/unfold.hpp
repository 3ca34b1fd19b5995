// unfold(x, window): what each position of a sliding window sees, as a value: the patches of a convolution.
//
//   in      x (positions..., C), one to three axes of positions
//   out     patches (places, taps, C): places in the order of x's axes, taps in that of the window's; padding is 0
//
//     einsum("ptc,tcd->pd", unfold(x, view), weight)    // a convolution with `weight` (taps, C, D)
//
// Gradient    exact: each element of x receives the sum over the patches that it is in.
// Cost        one copy, or none where x is a line and who reads the patches takes windows where they are.
// Errors      a value of rank 1 or above 4; a window that is larger than x with its padding.
#pragma once
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/windows_of.hpp>

namespace tessera {

namespace detail {

// without padding: it is in the operand
struct unfold_attributes {
    window view;
};

}  // namespace detail

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
    const extents patches{places, view.taps(), channels};
    if (x.shape().size() == patches.size() && view.taps() == 1) return reshape(x, patches);
    detail::node n;
    n.kind = detail::op::unfold;
    n.shape = patches;
    detail::unfold_attributes own{view};
    for (int w = 0; w < 3; ++w) own.view.before[w] = own.view.after[w] = 0;
    return add_node(*x.owner, n, {x}, own);
}

namespace detail {

struct unfold_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const int size = c.self->shape.size();
        const layout image = layout::row_major(c.argument(0).shape, false);
        const layout seen = windows_of(image, c.template attributes<unfold_attributes>().view);
        c.y[item] = c.x[0][c.origin(0, item / size) + seen.at(item % size)];
    }
    // what each tap sees is a box of x
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = y.argument(0);
        const window w = y.attributes<unfold_attributes>().view;
        const int positions = x.rank() - 1, skipped = 3 - positions;
        for (int tap = 0; tap < w.taps(); ++tap) {
            slice_box box{x.shape(), x.shape(), steps_of_one(x.rank())};
            box.first[-1] = 0;
            for (int a = positions - 1, rest = tap; a >= 0; --a) {
                const int i = a + skipped;
                box.first[a] = rest % w.kernel[i] * w.dilation[i];
                box.shape[a] = w.positions(i, x.extent(a));
                box.step[a] = w.stride[i];
                rest /= w.kernel[i];
            }
            t.add(x, place_box(op::pad, reshape(slice(dy, 1, tap, 1), box.shape), box, x.shape(), 0));
        }
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
