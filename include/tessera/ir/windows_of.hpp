// windows_of: what a sliding window sees of an image, as a layout: im2col without a copy.
//
//   image      (samples, positions..., channels)            one to three axes of positions, the window's last ones
//   windows    (samples, places..., taps..., channels)      place p and tap t read position p stride + t dilation - before
//
// Padding has no memory. A window that reaches outside finds what is there; who reads it does so inside only, or makes a
// copy of the image with its border and reads the windows, without padding, of that.
#pragma once
#include <tessera/ir/layout.hpp>
#include <tessera/ir/window.hpp>

namespace tessera::detail {

// (inline always: kernels call it when running, and their names carry the instruction set)
[[gnu::always_inline]] constexpr layout windows_of(const layout& image, const window& w) {
    const int positions = image.axes - 2, skipped = 3 - positions;
    layout l;
    l.axes = 2 * positions + 2;
    l.first = image.first;
    l.by_iteration = image.by_iteration;
    l.extent[0] = image.extent[0];
    l.stride[0] = image.stride[0];
    for (int i = 1; i <= positions; ++i) {
        const int a = i - 1 + skipped;
        const long step = image.stride[i];
        l.first -= w.before[a] * step;
        l.extent[i] = w.positions(a, static_cast<int>(image.extent[i]));
        l.stride[i] = w.stride[a] * step;
        l.extent[positions + i] = w.kernel[a];
        l.stride[positions + i] = w.dilation[a] * step;
    }
    l.extent[l.axes - 1] = image.extent[positions + 1];
    l.stride[l.axes - 1] = image.stride[positions + 1];
    return l;
}

}  // namespace tessera::detail
