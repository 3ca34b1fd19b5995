// convolution_rule: which convolutions have a fixed kernel, and where it finds what.
//
// Output pixels are axes of which those that go on where one ends are one; so are the taps, with the channels inside. An
// image with a border is copied into one that has it.
#pragma once
#include <tessera/backend/simd/anchor/convolution.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

// axes inside one another
struct fixed_axes {
    static constexpr int most = 4;
    int count = 0;
    int extent[most] = {};
    std::ptrdiff_t step[most] = {};

    // a further axis inside the others; one that they go on with becomes a part of the last
    constexpr void append(int length, std::ptrdiff_t by) {
        if (length == 1) return;
        if (count > 0 && step[count - 1] == by * length) {
            extent[count - 1] *= length;
            step[count - 1] = by;
        } else {
            extent[count] = length;
            step[count++] = by;
        }
    }
    constexpr int size() const {
        int n = 1;
        for (int a = 0; a < count; ++a) n *= extent[a];
        return n;
    }
};

struct fixed_convolution {
    fixed_form form = fixed_form::none;
    int inputs = 1, outputs = 1, groups = 1;  // channels of a group
    fixed_axes pixels;                        // of the result, in the image
    fixed_axes taps;                          // around those that stand one after another
    int run = 1;                              // of terms: taps and channels, one after another in image and weights
    // the image with its border, if it has one; else where pixels are is known by the steps above
    bool bordered = false;
    int images = 1;
    std::ptrdiff_t image_step[4] = {};  // between images, planes, lines and pixels, as they are given
    int in[3] = {1, 1, 1}, before[3] = {}, wide[3] = {1, 1, 1};
    int elements = 0;  // of all images with their borders

    constexpr int weight_row() const { return groups * outputs; }
};

template <class Arch, class T>
constexpr fixed_convolution fixed_convolution_of(const graph_view& g, const node& self, int capacity, bool computed) {
    using V = vector<T, Arch>;
    fixed_convolution f;
    const bool batched = g.operand(self, 0).batched;
    if (g.operand(self, 1).batched || batched != self.batched) return f;
    const convolution_shape s = anchor<Arch, T, op::convolution>::shape_of(g, self, layout_of(g, g.argument(self, 0)));
    f.inputs = s.in_channels / s.groups;
    f.outputs = s.out_channels / s.groups;
    f.groups = s.groups;
    f.images = batched ? capacity : 1;
    f.elements = f.images * s.in_channels;
    for (int a = 0; a < 3; ++a) {
        f.in[a] = s.in[a];
        f.before[a] = s.w.before[a];
        f.wide[a] = s.in[a] + s.w.before[a] + s.w.after[a];
        f.bordered = f.bordered || s.w.before[a] > 0 || s.w.after[a] > 0;
        f.elements *= f.wide[a];
    }
    // computed ones are in row-major order
    const layout given = computed ? layout::row_major({s.in[0], s.in[1], s.in[2], s.in_channels}, true) : s.image;
    const layout wide = layout::row_major({f.wide[0], f.wide[1], f.wide[2], s.in_channels}, true);
    for (int a = 0; a < 4; ++a) f.image_step[a] = given.stride[a];
    const layout& read = f.bordered ? wide : given;
    f.pixels.append(f.images, read.stride[0]);
    for (int a = 0; a < 3; ++a) f.pixels.append(s.out[a], s.w.stride[a] * read.stride[a + 1]);
    const bool depthwise = f.inputs == 1 && f.outputs == 1 && f.groups > 1;
    for (int a = 0; a < 3; ++a) f.taps.append(s.w.kernel[a], s.w.dilation[a] * read.stride[a + 1]);
    if (!depthwise) f.taps.append(f.inputs, 1);
    if (!depthwise && f.taps.count > 0 && f.taps.step[f.taps.count - 1] == 1) f.run = f.taps.extent[--f.taps.count];

    const long work = static_cast<long>(f.pixels.size()) * s.w.taps() * f.inputs * s.out_channels;
    const int columns = depthwise ? f.groups : f.outputs;
    const bool readable = vector_traits<V>::masked || columns % lanes<V> == 0;
    if (work > fixed_limits::window_work || f.elements > 2 * fixed_limits::elements || !readable) return f;
    f.form = depthwise ? fixed_form::depthwise : fixed_form::convolution;
    return f;
}

}  // namespace tessera::detail::simd
