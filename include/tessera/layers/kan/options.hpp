// options of layers of Kolmogorov and Arnold:
//
//   base_branch<F>       a linear branch of F(x) beside the functions; no_base: none
//   functions_of<F>      the functions are of F(x), not of x: tanh, a norm, ...
//   normalised_by<F>     F is applied to the sum of both branches
//   activated_by<F>      and F to what comes of that
//   scaled, unscaled     whether each edge has a factor on its functions
//   zeros_before         a border is zeros before the functions: an element of it counts as x = 0, of which functions need
//                        not be 0. That is how the layer of a patch sees it
//   zeros_after          a border is zeros behind the functions: what is outside adds nothing
//   small_start          weights start near 0: normal of deviation 1 / fan
//
// F is any layer: base_branch<silu>, functions_of<layer<tanh>>. Of two options of a kind the first one counts.
#pragma once
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/activated_by.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <auto F> struct base_branch {};
struct no_base {};
template <auto F> struct functions_of {};
template <auto F> struct normalised_by {};
struct scaled {};
struct unscaled {};
struct zeros_before {};
struct zeros_after {};
struct small_start {};

namespace detail::kan {

enum class role : std::uint8_t { none, base, argument, norm, activation, scaling, border, start };

template <class Option> inline constexpr role role_of = role::none;
template <auto F> inline constexpr role role_of<base_branch<F>> = role::base;
template <> inline constexpr role role_of<no_base> = role::base;
template <auto F> inline constexpr role role_of<functions_of<F>> = role::argument;
template <auto F> inline constexpr role role_of<normalised_by<F>> = role::norm;
template <auto F> inline constexpr role role_of<activated_by<F>> = role::activation;
template <> inline constexpr role role_of<scaled> = role::scaling;
template <> inline constexpr role role_of<unscaled> = role::scaling;
template <> inline constexpr role role_of<zeros_before> = role::border;
template <> inline constexpr role role_of<zeros_after> = role::border;
template <> inline constexpr role role_of<small_start> = role::start;

// the first option of a kind, or void
template <role Role, class... Options> struct first_of {
    using type = void;
};
template <role Role, class Option, class... Rest>
struct first_of<Role, Option, Rest...>
    : std::conditional_t<role_of<Option> == Role, std::type_identity<Option>, first_of<Role, Rest...>> {};
template <role Role, class... Options> using option_of = typename first_of<Role, Options...>::type;

// its layer applied to x; x where there is none
template <class Option> constexpr value applied(Option, value x) { return x; }
template <auto F> constexpr value applied(base_branch<F>, value x) { return only(call_in("base_branch", F, x), 0); }
template <auto F> constexpr value applied(functions_of<F>, value x) { return only(call_in("functions_of", F, x), 0); }
template <auto F> constexpr value applied(normalised_by<F>, value x) { return only(call_in("norm", F, x), 0); }
template <auto F> constexpr value applied(activated_by<F>, value x) { return only(call_in("activation", F, x), 0); }
template <role Role, class... Options> constexpr value apply_option(value x) {
    if constexpr (std::is_void_v<option_of<Role, Options...>>)
        return x;
    else
        return applied(option_of<Role, Options...>{}, x);
}

template <class Option> inline constexpr bool is_option = role_of<Option> != role::none || window_options_only<Option>;

// of what is around the functions
template <class Option>
inline constexpr bool is_around =
    role_of<Option> == role::base || role_of<Option> == role::norm || role_of<Option> == role::activation;

}  // namespace detail::kan

}  // namespace tessera
