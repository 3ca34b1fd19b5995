// halo: a box of an image, zero where it reaches outside, copied so that kernels need no border cases. What is computed
// is computed inside the image alone: around it are zeros, not what would be computed of zeros.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <tessera/backend/simd/copied_operand.hpp>
#include <tessera/ir/layout.hpp>

namespace tessera::detail::simd {

struct box {
    int start[3] = {0, 0, 0};  // may be negative
    int extent[3] = {1, 1, 1};
};

// One sample x of the layout `image` (samples, D, H, W, channels) to (box, pitch): every channel `repeat` times,
// pitch >= channels * repeat. Channels have no gaps. What is computed is not repeated, nor is there any other gap in it.
template <class Arch, class T>
[[gnu::noinline]] void copy_halo(T* to, const std::type_identity_t<copied_operand<T>>& x, const layout& image,
                                 int repeat, int pitch, const box& b) noexcept {
    const int in[3] = {static_cast<int>(image.extent[1]), static_cast<int>(image.extent[2]),
                       static_cast<int>(image.extent[3])};
    const auto channels = static_cast<int>(image.extent[4]);
    const std::ptrdiff_t step = image.stride[3];
    const auto clear = [](T* first, std::ptrdiff_t count) {
        std::memset(first, 0, static_cast<std::size_t>(count) * sizeof(T));
    };
    const std::ptrdiff_t row = std::ptrdiff_t(b.extent[2]) * pitch;
    const int left = std::clamp(-b.start[2], 0, b.extent[2]);
    const int right = std::clamp(in[2] - b.start[2], left, b.extent[2]);
    for (int i = 0; i < b.extent[0]; ++i)
        for (int j = 0; j < b.extent[1]; ++j, to += row) {
            const int d = b.start[0] + i, h = b.start[1] + j;
            if (d < 0 || d >= in[0] || h < 0 || h >= in[1] || left == right) {
                clear(to, row);
                continue;
            }
            const copied_operand<T> row_of_x =
                x + (d * image.stride[1] + h * image.stride[2] + (b.start[2] + left) * step);
            clear(to, std::ptrdiff_t(left) * pitch);
            T* out = to + std::ptrdiff_t(left) * pitch;
            if (repeat == 1) {
                row_of_x.copy(out, pitch, right - left, step, channels);
            } else {
                const T* from = row_of_x.at;
                for (int w = left; w < right; ++w, from += step)
                    for (int c = 0; c < channels; ++c)
                        for (int k = 0; k < repeat; ++k)
                            out[std::ptrdiff_t(w - left) * pitch + c * repeat + k] = from[c];
            }
            clear(out + std::ptrdiff_t(right - left) * pitch, std::ptrdiff_t(b.extent[2] - right) * pitch);
        }
}

}  // namespace tessera::detail::simd
