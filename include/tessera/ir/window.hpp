// window: where a sliding kernel looks, for convolution and pooling in up to three dimensions.
// Axes are (depth, height, width); a lower rank leaves the leading axes at their defaults.
#pragma once

namespace tessera::detail {

// Plain arrays, so that device code may read them.
struct window {
    int kernel[3] = {1, 1, 1};
    int stride[3] = {1, 1, 1};
    int dilation[3] = {1, 1, 1};
    int before[3] = {0, 0, 0};  // padding before the first element
    int after[3] = {0, 0, 0};   // padding after the last one

    constexpr bool operator==(const window&) const = default;

    // elements that one application spans
    constexpr int span(int axis) const { return dilation[axis] * (kernel[axis] - 1) + 1; }
    constexpr int taps() const { return kernel[0] * kernel[1] * kernel[2]; }
    // positions along an axis of the given extent; below 1 when the kernel does not fit
    constexpr int positions(int axis, int extent) const {
        const int room = extent + before[axis] + after[axis] - span(axis);
        return room < 0 ? 0 : room / stride[axis] + 1;
    }
};

}  // namespace tessera::detail
