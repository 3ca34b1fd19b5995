// image_grid: many small images on one page, enlarged, each over its caption.
//
//   image_grid grid{.height = 28, .width = 28, .channels = 1, .columns = 8};
//   grid.tiles.push_back({pixels, {"true Shirt", "given Coat"}});
//   write_png("mistakes.png", grid.draw());
//
//   pixels (height, width, channels) of floats, 1 channel grey or 3 channels red, green, blue
//
// `low` is drawn black and `high` white; values beyond are cut off, and a pixel with NaN is red. A pixel becomes a
// square of `enlarged` by `enlarged`.
// Errors  tessera::error: extents below 1, channels other than 1 and 3, a tile with another number of values,
//         low >= high, a page above 16384 pixels.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/draw_text.hpp>
#include <tessera/io/picture/draw_title.hpp>
#include <tessera/io/picture/palette.hpp>
#include <vector>

namespace tessera {

struct image_tile {
    std::span<const float> pixels{};  // must live until the grid is drawn
    std::vector<std::string> caption{};
    rgb ink = detail::palette::ink;
};

struct image_grid {
    std::string title{};
    int height = 28, width = 28, channels = 1;
    int columns = 8, enlarged = 4;
    float low = 0, high = 1;
    std::vector<image_tile> tiles{};

    canvas draw() const {
        check();
        const int count = static_cast<int>(tiles.size()), across = std::clamp(count, 1, columns);
        const int rows = std::max(1, (count + columns - 1) / columns);
        const int above = detail::title_space(title) + margin;
        const long page_width = 2L * margin + static_cast<long>(across) * tile_width() + (across - 1) * gap;
        const long page_height = margin + above + static_cast<long>(rows) * tile_height() + (rows - 1) * gap;
        if (page_width > largest || page_height > largest) {
            throw error("image_grid", "a page of at most 16384 pixels",
                        std::to_string(page_width) + " by " + std::to_string(page_height));
        }
        canvas picture(static_cast<int>(page_width), static_cast<int>(page_height), detail::palette::paper);
        detail::draw_title(picture, margin, margin, title, picture.width() - 2 * margin);
        for (int i = 0; i < count; ++i) {
            draw_tile(picture, margin + i % columns * (tile_width() + gap), above + i / columns * (tile_height() + gap),
                      tiles[static_cast<std::size_t>(i)]);
        }
        return picture;
    }

  private:
    static constexpr int margin = 18, gap = 16, text = 2, largest = 16384,
                         line_height = detail::font::cell_height * text + 2;

    void check() const {
        const auto is_extent = [](int value) { return value >= 1 && value <= largest; };
        if (!is_extent(height) || !is_extent(width) || !is_extent(columns) || !is_extent(enlarged) ||
            height * enlarged > largest || width * enlarged > largest) {
            throw error("image_grid", "extents from 1 to 16384",
                        std::to_string(height) + " by " + std::to_string(width) + ", " + std::to_string(columns) +
                            " columns, enlarged " + std::to_string(enlarged));
        }
        if (channels != 1 && channels != 3) throw error("image_grid", "1 or 3 channels", std::to_string(channels));
        if (!(low < high)) throw error("image_grid", "low < high", std::to_string(low) + ", " + std::to_string(high));
        const std::size_t values =
            static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
        for (std::size_t i = 0; i < tiles.size(); ++i) {
            if (tiles[i].pixels.size() == values) continue;
            throw error("image_grid: tile " + std::to_string(i), std::to_string(values) + " values",
                        std::to_string(tiles[i].pixels.size()));
        }
        if (tiles.size() > largest) throw error("image_grid", "at most 16384 tiles", std::to_string(tiles.size()));
    }

    int tile_width() const {
        int widest = width * enlarged;
        for (const image_tile& tile : tiles) {
            for (const std::string& line : tile.caption) widest = std::max(widest, detail::text_width(line, text));
        }
        return widest;
    }
    int tile_height() const {
        std::size_t lines = 0;
        for (const image_tile& tile : tiles) lines = std::max(lines, tile.caption.size());
        return height * enlarged + (lines == 0 ? 0 : 6 + static_cast<int>(lines) * line_height);
    }

    void draw_tile(canvas& picture, int x, int y, const image_tile& tile) const {
        const int middle = x + tile_width() / 2, left = middle - width * enlarged / 2;
        picture.fill_rectangle(left - 1, y - 1, width * enlarged + 2, height * enlarged + 2, detail::palette::frame);
        for (int row = 0; row < height; ++row) {
            for (int column = 0; column < width; ++column) {
                picture.fill_rectangle(left + column * enlarged, y + row * enlarged, enlarged, enlarged,
                                       colour_of(tile, row, column));
            }
        }
        int below = y + height * enlarged + 8;
        for (const std::string& line : tile.caption) {
            detail::draw_text(picture, middle, below, line,
                              {.colour = tile.ink, .size = text, .anchor = detail::text_anchor::centre});
            below += line_height;
        }
    }

    rgb colour_of(const image_tile& tile, int row, int column) const {
        const auto depth = static_cast<std::size_t>(channels);
        const auto place = static_cast<std::size_t>(row * width + column) * depth;
        std::uint8_t levels[3] = {};
        for (std::size_t c = 0; c < 3; ++c) {
            const float value = tile.pixels[place + (depth == 1 ? 0 : c)];
            if (std::isnan(value)) return {220, 30, 30};
            levels[c] =
                static_cast<std::uint8_t>(std::lround(std::clamp((value - low) / (high - low), 0.0f, 1.0f) * 255));
        }
        return {levels[0], levels[1], levels[2]};
    }
};

}  // namespace tessera
