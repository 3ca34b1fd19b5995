// What a model or a program may be told beside its network, in any order: a backend, a batch, the type of its numbers
// and a mode; one of a kind. A model may also be told that its parameters are borrowed: see model/weights_view.hpp.
//
//     model<net, streaming>   model<net, batch<32>, double>   program<net, backend::scalar, training<cross_entropy>>
//
// The order makes no other type: both spellings of model<net, double, batch<8>> are one class.
//
// Errors  compile time: an option that is none of these, two of a kind.
#pragma once
#include <tessera/ir/graph.hpp>
#include <type_traits>

namespace tessera {

template <class T>
concept a_network = requires { typename T::template graph_for<phase::inference>; };
template <class T>
concept a_backend = requires {
    T::fuses;
    T::uses_heap;
};
template <class T>
concept a_batch = std::is_empty_v<T> && requires { T::capacity; };
template <class T>
concept a_mode = requires { T::purpose; };

// the capacity: how many samples a call may hold; the number present is an argument of the call
template <int Capacity> struct batch {
    static_assert(Capacity >= 1, "batch<N>: N must be at least 1");
    static constexpr int capacity = Capacity;
};

// of a model: its parameters are somebody else's, and are only read
struct borrowed {
    static constexpr bool borrows = true;
};

namespace detail {

struct owned {
    static constexpr bool borrows = false;
};
template <class T>
concept a_holding = requires { T::borrows; };

namespace program_options {

enum class role { backend, batch, number, mode, holding, unknown };

template <class Option> constexpr role find_role() {
    if constexpr (std::is_floating_point_v<Option>)
        return role::number;
    else if constexpr (!std::is_class_v<Option>)
        return role::unknown;
    else if constexpr (!requires { sizeof(Option); })
        return role::backend;  // declared, and its header not included, which the model says
    else if constexpr (a_backend<Option>)
        return role::backend;
    else if constexpr (a_batch<Option>)
        return role::batch;
    else if constexpr (a_mode<Option>)
        return role::mode;
    else if constexpr (a_holding<Option>)
        return role::holding;
    else
        return role::unknown;
}
template <class Option> inline constexpr role role_of = find_role<Option>();
// not looked into, so that a batch of none is told of where it is used
template <int Capacity> inline constexpr role role_of<batch<Capacity>> = role::batch;

template <role Role, class... Options>
inline constexpr bool at_most_one = (0 + ... + int(role_of<Options> == Role)) <= 1;

// the first option of a role, or what stands for it where there is none
template <role Role, class Default, class... Options> struct chosen {
    using type = Default;
};
template <role Role, class Default, class First, class... Rest>
struct chosen<Role, Default, First, Rest...> : chosen<Role, Default, Rest...> {};
template <role Role, class Default, class First, class... Rest>
    requires(role_of<First> == Role)
struct chosen<Role, Default, First, Rest...> {
    using type = First;
};

template <class Option> struct known {
    static_assert(role_of<Option> != role::unknown,
                  "tessera: an option of a model or program is a backend, batch<N>, float, double, a mode or borrowed");
    static constexpr bool looked_at = true;
};

template <class... Options> struct checked {
    static_assert((known<Options>::looked_at && ...));
    static_assert(at_most_one<role::backend, Options...>, "tessera: a model or program has one backend, not two");
    static_assert(at_most_one<role::batch, Options...>, "tessera: a model or program has one batch<N>, not two");
    static_assert(at_most_one<role::number, Options...>, "tessera: a model or program has float or double, not two");
    static_assert(at_most_one<role::mode, Options...>, "tessera: a model or program has one mode, not two");
    static_assert(at_most_one<role::holding, Options...>, "tessera: a model is told once that it borrows");

    template <role Role, class Default> using option = typename chosen<Role, Default, Options...>::type;
};

}  // namespace program_options

}  // namespace detail

}  // namespace tessera
