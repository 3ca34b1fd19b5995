// confusion_picture: a confusion matrix as a heat map. Rows are true classes, columns predictions, and each cell shows
// its count; its colour is the share of its row: blue on the diagonal, orange for mistakes.
//
//   confusion_picture(confusion, names, "Test set")   -> canvas
//
// Up to 16 classes in large letters, beyond that in small ones. Column names that are wider than a cell run upwards.
// Errors  tessera::error: as many names as classes are wanted, at most 200 classes.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/draw_text.hpp>
#include <tessera/io/picture/draw_title.hpp>
#include <tessera/io/picture/palette.hpp>
#include <tessera/metrics/confusion_matrix.hpp>
#include <vector>

namespace tessera {

namespace detail {

class confusion_drawing {
  public:
    confusion_drawing(const confusion_matrix& confusion, std::span<const std::string> names, const std::string& title)
        : confusion_(confusion),
          classes_(static_cast<int>(confusion.classes())),
          size_(classes_ <= 16 ? 2 : 1),
          title_(title) {
        constexpr int longest_name = 24 * font::cell_width;
        for (const std::string& name : names) {
            names_.push_back(shortened(name, longest_name * size_, size_));
            widest_name_ = std::max(widest_name_, text_width(names_.back(), size_));
        }
        std::int64_t largest = 0;
        for (std::size_t t = 0; t < confusion.classes(); ++t) {
            for (std::size_t p = 0; p < confusion.classes(); ++p) largest = std::max(largest, confusion.count(t, p));
        }
        cell_ = std::max(24 * size_, text_width(std::to_string(largest), size_) + 8 * size_);
        names_run_up_ = widest_name_ > cell_ - 4 * size_;
        left_ = margin + text_height(2) + 14 + widest_name_ + 10;
        top_ = margin + title_space(title);
    }

    canvas draw() const {
        const int side = classes_ * cell_ + 1;
        const int below = 10 + (names_run_up_ ? widest_name_ : text_height(size_)) + 14 + text_height(2);
        // A long title may widen the picture a little.
        const int room = std::clamp(text_width(title_, 2), left_ + side - margin, std::max(left_ + side - margin, 700));
        canvas picture(room + 2 * margin, top_ + side + below + margin, palette::paper);
        draw_title(picture, margin, margin, title_, picture.width() - 2 * margin);
        picture.fill_rectangle(left_, top_, side, side, palette::rule);
        for (int truth = 0; truth < classes_; ++truth) {
            draw_names(picture, truth);
            std::int64_t of_row = 0;
            for (int p = 0; p < classes_; ++p) of_row += count(truth, p);
            for (int p = 0; p < classes_; ++p) draw_cell(picture, truth, p, of_row);
        }
        const text_style axis{.colour = palette::quiet_ink, .size = 2, .anchor = text_anchor::centre};
        draw_text(picture, left_ + side / 2, picture.height() - margin - text_height(2) + 4, "predicted", axis);
        text_style upwards = axis;
        upwards.direction = text_direction::up;
        draw_text(picture, margin, top_ + side / 2, "true", upwards);
        return picture;
    }

  private:
    static constexpr int margin = 18;

    void draw_names(canvas& picture, int c) const {
        const std::string& name = names_[static_cast<std::size_t>(c)];
        const int middle = cell_ * c + cell_ / 2, half_letter = font::base_line * size_ / 2;
        const int below = top_ + classes_ * cell_ + 10;
        draw_text(picture, left_ - 10, top_ + middle - half_letter, name, {.size = size_, .anchor = text_anchor::end});
        if (names_run_up_) {
            draw_text(picture, left_ + middle - half_letter, below, name,
                      {.size = size_, .anchor = text_anchor::end, .direction = text_direction::up});
        } else {
            draw_text(picture, left_ + middle, below, name, {.size = size_, .anchor = text_anchor::centre});
        }
    }

    std::int64_t count(int truth, int prediction) const {
        return confusion_.count(static_cast<std::size_t>(truth), static_cast<std::size_t>(prediction));
    }

    void draw_cell(canvas& picture, int truth, int prediction, std::int64_t of_row) const {
        const std::int64_t here = count(truth, prediction);
        const double share = of_row == 0 ? 0 : static_cast<double>(here) / static_cast<double>(of_row);
        const rgb full = truth == prediction ? palette::good : palette::bad;
        const int x = left_ + prediction * cell_ + 1, y = top_ + truth * cell_ + 1;
        // Rare mistakes must not be lost on white.
        picture.fill_rectangle(x, y, cell_ - 1, cell_ - 1,
                               mix(palette::paper, full, here == 0 ? 0 : 0.06 + 0.94 * share));
        const rgb ink = here == 0 ? palette::rule : share > 0.5 ? palette::paper : palette::ink;
        draw_text(picture, x + cell_ / 2, y + cell_ / 2 - font::base_line * size_ / 2 - 1, std::to_string(here),
                  {.colour = ink, .size = size_, .anchor = text_anchor::centre});
    }

    const confusion_matrix& confusion_;
    std::vector<std::string> names_;
    int classes_, size_, cell_ = 0, left_ = 0, top_ = 0, widest_name_ = 0;
    bool names_run_up_ = false;
    std::string title_;
};

}  // namespace detail

inline canvas confusion_picture(const confusion_matrix& confusion, std::span<const std::string> names,
                                const std::string& title = "") {
    constexpr std::size_t most = 200;
    if (confusion.classes() > most) {
        throw error("confusion_picture", "at most 200 classes", std::to_string(confusion.classes()));
    }
    if (names.size() != confusion.classes()) {
        throw error("confusion_picture", std::to_string(confusion.classes()) + " names", std::to_string(names.size()));
    }
    return detail::confusion_drawing(confusion, names, title).draw();
}

}  // namespace tessera
