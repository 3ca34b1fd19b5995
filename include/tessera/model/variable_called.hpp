// variable_called: the numbers of one parameter or state by its path; a path that is not there stops the program.
#pragma once
#include <span>
#include <tessera/error/names.hpp>
#include <tessera/ir/graph.hpp>

namespace tessera::detail {

// kind is "parameter" or "state"; `list` are the variables of `owner`, a graph or a network's table, that `numbers` hold
template <class Owner, class T>
constexpr std::span<T> variable_called(const char* kind, std::string_view path, const Owner& owner,
                                       const variable_info* list, int count, std::span<T> numbers) noexcept {
    const auto path_of = [&](int i) { return owner.path_of(list[i]); };
    const variable_info& v = list[place_of_name(kind, path, count, path_of)];
    return numbers.subspan(static_cast<std::size_t>(v.offset), static_cast<std::size_t>(v.shape.size()));
}

}  // namespace tessera::detail
