// named<"stage1">(f): a scope. Its name stands in parameter paths, and its output can be tapped.
// tied<"encoder">(f): every application under that key uses one set of parameters; their gradients add. The key belongs
// to the function around, unless one further out has opened it.
//
// Errors  compile time: a name or key that is empty or holds a dot, which stands between the names of a path.
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera {

template <fixed_text Name, class F> struct named_layer {
    using names_itself = void;
    using combines = void;
    static_assert(detail::is_name(Name.view()), "named<name>(f): a name has one letter or more, any but '.'");

    template <class X> constexpr auto operator()(const X& x) const {
        graph& g = detail::graph_of(x);
        const detail::scope_guard inside(g, Name.view(), detail::describe(F{}), !detail::combinator<F>);
        const auto y = detail::invoke(F{}, x);
        if constexpr (std::is_same_v<decltype(y), const value>)
            if (expects_path(g, g.path_length(g.scope_now))) g.taps.push_back({g.scope_now, y.id});
        return y;
    }
};

template <fixed_text Key, class F> struct tied_layer {
    using names_itself = void;
    using combines = void;
    static_assert(detail::is_name(Key.view()), "tied<key>(f): a key has one letter or more, any but '.'");

    template <class X> constexpr auto operator()(const X& x) const {
        const detail::scope_guard inside(detail::graph_of(x), Key.view(), detail::describe(F{}), !detail::combinator<F>,
                                         detail::scope_guard::naming::shared);
        return detail::invoke(F{}, x);
    }
};

template <fixed_text Name, detail::composable F> constexpr named_layer<Name, F> named(F) { return {}; }
template <fixed_text Key, detail::composable F> constexpr tied_layer<Key, F> tied(F) { return {}; }

}  // namespace tessera
