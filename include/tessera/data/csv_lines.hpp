// csv_lines: text cut into lines of fields, as csv.hpp describes them.
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera::csv_format {

struct field {
    std::string text;
    bool quoted = false;
};

inline std::string shown(std::string_view text) {
    return text.size() <= 40 ? std::string(text) : std::string(text.substr(0, 40)) + "...";
}
inline std::string found(std::string_view text) { return text.empty() ? "nothing" : "'" + shown(text) + "'"; }

// Text cut into lines of fields. Their memory is kept from line to line.
class line_reader {
  public:
    line_reader(std::string_view text, const std::string& name, char delimiter)
        : rest_(text), name_(&name), delimiter_(delimiter) {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    }

    std::vector<field> fields;
    std::size_t count = 0;  // of fields in use
    std::size_t line = 0;   // where they start

    // False at the end.
    bool next() {
        if (rest_.empty()) return false;
        line = next_line_;
        count = 0;
        for (bool more = true; more; ++count) {
            if (count == fields.size()) fields.emplace_back();
            more = take_field(fields[count]);
        }
        return true;
    }

    bool is_blank() const {
        return std::all_of(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(count),
                           [](const field& f) { return f.text.empty() && !f.quoted; });
    }
    bool ends_with_delimiter() const {
        return count > 1 && fields[count - 1].text.empty() && !fields[count - 1].quoted;
    }
    std::string place() const { return *name_ + ", line " + std::to_string(line); }
    std::string place(std::size_t column) const { return place() + ", column " + std::to_string(column); }

  private:
    // Moves one field from the text; false when it was the last one of its line.
    bool take_field(field& f) {
        f.text.clear();
        skip_blanks();
        f.quoted = rest_.starts_with('"');
        if (f.quoted) {
            take_quoted(f.text);
            skip_blanks();
            if (!rest_.empty() && !at_line_end() && rest_.front() != delimiter_)
                throw error(place(count + 1), "a delimiter after the quoted field",
                            "'" + shown(rest_.substr(0, rest_.find_first_of("\r\n"))) + "'");
        } else {
            std::size_t end = 0;
            while (end < rest_.size() && rest_[end] != delimiter_ && rest_[end] != '\n') ++end;
            const bool last = end == rest_.size() || rest_[end] == '\n';
            if (last && end > 0 && rest_[end - 1] == '\r') --end;
            f.text = trimmed(rest_.substr(0, end));
            rest_.remove_prefix(end);
        }
        if (at_line_end() && rest_.front() == '\r') rest_.remove_prefix(1);
        if (rest_.empty()) return false;
        const bool more = rest_.front() == delimiter_;
        if (!more) ++next_line_;
        rest_.remove_prefix(1);
        return more;
    }

    void take_quoted(std::string& text) {
        for (rest_.remove_prefix(1);; rest_.remove_prefix(1)) {
            const std::size_t quote = rest_.find('"');
            if (quote == std::string_view::npos)
                throw error(place(count + 1), "a closing quote", "the end of the file");
            const std::string_view inside = rest_.substr(0, quote);
            text += inside;
            next_line_ += static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '\n'));
            rest_.remove_prefix(quote + 1);
            if (!rest_.starts_with('"')) return;
            text += '"';
        }
    }

    bool at_line_end() const { return rest_.starts_with('\n') || rest_.starts_with("\r\n") || rest_ == "\r"; }
    // Space and tab, unless they are the delimiter.
    bool blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter_; }
    void skip_blanks() {
        while (!rest_.empty() && blank(rest_.front())) rest_.remove_prefix(1);
    }
    std::string_view trimmed(std::string_view text) const {
        while (!text.empty() && blank(text.back())) text.remove_suffix(1);
        return text;
    }

    std::string_view rest_;
    const std::string* name_;
    char delimiter_;
    std::size_t next_line_ = 1;
};

}  // namespace tessera::csv_format
