// step_decay: the rate is multiplied by `factor` every `every` steps.
//
//   rate(k) = base factor^floor(k / every),   k = 0, 1, ...
//
// Errors      `every` below 1, a base or factor that is below 0 or not finite: fit refuses them, rate() stops.
#pragma once
#include <tessera/ir/mathematics.hpp>
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

struct step_decay {
    double base;
    long every;
    double factor = 0.1;

    constexpr detail::schedule_fault fault() const {
        if (every < 1) return {"step_decay: every", "at least 1 step", static_cast<double>(every)};
        if (const auto wrong = detail::fault_of_rate("step_decay: base", base)) return wrong;
        return detail::fault_of_rate("step_decay: factor", factor);
    }
    constexpr double rate(long step) const {
        stop_at(fault());
        return base * detail::mathematics::pow(factor, static_cast<double>(step / every));
    }
};

}  // namespace tessera
