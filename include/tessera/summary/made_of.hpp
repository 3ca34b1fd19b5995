// its_program, its_network: what a model, a trainer or a program was made of; a network is its own.
#pragma once

namespace tessera::detail {

template <class T> struct its_program {
    using type = T;
};
template <class T>
    requires requires { typename T::program_type; }
struct its_program<T> {
    using type = typename T::program_type;
};

template <class T> struct its_network {
    using type = T;
};
template <class T>
    requires requires { typename T::network_type; }
struct its_network<T> {
    using type = typename T::network_type;
};

}  // namespace tessera::detail
