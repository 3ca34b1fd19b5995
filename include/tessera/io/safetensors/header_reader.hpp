// header_reader: the JSON header of a safetensors file, read strictly while it is parsed.
//
//   { "__metadata__": {"key": "value", ...},
//     "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ... }
//
// Anything else ends the parse at once, so the depth is at most three and memory stays proportional to the header.
// "__metadata__": null is no metadata. A dtype that the library does not know is kept as text.
// Checked here: structure, fields present once each, kinds of values, counts that are whole and not negative.
// Not checked here: duplicate tensors, and how offsets, shapes and the file's data fit together (parse_safetensors).
//
// Errors  tessera::error naming file, tensor, wanted and found.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors/dtype.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

struct header_record {
    std::string name;
    std::optional<std::string> type_name;
    std::optional<dtype> type;  // none where the library does not know it
    std::optional<std::vector<std::int64_t>> shape;
    std::optional<std::array<std::int64_t, 2>> offsets;
};

// A hostile name may be as long as the header.
inline std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 80;
    return "'" + std::string(text.substr(0, longest)) + (text.size() > longest ? "...'" : "'");
}

// The members other than records, metadata and the constructor are the callbacks that nlohmann::json::sax_parse wants.
class header_reader {
  public:
    static constexpr std::size_t largest_rank = 64;

    explicit header_reader(std::string file) : file_(std::move(file)) {}

    std::vector<header_record> records;
    std::map<std::string, std::string> metadata;

    bool null() {
        if (state_ != state::metadata_start) refuse("null");
        state_ = state::tensors;
        return true;
    }
    bool boolean(bool value) { refuse(value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { refuse(std::to_string(value)); }  // only numbers with a minus sign
    bool number_float(double, const std::string& text) { refuse(in_quotes(text)); }
    bool binary(nlohmann::json::binary_t&) { refuse("binary data"); }

    bool number_unsigned(std::uint64_t value) {
        if (state_ != state::numbers) refuse(std::to_string(value));
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) refuse(std::to_string(value));
        if (numbers_.size() == largest_rank) refuse("a longer list");
        numbers_.push_back(static_cast<std::int64_t>(value));
        return true;
    }

    bool string(std::string& text) {
        if (state_ == state::metadata_value) {
            if (!metadata.emplace(key_, std::move(text)).second) refuse_key("one value");
            state_ = state::metadata;
        } else if (state_ == state::dtype_value) {
            records.back().type = dtype_named(text);
            records.back().type_name = std::move(text);
            state_ = state::fields;
        } else {
            refuse(in_quotes(text));
        }
        return true;
    }

    bool key(std::string& text) {
        key_ = std::move(text);
        if (state_ == state::tensors) {
            if (key_ == "__metadata__") return start_metadata();
            records.push_back({key_, {}, {}, {}, {}});
            state_ = state::tensor_value;
        } else if (state_ == state::metadata) {
            state_ = state::metadata_value;
        } else {
            start_field();
        }
        return true;
    }

    bool start_object(std::size_t) {
        switch (state_) {
            case state::start: state_ = state::tensors; return true;
            case state::tensor_value: state_ = state::fields; return true;
            case state::metadata_start: state_ = state::metadata; return true;
            default: refuse("an object");
        }
    }

    bool end_object() {
        if (state_ == state::fields) require_all_fields();
        state_ = state_ == state::tensors ? state::done : state::tensors;
        return true;
    }

    bool start_array(std::size_t) {
        if (state_ != state::list_start) refuse("a list");
        numbers_.clear();
        state_ = state::numbers;
        return true;
    }

    bool end_array() {
        header_record& record = records.back();
        if (key_ == "data_offsets" && numbers_.size() != 2) refuse(std::to_string(numbers_.size()) + " numbers");
        if (key_ == "shape")
            record.shape = numbers_;
        else
            record.offsets = {numbers_[0], numbers_[1]};
        state_ = state::fields;
        return true;
    }

    bool parse_error(std::size_t position, const std::string& token, const std::exception&) {
        // Eight bytes of length stand before the header; the parser counts from one.
        throw error(file_ + ": byte " + std::to_string(position + 7), "a header in JSON", in_quotes(token));
    }

  private:
    enum class state {
        start,
        tensors,
        tensor_value,
        fields,
        dtype_value,
        list_start,
        numbers,
        metadata_start,
        metadata,
        metadata_value,
        done
    };

    bool start_metadata() {
        if (has_metadata_) refuse_key("one value");
        has_metadata_ = true;
        state_ = state::metadata_start;
        return true;
    }

    void start_field() {
        const header_record& record = records.back();
        const bool is_type = key_ == "dtype", is_shape = key_ == "shape", is_offsets = key_ == "data_offsets";
        if (!is_type && !is_shape && !is_offsets) throw error(place(), expectation(), "field " + in_quotes(key_));
        if ((is_type && record.type_name) || (is_shape && record.shape) || (is_offsets && record.offsets)) {
            refuse_key("one value");
        }
        state_ = is_type ? state::dtype_value : state::list_start;
    }

    void require_all_fields() const {
        const header_record& record = records.back();
        if (!record.type_name) throw error(place(), "a dtype", "none");
        if (!record.shape) throw error(place(), "a shape", "none");
        if (!record.offsets) throw error(place(), "data_offsets", "none");
    }

    std::string place() const {
        if (state_ == state::start || state_ == state::tensors || state_ == state::done) return file_ + ": header";
        if (state_ == state::metadata || state_ == state::metadata_start || state_ == state::metadata_value) {
            return file_ + ": __metadata__";
        }
        return file_ + ": tensor " + in_quotes(records.back().name);
    }

    std::string expectation() const {
        switch (state_) {
            case state::start: return "an object";
            case state::tensor_value: return "an object with dtype, shape and data_offsets";
            case state::fields: return "dtype, shape and data_offsets";
            case state::dtype_value: return "a dtype, a string";
            case state::list_start: return key_ + ", a list";
            case state::numbers:
                return key_ == "shape" ? "a shape of at most 64 whole numbers below 2^63" : "two offsets below 2^63";
            case state::metadata_start: return "an object of strings";
            case state::metadata_value: return "a string for " + in_quotes(key_);
            default: return "tensors";
        }
    }

    [[noreturn]] void refuse(const std::string& found) const { throw error(place(), expectation(), found); }
    [[noreturn]] void refuse_key(const std::string& wanted) const {
        throw error(place(), wanted + " for " + in_quotes(key_), "two");
    }

    std::string file_;
    state state_ = state::start;
    std::string key_;
    std::vector<std::int64_t> numbers_;
    bool has_metadata_ = false;
};

}  // namespace tessera::detail
