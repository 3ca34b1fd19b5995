// diagnosis: how a mistake in a network reaches the reader. The first line of the compiler's message names
// this_network_does_not_fit<where<...>, layer<...>, expects<...>, found<...>, hint<...>>.
//
// Compilers cut long strings inside types, so a longer text is stored in pieces.
#pragma once
#include <tessera/ir/graph.hpp>
#include <utility>

namespace tessera {

namespace fact {

template <fixed_text... Text>
struct where;
template <fixed_text... Text>
struct layer;
template <fixed_text... Text>
struct expects;
template <fixed_text... Text>
struct found;
template <fixed_text... Text>
struct hint;

}  // namespace fact

template <class...>
inline constexpr bool fits = false;

template <class... Facts>
struct this_network_does_not_fit {
    static_assert(fits<Facts...>, "tessera: this network does not fit its input");
};
struct this_network_fits {};

namespace diagnosis {

inline constexpr int piece = 34;

template <int Length>
constexpr fixed_text<static_cast<std::size_t>(Length) + 1> cut(const text& t, int first) {
    fixed_text<static_cast<std::size_t>(Length) + 1> s;
    for (int i = 0; i < Length; ++i) s.letters[i] = t.letters[first + i];
    return s;
}

template <class Net, template <fixed_text...> class Fact, text fault::* Part>
constexpr auto stated() {
    constexpr int length = (Net::problem.*Part).length, pieces = length <= piece ? 1 : (length + piece - 1) / piece;
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::type_identity<
            Fact<cut<(length - int(I) * piece < piece ? length - int(I) * piece : piece)>(Net::problem.*Part,
                                                                                         int(I) * piece)...>>{};
    }(std::make_index_sequence<static_cast<std::size_t>(pieces)>{});
}

template <class Net>
constexpr auto verdict() {
    if constexpr (Net::failed)
        return std::type_identity<this_network_does_not_fit<
            typename decltype(stated<Net, fact::where, &fault::where>())::type,
            typename decltype(stated<Net, fact::layer, &fault::layer>())::type,
            typename decltype(stated<Net, fact::expects, &fault::expected>())::type,
            typename decltype(stated<Net, fact::found, &fault::found>())::type,
            typename decltype(stated<Net, fact::hint, &fault::hint>())::type>>{};
    else
        return std::type_identity<this_network_fits>{};
}

}  // namespace diagnosis

}  // namespace tessera
