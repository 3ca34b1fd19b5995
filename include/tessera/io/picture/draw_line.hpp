// draw_line: a straight line of any thickness with smooth edges and round ends; a dot when both ends coincide.
//
//   draw_line(picture, x0, y0, x1, y1, colour, thickness)
//
// Coordinates in pixels; (0.5, 0.5) is the middle of the first pixel. Not finite coordinates draw nothing.
// Cost    the pixels of the box around the line.
#pragma once
#include <algorithm>
#include <cmath>
#include <tessera/io/picture/canvas.hpp>

namespace tessera {

namespace detail {

inline double distance_to_segment(double x, double y, double x0, double y0, double x1, double y1) {
    const double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
    const double share = length > 0 ? std::clamp(((x - x0) * dx + (y - y0) * dy) / length, 0.0, 1.0) : 0.0;
    return std::hypot(x - x0 - share * dx, y - y0 - share * dy);
}

inline void draw_line(canvas& picture, double x0, double y0, double x1, double y1, rgb colour, double thickness = 1) {
    if (!std::isfinite(x0 + y0 + x1 + y1 + thickness)) return;
    const double reach = thickness / 2 + 1;
    const auto inside = [](double value, int extent) { return static_cast<int>(std::clamp(value, 0.0, extent + 0.0)); };
    const int left = inside(std::min(x0, x1) - reach, picture.width());
    const int right = inside(std::max(x0, x1) + reach + 1, picture.width());
    const int top = inside(std::min(y0, y1) - reach, picture.height());
    const int bottom = inside(std::max(y0, y1) + reach + 1, picture.height());
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const double distance = detail::distance_to_segment(x + 0.5, y + 0.5, x0, y0, x1, y1);
            const double share = thickness / 2 + 0.5 - distance;
            if (share > 0) picture.blend(x, y, colour, std::min(share, thickness));
        }
    }
}

}  // namespace detail

}  // namespace tessera
