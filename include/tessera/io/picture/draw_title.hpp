// draw_title: the heading of a chart, in large letters, or smaller ones where they do not fit into `width`.
//
// title_space(title)   pixels that a heading takes downwards, 0 without one
#pragma once
#include <string>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/draw_text.hpp>

namespace tessera::detail {

inline int title_space(const std::string& title) { return title.empty() ? 0 : text_height(3) + 10; }

inline void draw_title(canvas& picture, int x, int y, const std::string& title, int width) {
    const int size = text_width(title, 3) <= width ? 3 : 2;
    draw_text(picture, x, y, shortened(title, width, size), {.size = size});
}

}  // namespace tessera::detail
