// sliding_axis: which source elements an output element of a convolution reads along one axis, forward and backward.
//
//   forward    y_i  reads x_(i stride - before + k dilation)                                   for every tap k
//   gradient   dx_i reads dy_(floor((i + before) / stride) - floor(k dilation / stride))       for every tap k with
//              k dilation = i + before (mod stride): outputs of equal residue form a phase and use the same taps
#pragma once
#include <tessera/backend/instruction_set.hpp>
#include <tessera/ir/window.hpp>

namespace tessera::detail::simd {

// The instruction set is there for the names, as in shifted_tail_for.
template <class InstructionSet> struct sliding_axis_for {
    int outputs = 1, sources = 1;
    int kernel = 1, stride = 1, dilation = 1, before = 0;
    bool gradient = false;

    // outputs i, i + phases(), ... use the same taps and read sources step() apart
    constexpr int phases() const { return gradient ? stride : 1; }
    constexpr int step() const { return gradient ? 1 : stride; }
    // the source that tap 0 reads; may lie outside
    constexpr int origin(int output) const { return gradient ? (output + before) / stride : output * stride - before; }
    constexpr int offset(int tap) const { return gradient ? -(tap * dilation / stride) : tap * dilation; }
    constexpr bool uses(int output, int tap) const {
        return !gradient || (tap * dilation - output - before) % stride == 0;
    }
    constexpr int lowest_offset() const { return gradient ? offset(kernel - 1) : 0; }
    constexpr int highest_offset() const { return gradient ? 0 : offset(kernel - 1); }
    constexpr int lowest_source() const { return origin(0) + lowest_offset(); }
    constexpr int highest_source() const { return origin(outputs - 1) + highest_offset(); }
    constexpr bool stays_inside() const { return lowest_source() >= 0 && highest_source() < sources; }
    // sources that any run of so many outputs spans at most
    constexpr int reach(int run) const {
        const int steps = gradient ? (run - 1 + stride - 1) / stride : (run - 1) * stride;
        return steps + highest_offset() - lowest_offset() + 1;
    }
};

using sliding_axis = sliding_axis_for<instruction_set::native>;

constexpr sliding_axis forward_axis(const window& w, int axis, int in, int out) {
    return {out, in, w.kernel[axis], w.stride[axis], w.dilation[axis], w.before[axis], false};
}

constexpr sliding_axis gradient_axis(const window& w, int axis, int in, int out) {
    return {in, out, w.kernel[axis], w.stride[axis], w.dilation[axis], w.before[axis], true};
}

}  // namespace tessera::detail::simd
