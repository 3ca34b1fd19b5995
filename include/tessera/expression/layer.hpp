// layer: what can stand in an expression, and how an application gets its path.
//
// Any stateless callable from value to value is a layer. A layer of the library derives from layer_base and
// writes `apply`; called by a user's function it opens a scope of its own name (dense, dense_1, ...), called by
// a combinator it lives in the scope that the combinator opened for it (0, 1, ...).
#pragma once
#include <tessera/ir/values.hpp>
#include <type_traits>

namespace tessera {

namespace detail {

constexpr graph& graph_of(value v) { return *v.owner; }
constexpr graph& graph_of(const values& v) { return *v.list[0].owner; }

// A layer of the library; one that names its own scope; one that hands on whatever it is given.
template <class F>
concept scoped_layer = requires { typename F::opens_a_scope; };
template <class F>
concept self_named = requires { typename F::names_itself; };
template <class F>
concept transparent = requires { typename F::takes_anything; };
// One that applies other layers, which stand in the same expression. Any other is a function, in which keys of tied<>
// are its own.
template <class F>
concept combinator = requires { typename F::combines; };

// What may stand in an expression. The library's own are known by their marks: to look into a long chain at
// every >> would cost quadratic time.
template <class F>
concept composable =
    std::is_empty_v<F> &&
    (scoped_layer<F> || self_named<F> || std::is_invocable_v<const F&, value> ||
     std::is_invocable_v<const F&, values> || std::is_invocable_v<const F&, value, value> ||
     std::is_invocable_v<const F&, value, value, value> || std::is_invocable_v<const F&, value, value, value, value>);

// --- scopes

constexpr scope& scope_at(graph& g, int s) { return g.scopes[static_cast<std::size_t>(s)]; }

constexpr unsigned key_of(std::string_view name) {
    unsigned key = 0;
    for (char c : name) key = key * 31u + static_cast<unsigned char>(c);
    return key;
}

// the child of that name; not `again`: one that was not entered since its parent was, as below tied<>
constexpr int find_scope(const graph& g, int parent, std::string_view name, bool again) {
    const scope* const scopes = g.scopes.data();
    const unsigned key = key_of(name);
    for (int s = scopes[parent].last_child; s >= 0; s = scopes[s].sibling)
        if (scopes[s].key == key && scopes[s].name.view() == name &&
            (again || (!scopes[s].keyed && scopes[s].entered_at != scopes[parent].visits)))
            return s;
    return -1;
}

// Where a key of tied<> belongs: the innermost function around that has opened it, else the innermost function.
constexpr int owner_of_key(const graph& g, std::string_view key) {
    int innermost = -1;
    for (int s = g.scope_now; s >= 0; s = g.scopes[static_cast<std::size_t>(s)].parent) {
        if (!g.scopes[static_cast<std::size_t>(s)].function) continue;
        if (innermost < 0) innermost = s;
        const int found = find_scope(g, s, key, true);
        if (found >= 0 && g.scopes[static_cast<std::size_t>(found)].keyed) return s;
    }
    return innermost;
}

// Whether a name is free for what is to be entered: a key is no name of another scope of the same function, and one
// that functions inside have opened for themselves is not opened further out after them.
constexpr void expects_own_name(graph& g, int parent, std::string_view name, bool keyed, int found) {
    if (g.failed) return;
    const text quoted = text("'") + name + std::string_view("'");
    if (found >= 0) {
        if (g.scopes[static_cast<std::size_t>(found)].keyed != keyed)
            reject(g, text("a key of tied<> that names nothing else"), quoted + std::string_view(" twice"));
        return;
    }
    if (!keyed) return;
    for (std::size_t s = 1; s < g.scopes.size(); ++s) {
        if (!g.scopes[s].keyed || !(g.scopes[s].name.view() == name)) continue;
        int above = g.scopes[s].parent;
        while (above > parent) above = g.scopes[static_cast<std::size_t>(above)].parent;
        if (above == parent)
            reject(g, text("key ") + quoted + std::string_view(" opened further out first"),
                   text("one in ") + place_of(g, g.scopes[s].parent), text("another key, if they are not to share"));
    }
}

class scope_guard {
  public:
    enum class naming : std::uint8_t { numbered, fixed, shared };  // dense_1; stage1; a key of tied<>

    constexpr scope_guard(graph& g, std::string_view name, text layer, bool function, naming how = naming::fixed)
        : graph_(g), before_(g.scope_now) {
        const bool keyed = how == naming::shared;
        const int parent = keyed ? owner_of_key(g, name) : before_;
        const bool again = how != naming::numbered;
        int s = -1;
        text candidate(name);
        for (int k = 0;; candidate = text(name) + std::string_view("_") + ++k) {
            s = find_scope(g, parent, candidate.view(), again);
            if (again || s >= 0 || find_scope(g, parent, candidate.view(), true) < 0) break;
        }
        if (how != naming::numbered) expects_own_name(g, parent, name, keyed, s);
        if (s < 0) {
            s = static_cast<int>(g.scopes.size());
            scope fresh;
            fresh.parent = parent;
            fresh.name = candidate;
            fresh.key = key_of(candidate.view());
            fresh.layer = layer;
            fresh.shared = keyed || scope_at(g, parent).shared;
            fresh.keyed = keyed;
            fresh.function = function;
            fresh.sibling = scope_at(g, parent).last_child;
            fresh.first_variable[0] = static_cast<int>(g.parameters.size());
            fresh.first_variable[1] = static_cast<int>(g.states.size());
            scope_at(g, parent).last_child = s;
            g.scopes.push_back(fresh);
        } else {
            ++scope_at(g, s).visits;
        }
        scope_at(g, s).entered_at = scope_at(g, parent).visits;
        g.scope_now = s;
    }
    constexpr ~scope_guard() { graph_.scope_now = before_; }
    scope_guard(const scope_guard&) = delete;
    scope_guard& operator=(const scope_guard&) = delete;

