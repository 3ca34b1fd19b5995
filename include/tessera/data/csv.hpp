// read_csv, parse_csv: tables of numbers in text.
//
//   delimiter      between fields, ',' unless said otherwise
//   header         whether the first line holds column names; unless said, it does when none of its fields is a number,
//                  or when, without class_names, its label is none and the next line's is
//   label_column   the position of the column of labels, if there is one; it is left out of `values`
//   class_names    the texts that labels may be, each once, in the order of their indices; where there are none, and
//                  the first label is no number, the classes are the texts that occur, in byte-wise order
//   missing        what becomes of a field that is empty, or NA, N/A, NaN, null, None or ?:
//                    refused       an error, unless said otherwise
//                    replaced      by missing_value, NaN unless said otherwise; a label cannot be
//                    row_skipped   the whole row is passed over and counted
//
//   csv_table      values (rows, columns) row-major, names (columns) when there is a header, labels (rows), class_names
//                  when labels are texts; how many values were replaced and rows skipped
//   to_dataset     the table as samples of 1 x 1 x columns
//
// Lines end in LF or CRLF, the last one may lack its end. Spaces around a field and a byte order mark are skipped, as
// are lines at the end whose fields are all empty. A field may be quoted ("" stands for a quote in it) and then hold
// delimiters and line ends. A delimiter at the end of every line, or of every line but the header, opens no further
// column. Labels that are numbers are whole, however written: 1, 1.0. A number too small for a float is rounded, to 0
// at the least; one too small for a double is refused.
//
// Errors  an empty table, a row of another length, a field that is no finite number or too large for a float, a label
//         that is no index, or none of the class names: tessera::error that names file, line and column (from 1) and,
//         for a number, the text found. Class names of which two are equal.
#pragma once
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/csv_lines.hpp>
#include <tessera/data/dataset.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <utility>
#include <vector>

namespace tessera {

enum class csv_missing { refused, replaced, row_skipped };

struct csv_options {
    char delimiter = ',';
    std::optional<bool> header = std::nullopt;
    std::optional<std::size_t> label_column = std::nullopt;
    std::vector<std::string> class_names = {};
    csv_missing missing = csv_missing::refused;
    float missing_value = std::numeric_limits<float>::quiet_NaN();
};

struct csv_table {
    std::vector<std::string> names;
    std::vector<float> values;
    std::vector<std::int32_t> labels;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::string> class_names;
    std::size_t replaced = 0;
    std::size_t skipped_rows = 0;
};

namespace csv_format {

inline bool is_missing(std::string_view text) {
    for (const std::string_view known : {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN", "NAN", "-nan", "-NaN",
                                         "null", "NULL", "Null", "None", "none", "?"})
        if (text == known) return true;
    return false;
}

// A whole field as a finite number. std::from_chars says of numbers too small for a float only that they are out of
// range, as of too large ones; a double tells the two apart.
template <class Number> std::optional<Number> number_in(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    const char *const first = text.data(), *const last = first + text.size();
    Number value{};
    const auto [end, status] = std::from_chars(first, last, value);
    if (end != last) return std::nullopt;
    if (status == std::errc::result_out_of_range && sizeof(Number) < sizeof(double)) {
        double wide = 0;
        if (std::from_chars(first, last, wide).ec != std::errc{} || std::abs(wide) > 1) return std::nullopt;
        return static_cast<Number>(wide);
    }
    if (status != std::errc{} || !std::isfinite(value)) return std::nullopt;
    return value;
}

class parser {
  public:
    parser(std::string_view text, const std::string& name, const csv_options& options)
        : text_(text), name_(name), options_(options), lines_(text, name, options.delimiter) {}

    csv_table parse() {
        expect_names_once();
        if (lines_.next()) {
            trailing_ = lines_.ends_with_delimiter() && every_line_ends_with_delimiter();
            const bool header = options_.header.value_or(opens_with_header());
            read_width();
            if (header)
                read_names();
            else
                read_line();
            names_lack_delimiter_ = header && !trailing_;
            while (lines_.next()) read_line();
        }
        if (table_.rows == 0) throw error(name_, "at least one row of numbers", "none");
        name_classes();
        return std::move(table_);
    }

