// text_table: rows of cells under a heading, as aligned text.
//
//     text_table table({{"layer"}, {"parameters", text_table::right}});
//     table.add({"dense", "1,024"});
//     table.print()
//
// Columns are as wide as their widest cell and two spaces apart; no line ends in a space. A row may be short.
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tessera::detail {

class text_table {
  public:
    enum side { left, right };
    struct column {
        std::string heading;
        side aligned = left;
    };
    using row = std::vector<std::string>;

    explicit text_table(std::vector<column> columns) : columns_(std::move(columns)) {}

    void add(row cells) { rows_.push_back(std::move(cells)); }

    std::string print() const {
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
        std::string out = line(headings, width) + std::string(total, '-') + "\n";
        for (const row& r : rows_) out += line(r, width);
        return out;
    }

  private:
    static constexpr std::size_t gap = 2;

    std::string line(const row& cells, const std::vector<std::size_t>& width) const {
        std::string out;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const std::string space(width[c] - cells[c].size(), ' ');
            if (c > 0) out.append(gap, ' ');
            out += columns_[c].aligned == right ? space + cells[c] : cells[c] + space;
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out + "\n";
    }

    std::vector<column> columns_;
    std::vector<row> rows_;
};

}  // namespace tessera::detail
