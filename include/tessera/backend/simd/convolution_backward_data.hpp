// convolution_backward_data: dx from dy, the adjoint of convolution in x; also transposed convolution's forward pass.
//
//   dx (count, D, H, W, in_channels) [+=], dy (count, OD, OH, OW, out_channels), weights as in convolution.hpp
//
// Input positions of equal residue modulo the stride form a phase that sees the same taps; each phase is a dense
// convolution of dy with stride one, so nothing is multiplied by inserted zeros. Elements that no window covers get 0.
// Workspace    convolution_backward_data_workspace<Arch, T>(shape) bytes, 64-byte aligned.
#pragma once
#include <tessera/backend/simd/convolution.hpp>

namespace tessera::detail::simd {

constexpr sweep_shape backward_data_sweep(const convolution_shape& s) {
    sweep_shape sweep;
    sweep.count = s.count;
    for (int i = 0; i < 3; ++i) sweep.axis[i] = gradient_axis(s.w, i, s.in[i], s.out[i]);
    sweep.source = layout::row_major({s.out[0], s.out[1], s.out[2], s.out_channels}, true);
    sweep.groups = s.groups;
    sweep.k = s.out_channels / s.groups;
    sweep.n = s.in_channels / s.groups;
    sweep.k_stride = 1;
    sweep.n_stride = s.out_channels;
    sweep.tap_stride = std::ptrdiff_t(sweep.n) * s.out_channels;
    sweep.group_stride = sweep.k;
    return sweep;
}

constexpr product_shape backward_data_product(const convolution_shape& s) {
    product_shape p = dense_product(s.pixels(), s.in_channels, s.out_channels);
    p.b_row = 1;
    p.b_col = s.out_channels;
    return p;
}

constexpr convolution_work backward_data_work(const convolution_shape& s) {
    return {s.pointwise(), backward_data_product(s), backward_data_sweep(s)};
}

template <class Arch, class T> constexpr std::size_t convolution_backward_data_workspace(const convolution_shape& s) {
    return backward_data_work(s).workspace<Arch, T>();
}

template <class Arch, class T>
void convolution_backward_data(const convolution_shape& s, const T* dy, const T* weights, T* dx, bool accumulate,
                               const tail& after, std::byte* workspace) noexcept {
    run_work<Arch>(backward_data_work(s), dy, weights, dx, accumulate, after, workspace);
}

}  // namespace tessera::detail::simd