  private:
    graph& graph_;
    int before_;
};

// --- calls

// a layer as the user wrote it, with its numbers
constexpr text written(std::string_view name, std::initializer_list<int> numbers) {
    text t(name);
    std::string_view before = "<";
    for (int n : numbers) {
        t = t + before + n;
        before = ", ";
    }
    return t + std::string_view(numbers.size() == 0 ? "" : ">");
}

template <class F> constexpr text describe(const F& f) {
    if constexpr (requires { f.describe(); })
        return f.describe();
    else if constexpr (requires { F::name; })
        return text(F::name);
    else
        return {};
}

}  // namespace detail

template <class Derived> struct layer_base {
    using opens_a_scope = void;

    template <class... V>
        requires requires(const Derived& d, V... x) { d.apply(x...); }
    constexpr auto operator()(V... x) const {
        const auto& self = static_cast<const Derived&>(*this);
        const detail::scope_guard inside(first_graph(x...), Derived::name, tessera::detail::describe(self),
                                         !detail::combinator<Derived>, detail::scope_guard::naming::numbered);
        return self.apply(x...);
    }

  private:
    template <class First, class... Rest> static constexpr graph& first_graph(const First& first, const Rest&...) {
        return detail::graph_of(first);
    }
};

namespace detail {

// f that takes as many values as are marked, given another number of them
constexpr value refuse_count(const values& x, const bool (&takes)[4]) {
    text wanted;
    for (int i = 0; i < 4; ++i)
        if (takes[i]) wanted = wanted + std::string_view(wanted.empty() ? "" : " or ") + (i + 1);
    return reject(graph_of(x), wanted + std::string_view(wanted == text("1") ? " value" : " values"),
                  text("") + x.count, text("parallel takes a list element by element"));
}

// what a function returns, of values that operations have made
constexpr value made(graph& g, const value& y) {
    return y.owner != nullptr
               ? y
               : reject(g, text("a layer that returns what an operation made"), text("value{}, which none has made"));
}
constexpr values made(graph& g, values y) {
    if (y.count == 0) return {reject(g, text("a layer that returns 1 to 8 values"), text("an empty list"))};
    for (int i = 0; i < y.count; ++i) y.list[i] = made(g, y.list[i]);
    return y;
}

template <class T> inline constexpr bool is_result = std::is_same_v<T, value> || std::is_same_v<T, values>;

// f(x), where f may want several values as one list or one by one
template <class F, class X> constexpr auto invoke(const F& f, const X& x) {
    const auto go = [&](const auto&... v) {
        if constexpr (scoped_layer<F> && !self_named<F>)
            return made(graph_of(x), f.apply(v...));
        else if constexpr (is_result<decltype(f(v...))>)
            return made(graph_of(x), f(v...));
        else
            return reject(
                graph_of(x), "a layer that returns a value, or values",
                std::is_void_v<decltype(f(v...))> ? "one that returns nothing" : "one that returns another type",
                text());
    };
    if constexpr (transparent<F> || self_named<F>) {
        return go(x);
    } else if constexpr (std::is_same_v<X, value>) {
        if constexpr (std::is_invocable_v<const F&, value>)
            return go(x);
        else if constexpr (std::is_invocable_v<const F&, values>)
            return go(values{x});
        else
            return invoke(f, values{x});
    } else if constexpr (std::is_invocable_v<const F&, values>) {
        return go(x);
    } else {
        // one by one
        constexpr bool takes[] = {std::is_invocable_v<const F&, value>, std::is_invocable_v<const F&, value, value>,
                                  std::is_invocable_v<const F&, value, value, value>,
                                  std::is_invocable_v<const F&, value, value, value, value>};
        if constexpr (takes[3])
            if (x.count == 4) return go(x[0], x[1], x[2], x[3]);
        if constexpr (takes[2])
            if (x.count == 3) return go(x[0], x[1], x[2]);
        if constexpr (takes[1])
            if (x.count == 2) return go(x[0], x[1]);
        if constexpr (takes[0])
            if (x.count == 1) return go(x[0]);
        const auto refused = [&](auto... v) { return decltype(go(v...)){refuse_count(x, takes)}; };
        if constexpr (takes[0])
            return refused(x[0]);
        else if constexpr (takes[1])
            return refused(x[0], x[0]);
        else if constexpr (takes[2])
            return refused(x[0], x[0], x[0]);
        else
            return refused(x[0], x[0], x[0], x[0]);
    }
}

// the one value that a combinator takes of the part of that number
constexpr value only(value y, int) { return y; }
constexpr value only(const values& y, int part) {
    if (y.count == 1) return y[0];
    return reject(graph_of(y), text("one value from each part"),
                  text("") + y.count + std::string_view(" from part ") + part,
                  text("a sum or a function makes one of a list"));
}

// a combinator calls its parts through this: each lives in a scope of the given name
template <class F, class X> constexpr auto call_in(std::string_view name, const F& f, const X& x) {
    if constexpr (self_named<F>) {
        return invoke(f, x);
    } else {
        const scope_guard inside(graph_of(x), name, describe(f), !combinator<F>);
        return invoke(f, x);
    }
}
template <class F, class X> constexpr auto call_in(int index, const F& f, const X& x) {
    return call_in((text("") + index).view(), f, x);
}

}  // namespace detail

}  // namespace tessera
