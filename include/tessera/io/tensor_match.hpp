// tensor_match: finds for each tensor of a list its entry in a file, and says all that does not fit at once.
//
//   tensor_match match(file);
//   match.expect(name, shape);               or expect(name, shape, type): of this type, to be read back exactly
//   match.expect(name, shape, {}, note);     a note stands behind the name in the message
//   match.add_unfit(text);                   of anything else that does not fit
//   match.check(may_be_surplus);             throws, or everything is there
//
//   may_be_surplus(name)   whether an entry that nobody expects may be in the file
//
// Errors  tessera::error naming the file and the missing, surplus and unfit tensors; of the surplus, which may be any
//         number, the first hundred.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors/header_reader.hpp>
#include <tessera/io/safetensors/tensor_file.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

class tensor_match {
  public:
    explicit tensor_match(const tensor_file& file) : file_(file) {}

    void expect(const std::string& name, std::span<const std::int64_t> shape, std::optional<dtype> type = {},
                const std::string& note = {}) {
        expected_.insert(name);
        const tensor_entry* entry = file_.find(name);
        if (!entry) {
            const auto unread = std::ranges::find(file_.unread(), name, &unread_tensor::name);
            if (unread == file_.unread().end())
                missing_.push_back(detail::in_quotes(name) + note);
            else
                unfit_.push_back(detail::in_quotes(name) + note + " of dtype " + detail::in_quotes(unread->type));
        }
        if (entry && (!std::ranges::equal(entry->shape, shape) || (type && *type != entry->type)))
            unfit_.push_back(detail::in_quotes(name) + note + " " +
                             describe(entry->type, entry->shape, type.has_value()) + " for " +
                             describe(type.value_or(entry->type), shape, type.has_value()));
    }

    void add_unfit(std::string what) { unfit_.push_back(std::move(what)); }

    template <class MayBeSurplus> void check(MayBeSurplus may_be_surplus) const {
        std::vector<std::string> surplus;
        const auto check_name = [&](const std::string& name, const std::string& note) {
            if (!expected_.contains(name) && !may_be_surplus(std::string_view(name)))
                surplus.push_back(detail::in_quotes(name) + note);
        };
        for (const tensor_entry& entry : file_.entries()) check_name(entry.name, "");
        for (const unread_tensor& t : file_.unread()) check_name(t.name, " of dtype " + detail::in_quotes(t.type));
        const std::string found = listed("missing", missing_) + listed("surplus", surplus) + listed("unfit", unfit_);
        if (!found.empty())
            throw error(file_.name(), std::to_string(expected_.size()) + " tensors that fit the model",
                        found.substr(2));
    }

  private:
    static std::string describe(dtype type, std::span<const std::int64_t> shape, bool with_type) {
        return (with_type ? std::string(name_of(type)) + " " : std::string()) + shape_text(shape);
    }

    // "; 2 missing ('a', 'b')"
    static std::string listed(const std::string& what, const std::vector<std::string>& names) {
        if (names.empty()) return {};
        const std::size_t most = what == "surplus" ? 100 : names.size();
        std::string text = "; " + std::to_string(names.size()) + " " + what + " (";
        for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i > 0 ? ", " : "") + names[i];
        return text + (names.size() > most ? ", ...)" : ")");
    }

    const tensor_file& file_;
    std::set<std::string, std::less<>> expected_;
    std::vector<std::string> missing_, unfit_;
};

}  // namespace tessera::detail
