// cosine_decay: half a cosine from the base rate down to `minimum` within `steps` steps, which then stays.
//
//   rate(k) = minimum + (base - minimum) (1 + cos(pi k / steps)) / 2,   k = 0, 1, ...
//
// Errors      fewer steps than 1, such as what a long warm-up leaves of a short run; a base or minimum that is below 0 or
//             not finite: fit refuses them, rate() stops.
// Source      Loshchilov, Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", without the restarts.
#pragma once
#include <tessera/ir/mathematics.hpp>
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

struct cosine_decay {
    double base;
    long steps;
    double minimum = 0;

    constexpr detail::schedule_fault fault() const {
        if (steps < 1) return {"cosine_decay: steps", "at least 1", static_cast<double>(steps)};
        if (const auto wrong = detail::fault_of_rate("cosine_decay: base", base)) return wrong;
        return detail::fault_of_rate("cosine_decay: minimum", minimum);
    }
    constexpr double rate(long step) const {
        stop_at(fault());
        if (step >= steps) return minimum;
        const double angle = detail::mathematics::pi * static_cast<double>(step) / static_cast<double>(steps);
        return minimum + (base - minimum) * (1 + detail::mathematics::cos(angle)) / 2;
    }
};

}  // namespace tessera
