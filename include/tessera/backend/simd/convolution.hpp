// convolution: y = x * weights in one to three dimensions, channels last.
//
//   x        (count, D, H, W, in_channels)
//   weights  (kd, kh, kw, in_channels / groups, out_channels)    output channel o belongs to group
//                                                                o / (out_channels / groups)
//   y        (count, OD, OH, OW, out_channels)                   [+=]
//
// Lower dimensions leave the leading extents at 1. Any stride, dilation, padding (unequal too) and number of groups.
// Workspace    convolution_workspace<Arch, T>(shape) bytes, 64-byte aligned.
// Cost         2 taps in_channels / groups flop an output element; direct, without an im2col matrix.
#pragma once
#include <tessera/backend/simd/narrow_convolution.hpp>
#include <tessera/backend/simd/product.hpp>
#include <tessera/backend/simd/sweep.hpp>

namespace tessera::detail::simd {

struct convolution_shape {
    int count = 1;
    int in[3] = {1, 1, 1}, out[3] = {1, 1, 1};
    int in_channels = 1, out_channels = 1, groups = 1;
    window w;
    layout image;  // x, (samples, D, H, W, in_channels), channels without gaps

    // elements between the pixels of all samples; 0 where they are not rows of one matrix
    constexpr int pixel_step() const { return static_cast<int>(image.step(0, 4)); }
    // every output pixel is a product of the input pixel of the same place
    constexpr bool pointwise() const {
        bool plain = groups == 1 && pixel_step() > 0;
        for (int i = 0; i < 3; ++i)
            plain = plain && w.kernel[i] == 1 && w.stride[i] == 1 && w.before[i] == 0 && out[i] == in[i];
        return plain;
    }
    constexpr int pixels() const { return count * in[0] * in[1] * in[2]; }
};

// The shape with `out` filled in from the window, and the image one after another unless it is said where it is.
constexpr convolution_shape with_output(convolution_shape s) {
    for (int i = 0; i < 3; ++i) s.out[i] = s.w.positions(i, s.in[i]);
    if (s.image.axes == 0) s.image = layout::row_major({s.in[0], s.in[1], s.in[2], s.in_channels}, true);
    return s;
}

// How a convolution is carried out, whatever the number of samples. A program makes the code of those it needs.
enum class convolution_method { product, mixing, depthwise, narrow };

// A convolution forward or back to its input: a sweep, where it makes one or two channels one of their own, or, where
// windows hold one element each, a product.
struct convolution_work {
    bool pointwise;
    product_shape product;
    sweep_shape sweep;

    // of one sample: the same of so many
    constexpr convolution_work of(int count) const {
        convolution_work all = *this;
        all.sweep.count = count;
        all.product.m *= count;
        return all;
    }
    [[gnu::always_inline]] static constexpr beforehand form_of(bool packed) {
        return packed ? beforehand::panels_of_b : beforehand::nothing;
    }
    constexpr convolution_method method() const {
        return pointwise           ? convolution_method::product
               : sweep.depthwise() ? convolution_method::depthwise
               : is_narrow(sweep)  ? convolution_method::narrow
                                   : convolution_method::mixing;
    }
    // from one sample of x to the next
    constexpr std::ptrdiff_t sample_step() const { return sweep.source.stride[0]; }
    template <class Arch, class T>
    constexpr std::size_t workspace(bool weights_are_packed = false, bool x_is_computed = false) const {
        return pointwise ? product_workspace<Arch, T>(product, form_of(weights_are_packed), x_is_computed)
               : method() == convolution_method::narrow
                   ? narrow_plan<Arch, T>(sweep, x_is_computed).bytes()
                   : sweep_plan<Arch, T>(sweep, weights_are_packed, x_is_computed).bytes();
    }
    // Weights in the order in which the kernels read them, whatever the number of samples; none of depthwise and narrow
    // ones.
    template <class Arch, class T> constexpr std::size_t packed_bytes() const {
        if (pointwise) return packed_columns_bytes<Arch, T>(product.k, product.n);
        return method() == convolution_method::mixing ? sweep_plan<Arch, T>(sweep).packed_bytes() : 0;
    }
    template <class Arch, class T> void pack(const T* weights, T* to) const noexcept {
        if (pointwise)
            pack_columns<Arch>(to, weights, product.k, product.n, product.b_row, product.b_col);
        else
            pack_taps<Arch>(sweep_plan<Arch, T>(sweep, true), weights, to);
    }
    // Method is method()
    template <class Arch, convolution_method Method, class T>
    void run(const std::type_identity_t<copied_operand<T>>& x, const T* weights, T* y, bool accumulate,
             const tail& after, std::byte* workspace, const T* packed = nullptr) const noexcept {
        if constexpr (Method == convolution_method::product)
            detail::simd::product<Arch>(product, x, weights, y, accumulate, after, workspace,
                                        {packed, form_of(packed != nullptr)});
        else if constexpr (Method == convolution_method::narrow)
            narrow_convolution<Arch, T>(sweep, x, weights, y, accumulate, after, workspace);
        else
            detail::simd::sweep<Arch, Method == convolution_method::depthwise>(sweep, x, weights, y, accumulate, after,
                                                                               workspace, packed);
    }
};

// runs work whose method is known when running
template <class Arch, class Work, class T>
void run_work(const Work& work, const T* x, const T* weights, T* y, bool accumulate, const tail& after,
              std::byte* workspace) noexcept {
    const auto with = [&]<convolution_method Method>() noexcept {
        work.template run<Arch, Method>(x, weights, y, accumulate, after, workspace);
    };
    switch (work.method()) {
        case convolution_method::product: return with.template operator()<convolution_method::product>();
        case convolution_method::mixing: return with.template operator()<convolution_method::mixing>();
        case convolution_method::depthwise: return with.template operator()<convolution_method::depthwise>();
        case convolution_method::narrow: return with.template operator()<convolution_method::narrow>();
    }
}

constexpr sweep_shape forward_sweep(const convolution_shape& s) {
    sweep_shape sweep;
    sweep.count = s.count;
    for (int i = 0; i < 3; ++i) sweep.axis[i] = forward_axis(s.w, i, s.in[i], s.out[i]);
    sweep.source = s.image;
    sweep.groups = s.groups;
    sweep.k = s.in_channels / s.groups;
    sweep.n = s.out_channels / s.groups;
    sweep.k_stride = s.out_channels;
    sweep.tap_stride = std::ptrdiff_t(sweep.k) * s.out_channels;
    sweep.group_stride = sweep.n;
    return sweep;
}

constexpr convolution_work forward_work(const convolution_shape& s) {
    product_shape product = dense_product(s.pixels(), s.out_channels, s.in_channels);
    product.a_row = s.pixel_step();
    return {s.pointwise(), product, forward_sweep(s)};
}

template <class Arch, class T> constexpr std::size_t convolution_workspace(const convolution_shape& s) {
    return forward_work(s).workspace<Arch, T>();
}

template <class Arch, class T>
void convolution(const convolution_shape& s, const T* x, const T* weights, T* y, bool accumulate, const tail& after,
                 std::byte* workspace) noexcept {
    run_work<Arch>(forward_work(s), x, weights, y, accumulate, after, workspace);
}

}  // namespace tessera::detail::simd