  private:
    void expect_names_once() const {
        const std::vector<std::string>& names = options_.class_names;
        for (auto name = names.begin(); name != names.end(); ++name)
            if (std::find(names.begin(), name, *name) != name)
                throw error(name_, "class_names that differ", found(*name) + " twice");
    }

    const std::string& text_of(std::size_t i) const { return lines_.fields[i].text; }
    bool is_label(std::size_t i) const { return options_.label_column && i == *options_.label_column; }

    bool every_line_ends_with_delimiter() const {
        line_reader ahead(text_, name_, options_.delimiter);
        while (ahead.next())
            if (!ahead.ends_with_delimiter() && !ahead.is_blank()) return false;
        return true;
    }

    bool opens_with_header() const {
        bool words = false, numbers = false;
        for (std::size_t i = 0; i < lines_.count; ++i) {
            const bool number = number_in<double>(text_of(i)).has_value();
            numbers = numbers || number;
            words = words || (!number && !is_missing(text_of(i)));
        }
        if (!numbers) return words;
        if (!options_.label_column || *options_.label_column >= lines_.count || !options_.class_names.empty())
            return false;
        line_reader ahead = lines_;
        return !number_in<double>(text_of(*options_.label_column)) && ahead.next() &&
               *options_.label_column < ahead.count &&
               number_in<double>(ahead.fields[*options_.label_column].text).has_value();
    }

    void read_width() {
        width_ = lines_.count - (trailing_ ? 1 : 0);
        if (options_.label_column && *options_.label_column >= width_)
            throw error(lines_.place(),
                        "a label column at position " + std::to_string(*options_.label_column) + " from 0",
                        std::to_string(width_) + " columns");
        table_.columns = width_ - (options_.label_column ? 1 : 0);
        if (table_.columns == 0) throw error(lines_.place(), "a column besides the label", "none");
    }

    void read_names() {
        for (std::size_t i = 0; i < width_; ++i)
            if (!is_label(i)) table_.names.push_back(text_of(i));
    }

    // A line without content is a row only where others follow.
    void read_line() {
        if (lines_.is_blank()) {
            blank_.push_back({lines_.line, lines_.count});
            return;
        }
        if (!blank_.empty()) {
            const line_reader here = lines_;
            for (const auto& [line, count] : std::exchange(blank_, {})) {
                lines_.line = line;
                lines_.count = count;
                for (std::size_t i = 0; i < count && i < lines_.fields.size(); ++i) lines_.fields[i] = {};
                read_row();
            }
            lines_ = here;
        }
        read_row();
    }

    void read_row() {
        const bool further = trailing_ || (names_lack_delimiter_ && lines_.count == width_ + 1);
        const std::size_t count = lines_.count - (further && lines_.ends_with_delimiter() ? 1 : 0);
        if (count != width_)
            throw error(lines_.place(), std::to_string(width_) + " columns", std::to_string(lines_.count));
        const std::size_t before = table_.values.size(), replaced = table_.replaced;
        bool whole = true;
        std::int32_t label = 0;
        for (std::size_t i = 0; i < width_ && whole; ++i) {
            if (is_label(i))
                whole = read_label(i, label);
            else
                whole = read_value(i);
        }
        if (!whole) {
            table_.values.resize(before);
            table_.replaced = replaced;
            ++table_.skipped_rows;
            return;
        }
        if (options_.label_column) table_.labels.push_back(label);
        ++table_.rows;
    }

    // False where the row is to be skipped.
    bool read_value(std::size_t i) {
        if (const auto value = number_in<float>(text_of(i))) {
            table_.values.push_back(*value);
            return true;
        }
        if (options_.missing == csv_missing::refused || !is_missing(text_of(i))) refuse(i, "a number");
        if (options_.missing == csv_missing::row_skipped) return false;
        table_.values.push_back(options_.missing_value);
        ++table_.replaced;
        return true;
    }

