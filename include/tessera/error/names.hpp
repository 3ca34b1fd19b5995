// names: what is asked for by name is there, or the program stops with those that are most like it.
//
//   place_of_name(kind, wanted, count, name_of)   the place in a list of `count` names, name_of(i)
//   names_near(wanted, count, name_of)            at most three of them, the nearest first
#pragma once
#include <tessera/error/contract.hpp>

namespace tessera::detail {

// how many letters must be changed, added or left out
constexpr int distance_of_names(std::string_view a, std::string_view b) {
    int row[text::capacity + 1] = {};
    const std::size_t most = text::capacity;
    a = a.substr(0, most);
    b = b.substr(0, most);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            const int other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = changed < other ? changed : other;
        }
    }
    return row[b.size()];
}

struct near_names {
    static constexpr int most = 3;
    text of[most];
    int distance[most] = {};
    int count = 0;

    constexpr text list() const {
        text t;
        for (int i = 0; i < count; ++i) t.add_item(of[i].view());
        return t;
    }
};

template <class NameOf> constexpr near_names names_near(std::string_view wanted, int count, NameOf name_of) {
    near_names near;
    for (int i = 0; i < count; ++i) {
        const text name = name_of(i);
        if (name.empty()) continue;
        const int d = distance_of_names(wanted, name.view());
        int at = near.count;
        while (at > 0 && d < near.distance[at - 1]) --at;
        if (at == near_names::most) continue;
        if (near.count < near_names::most) ++near.count;
        for (int k = near.count - 1; k > at; --k) {
            near.of[k] = near.of[k - 1];
            near.distance[k] = near.distance[k - 1];
        }
        near.of[at] = name;
        near.distance[at] = d;
    }
    return near;
}

// says so and stops
[[noreturn]] inline void stop_without(const char* kind, std::string_view wanted, const near_names& near) noexcept {
    message place, like;
    place << kind << " '" << wanted << "'";
    for (int i = 0; i < near.count; ++i) like << (i > 0 ? ", '" : "one like '") << near.of[i].view() << "'";
    if (near.count > 0) violate({place.letters, like.letters, "no such name"});
    violate({place.letters, "none, as the network has none", "one"});
}

template <class NameOf>
constexpr int place_of_name(const char* kind, std::string_view wanted, int count, NameOf name_of) noexcept {
    for (int i = 0; i < count; ++i)
        if (name_of(i).view() == wanted) return i;
    stop_without(kind, wanted, names_near(wanted, count, name_of));
}

}  // namespace tessera::detail
