// npy_header: the header of a .npy file, versions 1 to 3.
//
//   bytes 0..5   0x93 "NUMPY"
//   bytes 6, 7   version, major and minor
//   then         length of the text: u16 (version 1) or u32 (2, 3), little endian
//   then         {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } and white space
//
// The order of the bytes of an element is little endian (<), big endian (>) or that of the machine (=, or no sign).
// Python 2's long integers, (3L, 4L), are read.
//
// parse_npy_header reads it, npy_header::write appends it, padded so that the data start at a multiple of 64.
//
// Errors  anything else, and element types other than those of npy_type: tessera::error with file and byte offset.
#pragma once
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/npy_type.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera {

namespace detail {

struct npy_header {
    npy_type type = npy_type::f32;
    bool fortran_order = false;
    std::vector<std::size_t> extents;
    std::endian order = std::endian::little;  // of a file that is read; what is written is little endian

    static constexpr std::string_view magic{"\x93NUMPY", 6};
    static constexpr std::size_t longest_rank = 64;

    std::string shape() const {
        std::string text = "(";
        for (std::size_t axis = 0; axis < extents.size(); ++axis)
            text += (axis ? ", " : "") + std::to_string(extents[axis]);
        return text + (extents.size() == 1 ? ",)" : ")");
    }

    std::string write() const {
        std::string text = "{'descr': '" + std::string(facts_of(type).descr) +
                           "', 'fortran_order': " + (fortran_order ? "True" : "False") + ", 'shape': " + shape() +
                           ", }";
        const std::size_t fixed = magic.size() + 4;
        text.append(63 - (fixed + text.size()) % 64, ' ');
        text += '\n';
        const auto byte = [](std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value & 0xFF)); };
        return std::string(magic) + '\1' + '\0' + byte(text.size()) + byte(text.size() >> 8) + text;
    }
};

namespace npy_format {

// The Python literal of the header, read left to right; `origin` is the offset of its first byte in the file.
class header_text {
  public:
    header_text(std::string_view text, std::string name, std::size_t origin)
        : text_(text), name_(std::move(name)), origin_(origin) {}

    npy_header parse() {
        npy_header header;
        bool descr = false, order = false, shape = false;
        expect('{');
        while (peek() != '}') {
            const std::size_t start = at_;
            const std::string_view key = quoted("a key");
            expect(':');
            if (key == "descr" && !std::exchange(descr, true))
                element_type(header);
            else if (key == "fortran_order" && !std::exchange(order, true))
                header.fortran_order = truth();
            else if (key == "shape" && !std::exchange(shape, true))
                header.extents = tuple();
            else
                fail(start, "the keys descr, fortran_order and shape, each once", "'" + std::string(key) + "'");
            if (peek() == ',')
                ++at_;
            else
                break;
        }
        expect('}');
        peek();
        if (at_ < text_.size()) fail(at_, "the end of the header", found());
        if (!descr || !order || !shape)
            fail(0, "the keys descr, fortran_order and shape", "a header without one of them");
        return header;
    }

  private:
    // The next character that is not white space, or NUL at the end.
    char peek() {
        while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) ++at_;
        return at_ < text_.size() ? text_[at_] : '\0';
    }

    void expect(char wanted) {
        if (peek() != wanted || at_ == text_.size()) fail(at_, std::string("'") + wanted + "'", found());
        ++at_;
    }

    std::string_view quoted(std::string_view what) {
        const char quote = peek();
        if (quote != '\'' && quote != '"') fail(at_, std::string(what) + " in quotes", found());
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) fail(at_, "a closing quote", "none");
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return inside;
    }

    void element_type(npy_header& header) {
        if (peek() == '[') fail(at_, "a plain element type", "a structured one");
        const std::size_t start = at_;
        const std::string_view descr = quoted("an element type");
        const bool has_sign = descr.find_first_of("<>=|") == 0;
        const char sign = has_sign ? descr[0] : '=';
        for (const npy_type_facts& facts : npy_types) {
            if (descr.substr(has_sign ? 1 : 0) != facts.descr.substr(1)) continue;
            if (sign == '|' && facts.bytes > 1) break;
            header.type = facts.type;
            header.order = sign == '>' ? std::endian::big : sign == '<' ? std::endian::little : std::endian::native;
            return;
        }
        fail(start, "an element type among b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8", "'" + std::string(descr) + "'");
    }

    bool truth() {
        peek();
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("True")) return at_ += 4, true;
        if (rest.starts_with("False")) return at_ += 5, false;
        fail(at_, "True or False", found());
    }

    std::vector<std::size_t> tuple() {
        std::vector<std::size_t> extents;
        const std::size_t start = at_;
        bool comma = true;
        expect('(');
        while (peek() != ')') {
            if (!comma) fail(at_, "',' or ')'", found());
            if (extents.size() == npy_header::longest_rank) fail(at_, "at most 64 dimensions", "more");
            extents.push_back(number());
            comma = peek() == ',';
            if (comma) ++at_;
        }
        expect(')');
        if (extents.size() == 1 && !comma) fail(start, "a tuple", "a number in brackets");
        return extents;
    }

    std::size_t number() {
        std::uint64_t value = 0;
        const char* const first = text_.data() + at_;
        const auto [end, status] = std::from_chars(first, text_.data() + text_.size(), value);
        if (status != std::errc{}) fail(at_, "an extent", found());
        at_ += static_cast<std::size_t>(end - first);
        if (at_ < text_.size() && text_[at_] == 'L') ++at_;
        return static_cast<std::size_t>(value);
    }

    std::string found() const {
        if (at_ == text_.size()) return "the end of the header";
        std::string rest(text_.substr(at_, 16));
        std::ranges::replace(rest, '\0', '?');  // a message ends at a NUL
        return "'" + rest + "'";
    }

    [[noreturn]] void fail(std::size_t at, const std::string& wanted, const std::string& found) const {
        throw error(name_ + ", byte " + std::to_string(origin_ + at), wanted, found);
    }

    std::string_view text_;
    std::string name_;
    std::size_t origin_;
    std::size_t at_ = 0;
};

}  // namespace npy_format

}  // namespace detail

inline detail::npy_header parse_npy_header(detail::byte_reader& reader) {
    const std::string_view magic = reader.take_text(detail::npy_header::magic.size(), "the magic text of a .npy file");
    if (magic != detail::npy_header::magic) throw error(reader.place(0), "the magic text \\x93NUMPY", "other bytes");
    const auto version = reader.read<std::uint8_t>("a version");
    reader.read<std::uint8_t>("a minor version");
    if (version < 1 || version > 3) throw error(reader.place(6), "version 1, 2 or 3", std::to_string(version));
    const std::size_t length = version == 1 ? reader.read<std::uint16_t>("the length of the header")
                                            : reader.read<std::uint32_t>("the length of the header");
    const std::size_t start = reader.offset();
    return detail::npy_format::header_text(reader.take_text(length, "the header"), reader.name(), start).parse();
}

}  // namespace tessera
