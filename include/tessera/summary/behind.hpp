// program_behind, network_behind: what a model, a trainer or a program was made of; a network is its own.
#pragma once

namespace tessera::detail {

template <class T> struct program_behind {
    using type = T;
};
template <class T>
    requires requires { typename T::program_type; }
struct program_behind<T> {
    using type = typename T::program_type;
};

template <class T> struct network_behind {
    using type = T;
};
template <class T>
    requires requires { typename T::network_type; }
struct network_behind<T> {
    using type = typename T::network_type;
};

}  // namespace tessera::detail
