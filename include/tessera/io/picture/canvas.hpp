// canvas: a picture of 8-bit red, green and blue, drawn into by draw_line, draw_text and the charts.
//
//   canvas picture(640, 480);                       // white
//   picture.fill_rectangle(10, 10, 100, 50, {230, 240, 250});
//
// x runs to the right and y down, from 0; pixel (x, y) covers [x, x+1) by [y, y+1). What lies outside is cut off.
// Errors  tessera::error: an extent outside 1 ... 16384.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

struct rgb {
    std::uint8_t red = 0, green = 0, blue = 0;
    friend bool operator==(const rgb&, const rgb&) = default;
};

// The colour at `share` (0 ... 1) of the way from a to b.
inline rgb mix(rgb a, rgb b, double share) {
    const auto channel = [share](int from, int to) {
        return static_cast<std::uint8_t>(std::lround(from + std::clamp(share, 0.0, 1.0) * (to - from)));
    };
    return {channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue)};
}

class canvas {
  public:
    canvas(int width, int height, rgb background = {255, 255, 255}) : width_(width), height_(height) {
        constexpr int most = 16384;
        if (width < 1 || height < 1 || width > most || height > most) {
            throw error("canvas", "extents from 1 to " + std::to_string(most),
                        std::to_string(width) + " by " + std::to_string(height));
        }
        bytes_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
        fill_rectangle(0, 0, width, height, background);
    }

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }  // (height, width, 3)
    bool contains(int x, int y) const noexcept { return x >= 0 && y >= 0 && x < width_ && y < height_; }

    // The pixel must be inside.
    rgb at(int x, int y) const {
        const std::uint8_t* const pixel = &bytes_[place(x, y)];
        return {pixel[0], pixel[1], pixel[2]};
    }

    void set(int x, int y, rgb colour) {
        if (!contains(x, y)) return;
        std::uint8_t* const pixel = &bytes_[place(x, y)];
        pixel[0] = colour.red;
        pixel[1] = colour.green;
        pixel[2] = colour.blue;
    }

    // Covers the given share (0 ... 1) of the pixel.
    void blend(int x, int y, rgb colour, double share) {
        if (contains(x, y)) set(x, y, mix(at(x, y), colour, share));
    }

    void fill_rectangle(int x, int y, int width, int height, rgb colour) {
        const int right = std::min(x + width, width_), bottom = std::min(y + height, height_);
        for (int j = std::max(y, 0); j < bottom; ++j) {
            for (int i = std::max(x, 0); i < right; ++i) set(i, j, colour);
        }
    }

  private:
    std::size_t place(int x, int y) const {
        return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3;
    }

    int width_, height_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace tessera
