// Steps of random networks with windows: convolution in one to three dimensions, transposed too, pooling, resampling.
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/resample.hpp>
#include <tessera/ir/operations/sample.hpp>
#include <tessera/ir/operations/unfold.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/pooling/adaptive_max_pool.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

// a window that fits; a pool's padding leaves an element under each
constexpr window any_window(writer& w, value x, int spatial, bool pads_less_than_kernel) {
    window v;
    for (int i = 3 - spatial; i < 3; ++i) {
        const int extent = x.extent(i - (3 - spatial)), which = w.raw();
        v.kernel[i] = 1 + which % 3;
        v.stride[i] = 1 + (which >> 3) % 3;
        v.dilation[i] = (which >> 6) % 3 == 0 ? 2 : 1;
        v.before[i] = (which >> 9) % 3;
        v.after[i] = (which >> 12) % 3;
        if (pads_less_than_kernel) {
            v.before[i] %= v.kernel[i];
            v.after[i] %= v.kernel[i];
        }
        while (v.positions(i, extent) < 1 || (pads_less_than_kernel && !covers(v, i, extent))) {
            if (v.dilation[i] > 1)
                v.dilation[i] = 1;
            else if (v.kernel[i] > 1)
                --v.kernel[i];
            else
                v.before[i] = v.after[i] = 0;
        }
    }
    return v;
}

constexpr value image_operand(writer& w, int& spatial) {
    value x = w.operand();
    const int n = w.pick(6);
    spatial = n < 2 ? 1 : n < 5 ? 2 : 3;
    return w.ranked(x, spatial + 1);
}

constexpr value convolution_of(writer& w, value x, int spatial) {
    const window v = any_window(w, x, spatial, false);
    const int inputs = x.extent(-1), which = w.raw();
    int groups = which % 3 == 0 ? inputs : which % 3 == 1 ? 1 : 2;
    if (inputs % groups != 0) groups = 1;
    int outputs = groups * (1 + (which >> 4) % 3);
    if (groups == 1 && (which >> 8) % 4 == 0) outputs = 9;
    extents shape, result;
    for (int a = 0; a < spatial; ++a) {
        shape.push(v.kernel[3 - spatial + a]);
        result.push(v.positions(3 - spatial + a, x.extent(a)));
    }
    result.push(outputs);
    if (!w.fits(result)) return x;
    shape.push(inputs / groups);
    shape.push(outputs);
    value k = w.weight(shape, 0.3);
    if ((which >> 10) % 6 == 0) k = tanh(k);
    if ((which >> 13) % 8 == 0) k = k * mean(x);  // a kernel for each sample
    const value y = convolution(x, k, v, groups);
    return (which >> 16) % 2 == 0 ? y : y + w.weight({outputs});
}
constexpr value convolution_step(writer& w) {
    int spatial = 0;
    const value x = image_operand(w, spatial);
    return convolution_of(w, x, spatial);
}

constexpr value transposed_of(writer& w, value x, int spatial) {
    const int which = w.raw(), inputs = x.extent(-1);
    int groups = which % 2 == 0 ? inputs : 1;
    const int outputs = groups * (1 + (which >> 4) % 3);
    window v;
    extents shape, kernel;
    for (int a = 0; a < spatial; ++a) {
        const int i = 3 - spatial + a, one = w.raw();
        v.kernel[i] = 1 + one % 3;
        v.stride[i] = 1 + (one >> 3) % 3;
        v.dilation[i] = 1 + (one >> 6) % 2;
        const int grown = (x.extent(a) - 1) * v.stride[i] + v.span(i);
        v.before[i] = (one >> 9) % 2 < grown - 1 ? (one >> 9) % 2 : 0;
        shape.push(grown - v.before[i]);
        kernel.push(v.kernel[i]);
    }
    shape.push(outputs);
    kernel.push(outputs / groups);
    kernel.push(inputs);
    if (!w.fits(shape)) return x;
    return convolve(op::convolution_backward_data, x, w.weight(kernel, 0.3), v, groups, shape, false);
}
constexpr value transposed_step(writer& w) {
    int spatial = 0;
    const value x = image_operand(w, spatial);
    return transposed_of(w, x, spatial);
}

constexpr value pool_step(writer& w) {
    int spatial = 0;
    const value x = image_operand(w, spatial);
    switch (w.pick(8)) {
        case 0: return adaptive_avg_pool<2>(x);
        case 1: return adaptive_max_pool<2>(x);
        default: break;
    }
    const window v = any_window(w, x, spatial, true);
    if (w.chance(5)) {
        extents patches{v.taps(), x.extent(-1)};
        for (int a = 0; a < spatial; ++a) patches.push(v.positions(3 - spatial + a, x.extent(a)));
        if (w.fits(patches)) return unfold(x, v);
    }
    if (w.chance(2)) return pool_windows(op::max_pool, x, v);
    return pool_windows(op::average_pool, x, v, w.chance(2) ? padding_counts::yes : padding_counts::no);
}

// at points that are learned, or that a value makes; few, so that what they read is seldom unknown
constexpr value sample_step(writer& w) {
    const value x = w.ranked(w.operand(), 3);
    const int points = 1 + w.pick(4);
    value at = w.weight({points, 2}, 2);
    if (w.chance(3)) at = at + w.ranked(w.operand(), 0);  // of each sample
    if (w.chance(3)) at = reshape(at, {1, points, 2});
    extents e = at.shape();
    e[-1] = x.extent(2);
    return w.fits(e) ? sample(x, at, w.chance(2) ? around::border : around::zeros) : x;
}

constexpr value resample_step(writer& w) {
    if (w.chance(2)) return sample_step(w);
    const value from = w.operand(), x = w.ranked(from, 1 + w.pick(3));
    const int axis = w.pick(x.rank()), extent = 1 + w.pick(7), kind = w.pick(3);
    extents e = x.shape();
    e[axis] = extent;
    if (!w.fits(e)) return x;
    constexpr resampling kinds[] = {resampling::linear, resampling::linear_aligned, resampling::adaptive_mean};
    return resample(x, axis, extent, kinds[kind], w.chance(6));
}

}  // namespace tessera::random_networks
