// read_csv, parse_csv: tables of numbers in text.
//
//   delimiter      between fields, ',' unless said otherwise
//   header         the first line holds column names
//   label_column   the position of the column of class indices, if there is one; it is left out of `values`
//
//   csv_table      values (rows, columns) row-major, names (columns) when there is a header, labels (rows)
//   to_dataset     the table as samples of 1 x 1 x columns
//
// Lines end in LF or CRLF, the last one may lack its end. Spaces around a field and a byte order mark are skipped. A
// field may be quoted ("" stands for a quote in it) but not go over the end of a line. A number too small for a float
// is rounded, to 0 at the least; one too small for a double is refused.
//
// Errors  an empty table, a row of another length, a field that is no finite number or too large for a float, a label
//         that is no index: tessera::error that names file, line and column (from 1) and, for a number, the text found.
#pragma once
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/dataset.hpp>
#include <tessera/error.hpp>
#include <tessera/io/read_file.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct csv_options {
    char delimiter = ',';
    bool header = false;
    std::optional<std::size_t> label_column = std::nullopt;
};

struct csv_table {
    std::vector<std::string> names;
    std::vector<float> values;
    std::vector<std::int32_t> labels;
    std::size_t rows = 0;
    std::size_t columns = 0;
};

namespace csv_format {

class parser {
  public:
    parser(std::string_view text, const std::string& name, const csv_options& options)
        : rest_(text), name_(name), options_(options) {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    }

    csv_table parse() {
        if (options_.header && !rest_.empty()) read_names();
        while (!rest_.empty()) read_row();
        if (table_.rows == 0) throw error(name_, "at least one row of numbers", "none");
        return std::move(table_);
    }

  private:
    std::string_view next_line() {
        ++line_;
        const std::size_t end = rest_.find('\n');
        std::string_view line = rest_.substr(0, end);
        rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    // The fields of a line into `fields_`, whose memory is kept from line to line.
    void split(std::string_view line) {
        std::size_t count = 0;
        for (bool more = true; more; ++count) {
            if (count == fields_.size()) fields_.emplace_back();
            more = take_field(line, fields_[count], count + 1);
        }
        if (width_ == 0) accept_width(count);
        if (count != width_)
            throw error(name_ + ", line " + std::to_string(line_), std::to_string(width_) + " columns",
                        std::to_string(count));
    }

    void accept_width(std::size_t count) {
        width_ = count;
        if (options_.label_column && *options_.label_column >= count)
            throw error(name_ + ", line " + std::to_string(line_),
                        "a label column at position " + std::to_string(*options_.label_column) + " from 0",
                        std::to_string(count) + " columns");
        table_.columns = count - (options_.label_column ? 1 : 0);
        if (table_.columns == 0)
            throw error(name_ + ", line " + std::to_string(line_), "a column besides the label", "none");
    }

    // Moves one field from the line to `field`; false when it was the last one.
    bool take_field(std::string_view& line, std::string& field, std::size_t column) {
        field.clear();
        line = trimmed(line);
        if (line.starts_with('"')) {
            take_quoted(line, field, column);
            line = trimmed(line);
            if (!line.empty() && line.front() != options_.delimiter)
                throw error(place(column), "a delimiter after the quoted field", "'" + shown(line) + "'");
        } else {
            const std::string_view text = line.substr(0, line.find(options_.delimiter));
            line.remove_prefix(text.size());
            field = trimmed(text);
        }
        if (line.empty()) return false;
        line.remove_prefix(1);
        return true;
    }

    void take_quoted(std::string_view& line, std::string& field, std::size_t column) {
        for (line.remove_prefix(1);; line.remove_prefix(1)) {
            const std::size_t quote = line.find('"');
            if (quote == std::string_view::npos) throw error(place(column), "a closing quote", "the end of the line");
            field += line.substr(0, quote);
            line.remove_prefix(quote + 1);
            if (!line.starts_with('"')) return;
            field += '"';
        }
    }

    void read_names() {
        split(next_line());
        for (std::size_t i = 0; i < width_; ++i)
            if (i != options_.label_column) table_.names.push_back(fields_[i]);
    }

    void read_row() {
        split(next_line());
        for (std::size_t i = 0; i < width_; ++i) {
            if (i == options_.label_column)
                table_.labels.push_back(number<std::int32_t>(i, "a class index"));
            else
                table_.values.push_back(number<float>(i, "a number"));
        }
        ++table_.rows;
    }

    template <class Number> Number number(std::size_t i, const std::string& wanted) const {
        std::string_view text = fields_[i];
        if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
        Number value{};
        const auto [end, status] = parse_number(text, value);
        bool good = status == std::errc{} && end == text.data() + text.size();
        if constexpr (std::is_floating_point_v<Number>)
            good = good && std::isfinite(value);
        else
            good = good && value >= 0;
        if (!good) throw error(place(i + 1), wanted, fields_[i].empty() ? "nothing" : "'" + shown(fields_[i]) + "'");
        return value;
    }

    // As std::from_chars, which says of numbers too small for a float only that they are out of range, as of too large
    // ones; a double tells the two apart.
    template <class Number> static std::from_chars_result parse_number(std::string_view text, Number& value) {
        const char *const first = text.data(), *const last = first + text.size();
        std::from_chars_result result = std::from_chars(first, last, value);
        if constexpr (std::is_same_v<Number, float>) {
            if (result.ec != std::errc::result_out_of_range) return result;
            double wide = 0;
            if (std::from_chars(first, last, wide).ec != std::errc{} || std::abs(wide) > 1) return result;
            value = static_cast<float>(wide);
            result.ec = std::errc{};
        }
        return result;
    }

    // Space and tab, unless they are the delimiter.
    std::string_view trimmed(std::string_view text) const {
        const auto blank = [this](char c) { return (c == ' ' || c == '\t') && c != options_.delimiter; };
        while (!text.empty() && blank(text.front())) text.remove_prefix(1);
        while (!text.empty() && blank(text.back())) text.remove_suffix(1);
        return text;
    }

    static std::string shown(std::string_view text) {
        return text.size() <= 40 ? std::string(text) : std::string(text.substr(0, 40)) + "...";
    }

    std::string place(std::size_t column) const {
        return name_ + ", line " + std::to_string(line_) + ", column " + std::to_string(column);
    }

    std::string_view rest_;
    const std::string& name_;
    const csv_options& options_;
    csv_table table_;
    std::vector<std::string> fields_;
    std::size_t line_ = 0;
    std::size_t width_ = 0;
};

}  // namespace csv_format

inline csv_table parse_csv(std::span<const std::byte> file, const std::string& name, const csv_options& options = {}) {
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    return csv_format::parser(text, name, options).parse();
}

inline csv_table read_csv(const std::filesystem::path& path, const csv_options& options = {}) {
    return parse_csv(read_file(path), path.string(), options);
}

// `place` opens the message when a label is out of range or there are none.
inline dataset to_dataset(csv_table table, std::vector<std::string> class_names, const std::string& place) {
    if (table.labels.size() != table.rows)
        throw error(place, std::to_string(table.rows) + " labels, one a row", std::to_string(table.labels.size()));
    dataset data{std::move(table.values), std::move(table.labels), {1, 1, table.columns}, std::move(class_names)};
    data.check(place);
    return data;
}

}  // namespace tessera
