// initialiser: the distribution that a parameter starts from, resolved to numbers when the network is traced.
// A backend-independent, counter-based stream draws from it, so one seed gives one model everywhere.
//
//   kaiming(fan_in)              normal, std sqrt(2 / fan_in)           He et al. 2015
//   kaiming_uniform(fan_in)      uniform, bound sqrt(6 / fan_in)
//   xavier(fan_in, fan_out)      uniform, bound sqrt(6 / (in + out))    Glorot, Bengio 2010
//   truncated_normal(std)        normal cut at two standard deviations
//   orthogonal(gain)             rows or columns orthonormal, over (leading axes) x last axis   Saxe et al. 2014
//   constant(c), normal(std), uniform(bound)
//   table<array>                 the numbers of a constexpr array with static storage, in the order of the elements
#pragma once
#include <cstddef>
#include <cstdint>
#include <tessera/ir/mathematics.hpp>

namespace tessera {

struct initialiser {
    enum class distribution : std::uint8_t { constant, uniform, normal, truncated_normal, orthogonal, table };
    distribution kind = distribution::constant;
    double scale = 0;  // the constant, the bound, the standard deviation, the gain; how many numbers a table has
    const double* numbers = nullptr;  // of a table

    constexpr bool operator==(const initialiser&) const = default;
};

namespace detail {

// a table in double, with static storage
template <const auto& Table> struct table_numbers {
    static constexpr std::size_t count = sizeof(Table) / sizeof(Table[0]);
    struct list {
        double of[count];
    };
    static constexpr list numbers = [] {
        list l{};
        for (std::size_t i = 0; i < count; ++i) l.of[i] = static_cast<double>(Table[i]);
        return l;
    }();
};

}  // namespace detail

namespace initial {

// of an array or a std::array; a table of several axes is written as one list
template <const auto& Table> constexpr initialiser table() {
    using own = detail::table_numbers<Table>;
    return {initialiser::distribution::table, static_cast<double>(own::count), own::numbers.of};
}

constexpr initialiser constant(double c) { return {initialiser::distribution::constant, c}; }
constexpr initialiser uniform(double bound) { return {initialiser::distribution::uniform, bound}; }
constexpr initialiser normal(double deviation) { return {initialiser::distribution::normal, deviation}; }
constexpr initialiser truncated_normal(double deviation) {
    return {initialiser::distribution::truncated_normal, deviation};
}
constexpr initialiser orthogonal(double gain = 1) { return {initialiser::distribution::orthogonal, gain}; }
// Of a layer without inputs, which has been refused, the fan counts as one: nothing more is said of it.
constexpr double root_per_fan(double n, int fan) { return detail::mathematics::sqrt(n / (fan < 1 ? 1 : fan)); }
constexpr initialiser kaiming(int fan_in) { return normal(root_per_fan(2, fan_in)); }
constexpr initialiser kaiming_uniform(int fan_in) { return uniform(root_per_fan(6, fan_in)); }
constexpr initialiser xavier(int fan_in, int fan_out) { return uniform(root_per_fan(6, fan_in + fan_out)); }

}  // namespace initial

}  // namespace tessera
