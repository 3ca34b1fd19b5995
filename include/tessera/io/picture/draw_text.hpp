// draw_text: one line of text in the bitmap font.
//
//   draw_text(picture, x, y, "accuracy", {.colour = palette::ink, .size = 2})
//
// (x, y) is the upper left corner of the text as it reads; anchors move it: `centre` and `end` put the middle or the
// end of the text at x. Text that runs upwards starts at y and grows towards smaller y; x is then its left edge.
//
// text_width(text, size)              pixels along the line
// text_height(size)                   pixels across, tails included
// shortened(text, width, size)        the text, or its beginning and ".." so that it fits
//
// A character of several UTF-8 bytes counts once and is drawn as a box.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/font.hpp>
#include <tessera/io/picture/palette.hpp>

namespace tessera {

namespace detail {

enum class text_anchor { start, centre, end };
enum class text_direction { right, up };

struct text_style {
    rgb colour = palette::ink;
    int size = 2;  // pixels a dot
    text_anchor anchor = text_anchor::start;
    text_direction direction = text_direction::right;
};

inline bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

inline void draw_glyph(canvas& picture, int x, int y, char c, const text_style& style) {
    for (int row = 0; row < font::rows; ++row) {
        for (int column = 0; column < font::columns; ++column) {
            if (!font::is_dot(c, column, row)) continue;
            const int along = column * style.size, across = row * style.size;
            if (style.direction == text_direction::right) {
                picture.fill_rectangle(x + along, y + across, style.size, style.size, style.colour);
            } else {
                picture.fill_rectangle(x + across, y - along - style.size, style.size, style.size, style.colour);
            }
        }
    }
}

inline int text_width(std::string_view text, int size) {
    const auto continuing = std::count_if(text.begin(), text.end(), detail::continues_character);
    const int characters = static_cast<int>(text.size()) - static_cast<int>(continuing);
    return characters == 0 ? 0 : (characters * font::cell_width - 1) * size;
}

constexpr int text_height(int size) { return font::rows * size; }

inline std::string shortened(std::string text, int width, int size) {
    if (text_width(text, size) <= width) return text;
    while (!text.empty() && text_width(text + "..", size) > width) {
        while (detail::continues_character(text.back()) && text.size() > 1) text.pop_back();
        text.pop_back();
    }
    return text + "..";
}

inline void draw_text(canvas& picture, int x, int y, std::string_view text, const text_style& style = {}) {
    const int length = text_width(text, style.size);
    const int back = style.anchor == text_anchor::start ? 0 : style.anchor == text_anchor::end ? length : length / 2;
    const bool goes_right = style.direction == text_direction::right;
    int position = -back;
    for (const char c : text) {
        if (detail::continues_character(c)) continue;
        detail::draw_glyph(picture, goes_right ? x + position : x, goes_right ? y : y - position, c, style);
        position += font::cell_width * style.size;
    }
}

}  // namespace detail

}  // namespace tessera
