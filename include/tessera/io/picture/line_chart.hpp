// line_chart: curves of named series over one x axis, with ticks, legend and title.
//
//   line_chart chart{.title = "Training", .x_label = "epoch", .y_label = "loss"};
//   chart.lines.push_back({"train", epochs, train_losses});
//   chart.lines.push_back({"test", epochs, test_losses});
//   write_png("loss.png", chart.draw());
//
// A point that is not finite is a gap in its line. Up to 30 points a series are marked by dots. When all x are whole
// numbers, so are the ticks. Colours repeat after eight series.
// Errors  tessera::error: x and y of different lengths, an extent outside 1 ... 8192, no room left for the plot,
//         coordinates beyond 1e300.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/draw_line.hpp>
#include <tessera/io/picture/draw_text.hpp>
#include <tessera/io/picture/draw_title.hpp>
#include <tessera/io/picture/nice_ticks.hpp>
#include <tessera/io/picture/palette.hpp>
#include <vector>

namespace tessera {

struct chart_line {
    std::string name{};
    std::vector<double> x{}, y{};

    bool is_point(std::size_t i) const { return std::isfinite(x[i]) && std::isfinite(y[i]); }
};

namespace detail {

struct chart_range {
    double x_low = std::numeric_limits<double>::infinity(), x_high = -x_low;
    double y_low = x_low, y_high = -x_low;
    bool whole_x = true;

    explicit chart_range(const std::vector<chart_line>& lines) {
        for (const chart_line& line : lines) {
            for (std::size_t i = 0; i < line.x.size(); ++i) {
                if (line.is_point(i)) include(line.x[i], line.y[i]);
            }
        }
        if (x_low > x_high) *this = chart_range(0, 1);
    }

  private:
    chart_range(double low, double high) : x_low(low), x_high(high), y_low(low), y_high(high) {}
    void include(double x, double y) {
        x_low = std::min(x_low, x);
        x_high = std::max(x_high, x);
        y_low = std::min(y_low, y);
        y_high = std::max(y_high, y);
        whole_x = whole_x && x == std::floor(x);
    }
};

// Draws one chart: places title, legend and labels first; the plot gets the rectangle that is left.
class chart_drawing {
  public:
    chart_drawing(canvas& picture, const std::vector<chart_line>& lines, const std::string& title,
                  const std::string& x_label, const std::string& y_label)
        : picture_(picture),
          lines_(lines),
          range_(lines),
          y_ticks_(range_.y_low, range_.y_high, 6),
          x_ticks_(range_.x_low, range_.x_high, std::max(2, picture.width() / 110), range_.whole_x ? 1 : 0) {
        left_ = margin;
        top_ = margin;
        right_ = picture.width() - margin - 8;
        bottom_ = picture.height() - margin;
        place_title(title);
        place_legend();
        place_labels(x_label, y_label);
        require_room();
        draw_axes();
        draw_lines();
    }

  private:
    static constexpr int margin = 18, text = 2, swatch = 26;

    void place_title(const std::string& title) {
        draw_title(picture_, left_, top_, title, right_ - left_);
        top_ += title_space(title);
    }

