// name_rule: what a file calls a variable of the model, and the order of axes that it has it in.
//
//     load(net, file, {.layout = weight_layout::tessera,
//                      .map = {{"encoder.*.kernel", "stem.*.weight", {2, 0, 1}}, {"encoder.*", "stem.*"}}});
//
//   file    a pattern of names in the file: each * is what the star of the same number stands for in
//   model   a pattern of paths of the model; * stands for any letters, dots among them, or none, and an earlier star for
//           as few as it can
//   axes    axis k of the variable is axis axes[k] of the file's tensor; none: they are the same
//
// The first rule whose model pattern is that of a path counts; a path without a rule has its own name in the file.
// Several variables may be of one tensor.
//
// from, to   the part of the file that is read, and the part of the model that it is for: "backbone" is all that is below
//            it. Names in rules, and of what has no rule, are those within the parts. What is outside is not looked at,
//            and stays.
//
// Errors  tessera::error: patterns with another number of stars, axes that are no permutation. A rule that no variable
//         has is listed with all else that does not fit.
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors/header_reader.hpp>
#include <tessera/network/path_pattern.hpp>
#include <utility>
#include <vector>

namespace tessera {

struct name_rule {
    std::string file, model;
    std::vector<int> axes{};
};

namespace detail {

inline std::string rule_text(const name_rule& rule) { return in_quotes(rule.file) + " for " + in_quotes(rule.model); }

// where a file has what a layout calls by a path
class file_names {
  public:
    struct place {
        std::string name;
        std::vector<int> axes{};
        std::optional<std::size_t> rule{};
    };

    file_names() = default;
    file_names(std::vector<name_rule> rules, const std::string& from, const std::string& to)
        : rules_(std::move(rules)), from_(below(from)), to_(below(to)) {
        for (const name_rule& rule : rules_) require_sense(rule);
    }

    // whether a variable of this path is of the part that is loaded, and a tensor of this name of the part that is read
    bool wants(std::string_view path) const { return path.starts_with(to_); }
    bool reads(std::string_view name) const { return name.starts_with(from_); }
    const std::vector<name_rule>& rules() const { return rules_; }

    // of a path that is wanted
    place of(std::string_view path) const {
        const std::string_view within = path.substr(to_.size());
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            std::vector<std::string_view> letters(stars(rules_[i].model));
            if (!matches_path(rules_[i].model, within, letters.data())) continue;
            std::string name = from_;
            std::size_t star = 0;
            for (const char c : rules_[i].file)
                if (c == '*')
                    name += letters[star++];
                else
                    name += c;
            return {std::move(name), rules_[i].axes, i};
        }
        return {from_ + std::string(within)};
    }

  private:
    static std::string below(const std::string& part) { return part.empty() ? part : part + "."; }
    static std::size_t stars(const std::string& pattern) {
        return static_cast<std::size_t>(std::ranges::count(pattern, '*'));
    }
    static void require_sense(const name_rule& rule) {
        if (stars(rule.file) != stars(rule.model))
            throw error("load: map, " + rule_text(rule), "as many * in both",
                        std::to_string(stars(rule.file)) + " and " + std::to_string(stars(rule.model)));
        for (std::size_t k = 0; k < rule.axes.size(); ++k)
            if (std::ranges::find(rule.axes, static_cast<int>(k)) == rule.axes.end())
                throw error("load: map, " + rule_text(rule),
                            "axes 0 to " + std::to_string(rule.axes.size() - 1) + ", each once",
                            "no " + std::to_string(k));
    }

    std::vector<name_rule> rules_;
    std::string from_, to_;  // with the dot
};

}  // namespace detail

}  // namespace tessera
