// text_table: rows of cells under a heading, as aligned text.
//
//     text_table table({{"layer"}, {"parameters", text_table::right}});
//     table.add({"dense", "1,024"});
//     table.print()
//
// Columns are as wide as their widest cell and two spaces apart; no line ends in a space. A row may be short. A template,
// so that a program without tables has nothing to compile.
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tessera::detail {

template <class Text> class basic_text_table {
  public:
    enum side { left, right };
    struct column {
        Text heading;
        side aligned = left;
    };
    using row = std::vector<Text>;

    explicit basic_text_table(std::vector<column> columns) : columns_(std::move(columns)) {}

    void add(row cells) { rows_.push_back(std::move(cells)); }

    Text print() const {
        std::vector<std::size_t> width;
        row headings;
        std::size_t total = 0;
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            headings.push_back(columns_[c].heading);
            width.push_back(headings.back().size());
            for (const row& r : rows_)
                if (c < r.size()) width.back() = std::max(width.back(), r[c].size());
            total += width.back() + (c > 0 ? gap : 0);
        }
        Text out = line(headings, width) + Text(total, '-') + "\n";
        for (const row& r : rows_) out += line(r, width);
        return out;
    }

  private:
    static constexpr std::size_t gap = 2;

    Text line(const row& cells, const std::vector<std::size_t>& width) const {
        Text out;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const Text space(width[c] - cells[c].size(), ' ');
            if (c > 0) out.append(gap, ' ');
            out += columns_[c].aligned == right ? space + cells[c] : cells[c] + space;
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out + "\n";
    }

    std::vector<column> columns_;
    std::vector<row> rows_;
};

using text_table = basic_text_table<std::string>;

}  // namespace tessera::detail
