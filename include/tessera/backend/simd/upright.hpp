// upright: several short rows at once, a lane a row, so that what is done along a row is done to whole vectors.
#pragma once
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

// to[j * lanes + r] = x[r * pitch + j] for as many rows as there are lanes
template <class Arch, class T>
[[gnu::noinline]] void stand_up(const T* x, std::ptrdiff_t pitch, int columns, T* to) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    int j = 0;
    if constexpr (width >= 4)
        for (; j + 4 <= columns; j += 4)
            for (int r = 0; r < width; r += 4)
                transpose_block<Arch>(x + r * pitch + j, pitch, to + j * width + r, width);
    for (; j < columns; ++j)
        for (int r = 0; r < width; ++r) to[std::ptrdiff_t{j} * width + r] = x[r * pitch + j];
}

// and back
template <class Arch, class T>
[[gnu::noinline]] void lie_down(const T* x, int columns, T* to, std::ptrdiff_t pitch) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    int j = 0;
    if constexpr (width >= 4)
        for (; j + 4 <= columns; j += 4)
            for (int r = 0; r < width; r += 4)
                transpose_block<Arch>(x + j * width + r, width, to + r * pitch + j, pitch);
    for (; j < columns; ++j)
        for (int r = 0; r < width; ++r) to[r * pitch + j] = x[std::ptrdiff_t{j} * width + r];
}

}  // namespace tessera::detail::simd
