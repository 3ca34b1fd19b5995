// Patterns of paths: `*` stands for any letters, dots among them, or for none.
//
//   matches_path(pattern, path)          the whole path is of that pattern; an earlier star takes as little as it can
//   matches_path(pattern, path, letters) the same, and what each star stands for, into an array of as many
//   covers_path(pattern, path)           the path is, or stands below one that is: "stage1" covers "stage1.conv.weight"
//   paths_like(pattern, table)           the nearest to a pattern of the paths of a table's parameters and those above
#pragma once
#include <cstddef>
#include <string_view>
#include <tessera/error/names.hpp>

namespace tessera::detail {

constexpr bool matches_path(std::string_view pattern, std::string_view path, std::string_view* letters = nullptr) {
    constexpr auto none = std::string_view::npos;
    std::size_t at = 0, star = none, begin = 0, end = 0;  // the last star, and what it stands for so far
    int stars = 0;
    const auto note = [&] {
        if (letters) letters[stars - 1] = path.substr(begin, end - begin);
    };
    for (std::size_t i = 0; i < path.size();) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            begin = end = i;
            ++stars;
            note();
        } else if (at < pattern.size() && pattern[at] == path[i]) {
            ++at;
            ++i;
        } else if (star != none) {
            at = star + 1;
            i = ++end;
            note();
        } else {
            return false;
        }
    }
    for (; at < pattern.size() && pattern[at] == '*'; ++at)
        if (letters) letters[stars++] = {};
    return at == pattern.size();
}

constexpr bool covers_path(std::string_view pattern, std::string_view path) {
    for (std::size_t end = 0; end < path.size(); ++end)
        if (path[end] == '.' && matches_path(pattern, path.substr(0, end))) return true;
    return matches_path(pattern, path);
}

// The path at the i-th depth, or the whole one; empty where the path before has it too.
constexpr text path_above(std::string_view path, std::string_view before, int depth) {
    std::size_t end = path.find('.');
    for (; depth > 0 && end != std::string_view::npos; --depth) end = path.find('.', end + 1);
    if (depth > 0) return {};
    const std::string_view part = path.substr(0, end);
    const bool again =
        before.substr(0, part.size()) == part && (before.size() == part.size() || before[part.size()] == '.');
    return again ? text() : text(part);
}

template <class Table> constexpr text paths_like(std::string_view pattern, const Table& table, int count) {
    constexpr int deepest = 8;
    const auto path = [&](int i) {
        return i < 0 ? text() : table.path_of(table.parameters[static_cast<std::size_t>(i)]);
    };
    return names_near(
               pattern, count * deepest,
               [&](int i) { return path_above(path(i / deepest).view(), path(i / deepest - 1).view(), i % deepest); })
        .list();
}

}  // namespace tessera::detail
