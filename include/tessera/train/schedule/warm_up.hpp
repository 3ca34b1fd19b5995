// warm_up: a straight line up to the first rate of another schedule, then that schedule from its beginning.
//
//     warm_up{cosine_decay{.base = 0.1, .steps = 900}, 100}      1,000 steps in all
//
//   rate(k) = after.rate(0) (k + 1) / steps for k < steps, else after.rate(k - steps)
//
//   momentum(k) = after.momentum(0) for k < steps, else after.momentum(k - steps), where `after` has one
//
// A schedule that watches a metric goes on doing so: observe is handed on.
//
// Errors  steps below 0, and what is wrong with `after`: fit refuses them, rate() stops. A warm-up that takes the whole
//         run never reaches the rate that was asked for: fit refuses it, unless it is told that the run goes on later.
#pragma once
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

template <class Schedule> struct warm_up {
    Schedule after;
    long steps;

    // how many steps come before the first one of `after`
    constexpr long steps_before() const { return steps; }
    constexpr detail::schedule_fault fault() const {
        if (steps < 0) return {"warm_up: steps", "0 or more", static_cast<double>(steps)};
        if constexpr (requires { after.fault(); })
            return after.fault();
        else
            return {};
    }
    constexpr double rate(long step) const {
        stop_at(fault());
        if (step >= steps) return after.rate(step - steps);
        return after.rate(0) * static_cast<double>(step + 1) / static_cast<double>(steps);
    }
    constexpr double momentum(long step) const
        requires requires(const Schedule& s) { s.momentum(step); }
    {
        return after.momentum(step < steps ? 0 : step - steps);
    }
    constexpr void observe(double metric)
        requires requires(Schedule& s) { s.observe(metric); }
    {
        after.observe(metric);
    }
};

template <class Schedule> warm_up(Schedule, long) -> warm_up<Schedule>;

}  // namespace tessera
