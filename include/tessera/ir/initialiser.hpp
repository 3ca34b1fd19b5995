// initialiser: the distribution that a parameter starts from, resolved to numbers when the network is traced.
// A backend-independent, counter-based stream draws from it, so one seed gives one model everywhere.
//
//   kaiming(fan_in)              normal, std sqrt(2 / fan_in)           He et al. 2015
//   kaiming_uniform(fan_in)      uniform, bound sqrt(6 / fan_in)
//   xavier(fan_in, fan_out)      uniform, bound sqrt(6 / (in + out))    Glorot, Bengio 2010
//   truncated_normal(std)        normal cut at two standard deviations
//   orthogonal(gain)             rows or columns orthonormal, over (leading axes) x last axis   Saxe et al. 2014
//   constant(c), normal(std), uniform(bound)
#pragma once
#include <cstdint>
#include <tessera/ir/mathematics.hpp>

namespace tessera {

struct initialiser {
    enum class distribution : std::uint8_t { constant, uniform, normal, truncated_normal, orthogonal };
    distribution kind = distribution::constant;
    double scale = 0;  // the constant, the bound, the standard deviation, the gain

    constexpr bool operator==(const initialiser&) const = default;
};

namespace initial {

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