    bool read_label(std::size_t i, std::int32_t& label) {
        const std::string& text = text_of(i);
        const auto number = number_in<double>(text);
        const bool skipped = options_.missing == csv_missing::row_skipped;
        if (text.empty() && skipped) return false;
        if (!texts_) {
            if (!options_.class_names.empty())
                texts_ = true;
            else if (number || !is_missing(text))
                texts_ = !number;
            else if (skipped)
                return false;
            else
                refuse(i, "a label");
        }
        if (*texts_) {
            label = class_of(i, text);
            return true;
        }
        if (skipped && is_missing(text)) return false;
        constexpr double most = std::numeric_limits<std::int32_t>::max();
        if (!number || *number < 0 || *number > most || std::trunc(*number) != *number) refuse(i, "a class index");
        label = static_cast<std::int32_t>(*number);
        return true;
    }

    // The index of a label's text: its place among the names, or in the order of appearance, until all are known.
    std::int32_t class_of(std::size_t i, const std::string& text) {
        const std::vector<std::string>& names = options_.class_names;
        if (text.empty()) refuse(i, "a label");
        if (names.empty()) return classes_.emplace(text, static_cast<std::int32_t>(classes_.size())).first->second;
        const auto found_at = std::find(names.begin(), names.end(), text);
        if (found_at == names.end()) refuse(i, "one of the " + std::to_string(names.size()) + " class names");
        return static_cast<std::int32_t>(found_at - names.begin());
    }

    void name_classes() {
        table_.class_names = options_.class_names;
        if (classes_.empty()) return;
        std::vector<std::int32_t> sorted(classes_.size());
        for (const auto& [text, appeared] : classes_) {
            sorted[static_cast<std::size_t>(appeared)] = static_cast<std::int32_t>(table_.class_names.size());
            table_.class_names.push_back(text);
        }
        for (std::int32_t& label : table_.labels) label = sorted[static_cast<std::size_t>(label)];
    }

    [[noreturn]] void refuse(std::size_t i, const std::string& wanted) const {
        const bool missing = options_.missing == csv_missing::refused && is_missing(text_of(i));
        throw error(lines_.place(i + 1), wanted,
                    found(text_of(i)) + (missing ? " (csv_options::missing says what becomes of it)" : ""));
    }

    std::string_view text_;
    const std::string& name_;
    const csv_options& options_;
    line_reader lines_;
    csv_table table_;
    std::size_t width_ = 0;
    bool trailing_ = false, names_lack_delimiter_ = false;
    std::vector<std::pair<std::size_t, std::size_t>> blank_;  // the line and how many fields it has
    std::optional<bool> texts_;                               // whether labels are texts, once one was seen
    std::map<std::string, std::int32_t> classes_;             // by text, in byte-wise order
};

}  // namespace csv_format

inline csv_table parse_csv(std::span<const std::byte> file, const std::string& name, const csv_options& options = {}) {
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    return csv_format::parser(text, name, options).parse();
}

inline csv_table read_csv(const std::filesystem::path& path, const csv_options& options = {}) {
    return parse_csv(detail::read_file(path), path.string(), options);
}

// `place` opens the message when a label is out of range or there are none.
inline dataset to_dataset(csv_table table, std::vector<std::string> class_names, const std::string& place) {
    if (table.labels.size() != table.rows)
        throw error(place, std::to_string(table.rows) + " labels, one a row", std::to_string(table.labels.size()));
    dataset data{std::move(table.values), std::move(table.labels), {1, 1, table.columns}, std::move(class_names)};
    data.check(place);
    return data;
}

// The classes are those of the table's texts.
inline dataset to_dataset(csv_table table, const std::string& place) {
    std::vector<std::string> names = table.class_names;
    if (names.empty()) throw error(place, "labels that are texts, or names for the classes", "none");
    return to_dataset(std::move(table), std::move(names), place);
}

}  // namespace tessera
