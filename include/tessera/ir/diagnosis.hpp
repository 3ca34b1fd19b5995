// diagnosis: how a mistake in a network or in a call reaches the reader. The first line of the compiler's message names
// this_network_does_not_fit<where<...>, layer<...>, expects<...>, found<...>, hint<...>>, or this_call_does_not_fit;
// after the layer comes operation<...> where one of those that the layer is made of found the mistake.
//
// Compilers cut long strings inside types, so a longer text is stored in pieces of whole words.
#pragma once
#include <tessera/ir/graph.hpp>
#include <utility>

namespace tessera {

namespace detail {

namespace fact {

template <fixed_text... Text> struct where;
template <fixed_text... Text> struct layer;
template <fixed_text... Text> struct operation;  // where one found the mistake
template <fixed_text... Text> struct expects;
template <fixed_text... Text> struct found;
template <fixed_text... Text> struct hint;

}  // namespace fact

template <class...> inline constexpr bool fits = false;

}  // namespace detail

template <class... Facts> struct this_network_does_not_fit {
    static_assert(detail::fits<Facts...>, "tessera: this network does not fit its input");
};
template <class... Facts> struct this_call_does_not_fit {
    static_assert(detail::fits<Facts...>, "tessera: this call does not fit the model");
};
namespace detail {

struct nothing_is_wrong {};

namespace diagnosis {

inline constexpr int piece = 34;

// where the pieces of a text begin: after a space, if there is one
struct cuts {
    int count = 0;
    int first[text::capacity] = {};

    static constexpr cuts of(const text& t) {
        cuts c;
        do {
            const int begin = c.first[c.count++];
            int end = begin + piece < t.length ? begin + piece : t.length;
            for (int i = end; end < t.length && i > begin; --i)
                if (t.letters[i - 1] == ' ') {
                    end = i;
                    break;
                }
            c.first[c.count] = end;
        } while (c.first[c.count] < t.length);
        return c;
    }
    constexpr int length(int i) const { return first[i + 1] - first[i]; }
};

// Clang shows letters only where the terminator is stored, so it is.
template <int Length> constexpr fixed_text<static_cast<std::size_t>(Length) + 1> cut(const text& t, int first) {
    fixed_text<static_cast<std::size_t>(Length) + 1> s;
    for (int i = 0; i < Length; ++i) s.letters[i] = t.letters[first + i];
    s.letters[Length] = 0;
    return s;
}

template <class Checked, text fault::* Part> inline constexpr cuts cuts_of = cuts::of(Checked::problem.*Part);

template <class Checked, template <fixed_text...> class Fact, text fault::* Part> constexpr auto stated() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::type_identity<Fact<cut<cuts_of<Checked, Part>.length(int(I))>(
            Checked::problem.*Part, cuts_of<Checked, Part>.first[I])...>>{};
    }(std::make_index_sequence<static_cast<std::size_t>(cuts_of<Checked, Part>.count)>{});
}

template <class Checked, template <fixed_text...> class Fact, text fault::* Part>
using fact_of = typename decltype(stated<Checked, Fact, Part>())::type;

// Report<facts...> of what has `failed` and a `problem`; Operation is the fact of one, or nothing
template <template <class...> class Report, class Checked, class... Operation>
using report_of = Report<fact_of<Checked, fact::where, &fault::where>, fact_of<Checked, fact::layer, &fault::layer>,
                         Operation..., fact_of<Checked, fact::expects, &fault::expected>,
                         fact_of<Checked, fact::found, &fault::found>, fact_of<Checked, fact::hint, &fault::hint>>;

template <template <class...> class Report, class Checked> constexpr auto verdict() {
    if constexpr (!Checked::failed)
        return std::type_identity<nothing_is_wrong>{};
    else if constexpr (Checked::problem.operation.empty())
        return std::type_identity<report_of<Report, Checked>>{};
    else
        return std::type_identity<report_of<Report, Checked, fact_of<Checked, fact::operation, &fault::operation>>>{};
}

// Never false: where something is wrong, the compiler stops at the Report.
template <template <class...> class Report, class Checked>
inline constexpr bool says_what_is_wrong = sizeof(typename decltype(verdict<Report, Checked>())::type) > 0;

}  // namespace diagnosis

}  // namespace detail

}  // namespace tessera
