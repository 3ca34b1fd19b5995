// bounded: a number in double, and by how much a value that is computed with fewer digits may differ from it.
//
//   error 0           the value is known to the last bit, infinities and NaN among them
//   error infinite    nothing is known: a sign of something near 0 decides, or a range may overflow
//
// Bounds are those of running error analysis (Higham 2002, chapter 3): what the operands may be off by is carried on,
// and each operation adds some units in the last place of its result.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera::random_networks {

// of the number type that is judged
struct precision {
    double unit;      // of the last place, relative
    double least;     // what is smaller may be lost
    double greatest;  // what is greater overflows

    template <class T> static precision of() {
        return {static_cast<double>(std::numeric_limits<T>::epsilon()),
                static_cast<double>(std::numeric_limits<T>::min()), static_cast<double>(std::numeric_limits<T>::max())};
    }
};

struct bounded {
    double value = 0, error = 0;

    bool known() const { return std::isfinite(error); }
    bool exact() const { return error == 0; }
    bool finite() const { return known() && std::isfinite(value); }
    double low() const { return value - error; }
    double high() const { return value + error; }
    bool may_be(double x) const { return !known() || (low() <= x && x <= high()); }
};

inline constexpr double infinite = std::numeric_limits<double>::infinity();
inline bounded unknown() { return {0, infinite}; }
inline bounded exactly(double x) { return {x, 0}; }

class bounded_arithmetic {
  public:
    explicit bounded_arithmetic(precision p) : p_(p) {}

