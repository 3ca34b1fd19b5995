// nice_ticks: round numbers for an axis: multiples of 1, 2 or 5 times a power of ten.
//
//   nice_ticks ticks(0.13, 0.94, 6);    // step 0.2
//   ticks.inside()                      // 0.2 0.4 0.6 0.8
//   ticks.low(), ticks.high()           // 0 and 1: the multiples that enclose the range
//   ticks.label(0.2)                    // "0.2", all labels with as many decimals as the step needs
//
// `most` is the largest number of steps that the range may be divided into; the step is at least `least_step`.
// A range of one point is widened. Errors  tessera::error: not finite, low > high, beyond 1e300.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera::detail {

class nice_ticks {
  public:
    nice_ticks(double low, double high, int most = 6, double least_step = 0) : first_(low), last_(high) {
        constexpr double limit = 1e300;
        if (!(low >= -limit && high <= limit && low <= high)) {
            throw error("nice_ticks", "an increasing range within 1e300",
                        std::to_string(low) + " to " + std::to_string(high));
        }
        widen();
        step_ = step_above(std::max((last_ - first_) / std::max(most, 1), least_step));
    }

    double step() const noexcept { return step_; }
    double first() const noexcept { return first_; }
    double last() const noexcept { return last_; }
    double low() const noexcept { return std::floor(first_ / step_ + tolerance) * step_; }
    double high() const noexcept { return std::ceil(last_ / step_ - tolerance) * step_; }

    std::vector<double> inside() const { return multiples(first_, last_); }
    std::vector<double> enclosing() const { return multiples(low(), high()); }

    std::string label(double value) const {
        if (std::abs(value) < step_ / 2) return "0";
        const double largest = std::max(std::abs(first_), std::abs(last_));
        const bool scientific = largest >= 1e6 || largest < 1e-3;
        const int digits = std::clamp((scientific ? power_of(largest) : 0) - power_of(step_), 0, 17);
        char text[64];
        std::snprintf(text, sizeof text, scientific ? "%.*e" : "%.*f", digits, value);
        return scientific ? short_exponent(text) : text;
    }

  private:
    // Also when the range is too narrow for its numbers to be told apart.
    void widen() {
        const double scale = std::max(std::abs(first_), std::abs(last_));
        if (last_ - first_ > scale * 1e-10) return;
        const double margin = scale > 0 ? scale * 0.5 : 0.5;
        first_ -= margin;
        last_ += margin;
    }

    // "1.5e+06" -> "1.5e6"
    static std::string short_exponent(std::string text) {
        const std::size_t exponent = text.find('e') + 1;
        if (text[exponent] == '+') text.erase(exponent, 1);
        const std::size_t digits = text.find_first_of("0123456789", exponent);
        while (text.size() > digits + 1 && text[digits] == '0') text.erase(digits, 1);
        return text;
    }

    static int power_of(double x) { return static_cast<int>(std::floor(std::log10(x) + tolerance)); }

    static double step_above(double rough) {
        const double power = std::pow(10.0, power_of(rough));
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (factor * power >= rough * (1 - tolerance)) return factor * power;
        }
        return 10 * power;
    }

    std::vector<double> multiples(double from, double to) const {
        std::vector<double> ticks;
        const double begin = std::ceil(from / step_ - tolerance), end = std::floor(to / step_ + tolerance);
        for (double n = begin; n <= end; n += 1) ticks.push_back(n * step_);
        return ticks;
    }

    static constexpr double tolerance = 1e-9;
    double first_, last_, step_ = 1;
};

}  // namespace tessera::detail
