// pooling_gradient: dx of maximum and average pooling; see pooling.hpp.
#pragma once
#include <tessera/backend/simd/pooling.hpp>

namespace tessera::detail::simd {

// window(taps, x, dy, dx, first channel, lanes) for every output of every (sample, block of channels), in order.
template <class Arch, class T, class Window>
void pool_gradient(const pooling_shape& s, const T* x, const T* dy, T* dx, bool accumulate, const tail& after,
                   Window window) noexcept {
    using V = vector<T, Arch>;
    const std::ptrdiff_t in = std::ptrdiff_t(s.in[0]) * s.in[1] * s.in[2],
                         out = std::ptrdiff_t(s.out[0]) * s.out[1] * s.out[2];
    const int block = 4 * lanes<V>, blocks = (s.channels + block - 1) / block;
    threads::parallel(s.count * blocks, [&](int item) noexcept {
        const int sample = item / blocks, begin = item % blocks * block, end = std::min(s.channels, begin + block);
        const T* const from = x == nullptr ? nullptr : x + sample * in * s.channels;
        const T* dy_pixel = dy + sample * out * s.channels;
        T* const to = dx + sample * in * s.channels;
        if (!accumulate)
            for (std::ptrdiff_t p = 0; p < in; ++p)
                std::fill(to + p * s.channels + begin, to + p * s.channels + end, T(0));
        for (int d = 0; d < s.out[0]; ++d)
            for (int h = 0; h < s.out[1]; ++h)
                for (int w = 0; w < s.out[2]; ++w, dy_pixel += s.channels) {
                    const pooling_window taps(s, {d, h, w});
                    for (int c = begin; c < end; c += lanes<V>)
                        window(taps, from, dy_pixel, to, c, first<V>(std::min(lanes<V>, end - c)));
                }
        constexpr std::ptrdiff_t pixels = 64;  // a tile
        for (std::ptrdiff_t p = 0; p < in; p += pixels)
            after((sample * in + p) * s.channels + begin, int(std::min(pixels, in - p)), s.channels, end - begin);
    });
}

template <class Arch, class T>
void max_pool_gradient(const pooling_shape& s, const T* x, const T* dy, T* dx, bool accumulate,
                       const tail& after) noexcept {
    using V = vector<T, Arch>;
    pool_gradient<Arch>(
        s, x, dy, dx, accumulate, after,
        [&](const pooling_window& taps, const T* from, const T* dy_pixel, T* to, int c, const prefix<V>& end) noexcept {
            V highest(-std::numeric_limits<T>::infinity());
            taps.for_each(s,
                          [&](std::ptrdiff_t p) { highest = max(highest, load<V>(from + p * s.channels + c, end)); });
            V left = load<V>(dy_pixel + c, end);  // becomes 0 in a lane whose maximum has been met
            taps.for_each(s, [&](std::ptrdiff_t p) {
                const V value = load<V>(from + p * s.channels + c, end);
                const auto here = (value == highest) | is_nan(value);
                T* const target = to + p * s.channels + c;
                store_to(target, load<V>(target, end) + select(here, left, V(T(0))), end);
                left = select(here, V(T(0)), left);
            });
        });
}

template <class Arch, class T>
void average_pool_gradient(const pooling_shape& s, divisor by, const T* dy, T* dx, bool accumulate,
                           const tail& after) noexcept {
    using V = vector<T, Arch>;
    pool_gradient<Arch>(
        s, static_cast<const T*>(nullptr), dy, dx, accumulate, after,
        [&](const pooling_window& taps, const T*, const T* dy_pixel, T* to, int c, const prefix<V>& end) noexcept {
            const V share =
                load<V>(dy_pixel + c, end) / V(T(std::max(1, by == divisor::taps ? s.w.taps() : taps.inside())));
            taps.for_each(s, [&](std::ptrdiff_t p) {
                T* const target = to + p * s.channels + c;
                store_to(target, load<V>(target, end) + share, end);
            });
        });
}

}  // namespace tessera::detail::simd
