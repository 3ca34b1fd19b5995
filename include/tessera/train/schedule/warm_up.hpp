// warm_up: a straight line up to the first rate of another schedule, then that schedule from its beginning.
//
//     warm_up{cosine_decay{.base = 0.1, .steps = 900}, 100}      1,000 steps in all
//
//   rate(k) = after.rate(0) (k + 1) / steps for k < steps, else after.rate(k - steps)
//
//   momentum(k) = after.momentum(0) for k < steps, else after.momentum(k - steps), where `after` has one
//
// A schedule that watches a metric goes on doing so: observe is handed on.
#pragma once

namespace tessera {

template <class Schedule> struct warm_up {
    Schedule after;
    long steps;

    constexpr double rate(long step) const {
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