    // a result that may also be off by `digits` units, from operands that are known
    bounded rounded(double value, double error, double digits = 2) const {
        if (!std::isfinite(value)) return error == 0 ? bounded{value, 0} : unknown();
        error += digits * (p_.unit * std::abs(value) + p_.least);
        if (!(std::abs(value) + error <= p_.greatest)) return unknown();
        return {value, error};
    }
    // a number of the program, as the number type holds it
    bounded number(double x) const {
        if (!std::isfinite(x) || x == 0) return exactly(x);
        const bool single = p_.unit > 1e-10;
        const double held = single ? static_cast<double>(static_cast<float>(x)) : x;
        return held == x ? exactly(x) : rounded(x, std::abs(held - x), 1);
    }
    bounded add(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        return rounded(a.value + b.value, a.error + b.error);
    }
    bounded negate(bounded a) const { return {-a.value, a.error}; }
    bounded multiply(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        if (!std::isfinite(a.value) || !std::isfinite(b.value)) {
            // infinity times what may be 0, or of either sign
            if ((!a.exact() && a.may_be(0)) || (!b.exact() && b.may_be(0))) {
                if (std::isnan(a.value) || std::isnan(b.value)) return exactly(a.value * b.value);
                return unknown();
            }
            return exactly(a.value * b.value);
        }
        if ((a.exact() && a.value == 0) || (b.exact() && b.value == 0)) return exactly(0);
        return rounded(a.value * b.value,
                       std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error);
    }
    bounded divide(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        if (std::isnan(a.value) || std::isnan(b.value)) return exactly(a.value / b.value);
        if (b.may_be(0)) return b.exact() && a.exact() && a.value == 0 ? exactly(NAN) : unknown();  // the sign of 0
        if (!std::isfinite(a.value) || !std::isfinite(b.value)) return exactly(a.value / b.value);
        const double nearest = std::abs(b.value) - b.error;
        // a program may multiply by 1 / b, which is lost where b is large
        if (std::abs(b.value) > 0.1 / p_.least) return unknown();
        return rounded(a.value / b.value, (a.error + std::abs(a.value / b.value) * b.error) / nearest, 4);
    }
    // in any order
    template <class List> bounded sum(const List& terms) const {
        double total = 0, error = 0, magnitude = 0;
        for (const bounded& t : terms) {
            if (!t.known()) return unknown();
            total += t.value;
            error += t.error;
            if (std::isfinite(t.value)) magnitude += std::abs(t.value);
        }
        if (magnitude + error > p_.greatest) return unknown();
        if (!std::isfinite(total)) return exactly(total);
        const double count = static_cast<double>(terms.size());
        return {total, error + 2 * count * (p_.unit * magnitude + p_.least)};
    }
    // f rises or falls all along; digits: of a library's function
    template <class F> bounded monotone(bounded a, F f, double digits = 8) const {
        if (!a.known()) return unknown();
        const double y = f(a.value);
        if (a.exact()) return rounded(y, 0, digits);
        if (std::isnan(y)) return std::isnan(f(a.low())) && std::isnan(f(a.high())) ? exactly(y) : unknown();
        const double off = std::max(std::abs(f(a.low()) - y), std::abs(f(a.high()) - y));
        return std::isfinite(off) ? rounded(y, off, digits) : unknown();
    }
    // the slope of f is at most `steepest`
    template <class F> bounded smooth(bounded a, F f, double steepest, double digits = 8) const {
        if (!a.known()) return unknown();
        return rounded(f(a.value), steepest * a.error, digits);
    }
    // NaN if either is
    bounded larger(bounded a, bounded b) const {
        if (a.known() && a.exact() && std::isnan(a.value)) return a;
        if (b.known() && b.exact() && std::isnan(b.value)) return b;
        if (!a.known() || !b.known()) return unknown();
        if (a.low() > b.high() || a.value == infinite) return a;
        if (b.low() > a.high() || b.value == infinite) return b;
        return {std::max(a.value, b.value), std::max(a.error, b.error)};
    }
    bounded smaller(bounded a, bounded b) const { return negate(larger(negate(a), negate(b))); }
    bounded less(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        if (std::isnan(a.value) || std::isnan(b.value)) return exactly(0);
        if (a.exact() && b.exact()) return exactly(a.value < b.value);
        if (a.high() < b.low()) return exactly(1);
        if (b.high() < a.low()) return exactly(0);
        return unknown();
    }
    bounded equal(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        if (a.exact() && b.exact()) return exactly(a.value == b.value);
        if (std::isnan(a.value) || std::isnan(b.value) || a.high() < b.low() || b.high() < a.low()) return exactly(0);
        return unknown();
    }
    bounded choose(bounded condition, bounded a, bounded b) const {
        if (condition.known() && condition.exact()) return condition.value != 0 ? a : b;
        if (condition.known() && !condition.may_be(0)) return a;
        return unknown();
    }
    bounded floor(bounded a) const {
        if (!a.known()) return unknown();
        if (a.exact()) return exactly(std::floor(a.value));
        return std::floor(a.low()) == std::floor(a.high()) ? exactly(std::floor(a.value)) : unknown();
    }
    bounded round(bounded a) const {
        if (!a.known()) return unknown();
        if (a.exact()) return exactly(std::nearbyint(a.value));
        const double low = std::nearbyint(a.low());
        return low == std::nearbyint(a.high()) ? exactly(low) : unknown();
    }
    // of the point (x, y): it turns by no more than what the point may be off by, over its distance
    bounded angle(bounded y, bounded x) const {
        if (!x.known() || !y.known()) return unknown();
        const double at = std::atan2(y.value, x.value);
        if (x.exact() && y.exact()) return rounded(at, 0, 8);
        const double off = std::hypot(x.error, y.error), distance = std::hypot(x.value, y.value);
        if (!(distance > 2 * off) || (x.low() <= 0 && y.may_be(0))) return unknown();
        return rounded(at, 2 * off / distance, 8);
    }
    bounded power(bounded a, bounded b) const {
        if (!a.known() || !b.known()) return unknown();
        const double y = std::pow(a.value, b.value);
        if (a.exact() && b.exact())
            return a.value == 0 && b.value < 0 ? unknown() : rounded(y, 0, digits_of_power(a, b));
        if (!std::isfinite(y)) return unknown();
        if (a.low() <= 0) {  // of a negative number, whole powers alone
            if (!b.exact() || b.value != std::floor(b.value) || (b.value < 0 && a.may_be(0))) return unknown();
            const double slope = std::abs(b.value) * std::pow(std::abs(a.value) + a.error, b.value - 1);
            return std::isfinite(slope) ? rounded(y, slope * a.error, digits_of_power(a, b)) : unknown();
        }
        double off = 0;
        for (double x : {a.low(), a.high()})
            for (double z : {b.low(), b.high()}) off = std::max(off, std::abs(std::pow(x, z) - y));
        return std::isfinite(off) ? rounded(y, off, digits_of_power(a, b)) : unknown();
    }

  private:
    static double digits_of_power(bounded a, bounded b) {
        return 16 + 4 * std::abs(b.value * std::log(std::max(std::abs(a.value), 1e-300)));
    }
    precision p_;
};

}  // namespace tessera::random_networks