    // Names flow from left to right into as many rows as they need.
    void place_legend() {
        int x = left_;
        bool any = false;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].name.empty()) continue;
            const std::string name = shortened(lines_[i].name, right_ - left_ - swatch - 8, text);
            const int width = swatch + 8 + text_width(name, text);
            if (any && x + width > right_) {
                x = left_;
                top_ += text_height(text) + 6;
            }
            const double middle = top_ + font::base_line * text / 2.0;
            draw_line(picture_, x + 2, middle, x + swatch - 2, middle, palette::series(i), 3);
            draw_text(picture_, x + swatch + 8, top_, name, {.colour = palette::quiet_ink, .size = text});
            x += width + 28;
            any = true;
        }
        if (any) top_ += text_height(text) + 6;
        top_ += 10;
    }

    void place_labels(const std::string& x_label, const std::string& y_label) {
        int widest = 0;
        for (const double tick : y_ticks_.enclosing())
            widest = std::max(widest, text_width(y_ticks_.label(tick), text));
        const int label_space = text_height(text) + 10;
        if (!y_label.empty()) left_ += label_space;
        left_ += widest + 12;
        bottom_ -= text_height(text) + 10;
        if (!x_label.empty()) bottom_ -= label_space;
        const text_style style{.colour = palette::quiet_ink, .size = text, .anchor = text_anchor::centre};
        if (!x_label.empty()) {
            draw_text(picture_, (left_ + right_) / 2, picture_.height() - margin - text_height(text) + 4,
                      shortened(x_label, right_ - left_, text), style);
        }
        if (!y_label.empty()) {
            text_style upwards = style;
            upwards.direction = text_direction::up;
            draw_text(picture_, margin - 4, (top_ + bottom_) / 2, shortened(y_label, bottom_ - top_, text), upwards);
        }
    }

    void require_room() const {
        constexpr int least = 60;
        if (right_ - left_ >= least && bottom_ - top_ >= least) return;
        throw error("line_chart", "room for a plot of 60 by 60 pixels",
                    std::to_string(right_ - left_) + " by " + std::to_string(bottom_ - top_));
    }

    double x_of(double x) const {
        return left_ + (x - x_ticks_.first()) / (x_ticks_.last() - x_ticks_.first()) * (right_ - left_);
    }
    double y_of(double y) const {
        return bottom_ - (y - y_ticks_.low()) / (y_ticks_.high() - y_ticks_.low()) * (bottom_ - top_);
    }

    void draw_axes() {
        for (const double tick : y_ticks_.enclosing()) {
            const int y = static_cast<int>(std::lround(y_of(tick)));
            picture_.fill_rectangle(left_, y, right_ - left_, 1, palette::rule);
            draw_text(picture_, left_ - 10, y - font::base_line * text / 2, y_ticks_.label(tick),
                      {.colour = palette::quiet_ink, .size = text, .anchor = text_anchor::end});
        }
        picture_.fill_rectangle(left_, bottom_, right_ - left_ + 1, 1, palette::frame);
        int free_from = 0;
        for (const double tick : x_ticks_.inside()) {
            const int x = static_cast<int>(std::lround(x_of(tick)));
            picture_.fill_rectangle(x, bottom_, 1, 6, palette::frame);
            // A label that would touch the one before it, or the picture's edge, is left out.
            const int width = text_width(x_ticks_.label(tick), text);
            if (x - width / 2 < free_from || x + width / 2 >= picture_.width()) continue;
            free_from = x + width / 2 + 6 * text;
            draw_text(picture_, x, bottom_ + 11, x_ticks_.label(tick),
                      {.colour = palette::quiet_ink, .size = text, .anchor = text_anchor::centre});
        }
    }

    void draw_lines() {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const chart_line& line = lines_[i];
            const bool marked = line.x.size() <= 30;
            for (std::size_t p = 0; p < line.x.size(); ++p) {
                if (!line.is_point(p)) continue;
                const double x = x_of(line.x[p]), y = y_of(line.y[p]);
                const bool joined = p > 0 && line.is_point(p - 1);
                const bool alone = !joined && (p + 1 == line.x.size() || !line.is_point(p + 1));
                if (joined) {
                    draw_line(picture_, x_of(line.x[p - 1]), y_of(line.y[p - 1]), x, y, palette::series(i), 2.2);
                }
                if (marked || alone) draw_line(picture_, x, y, x, y, palette::series(i), 6);
            }
        }
    }

    canvas& picture_;
    const std::vector<chart_line>& lines_;
    chart_range range_;
    nice_ticks y_ticks_, x_ticks_;
    int left_ = 0, top_ = 0, right_ = 0, bottom_ = 0;  // the plot, without its labels
};

}  // namespace detail

struct line_chart {
    std::string title{}, x_label{}, y_label{};
    std::vector<chart_line> lines{};
    int width = 900, height = 540;

    canvas draw() const {
        if (width < 1 || width > 8192 || height < 1 || height > 8192) {
            throw error("line_chart", "extents from 1 to 8192",
                        std::to_string(width) + " by " + std::to_string(height));
        }
        for (const chart_line& line : lines) {
            if (line.x.size() == line.y.size()) continue;
            throw error("line_chart: line '" + line.name + "'", std::to_string(line.x.size()) + " values of y",
                        std::to_string(line.y.size()));
        }
        canvas picture(width, height, detail::palette::paper);
        detail::chart_drawing(picture, lines, title, x_label, y_label);
        return picture;
    }
};

}  // namespace tessera
