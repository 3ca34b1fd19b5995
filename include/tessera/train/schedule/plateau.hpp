// plateau: the rate is multiplied by `factor` when a metric has stopped falling.
//
//     plateau schedule{.base = 0.1, .patience = 3};
//     ... after each epoch: schedule.observe(validation_loss);
//
// A metric is better when it is below the best so far by more than
//
//   gain::relative   threshold times the size of the best, |best|
//   gain::absolute   threshold
//
// with larger_is_better, above it by as much. More than `patience` observations running that are not better lower the
// rate, to `minimum` at the least; the next `cooldown` observations then count neither way, but that the best is kept.
// NaN is never better; nor is a first metric as bad as infinity.
//
// `seen` is what has been observed; who resumes a run stores it and puts it back.
//
// Errors  a base or minimum that is below 0 or not finite, a factor outside 0 ... 1 or of 1, a patience, cooldown or
//         threshold below 0: fit refuses them, rate() stops.
// Source  ReduceLROnPlateau of PyTorch; that takes (1 - threshold) best, which a negative metric that stands still is
//         always below.
#pragma once
#include <algorithm>
#include <limits>
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

enum class gain { relative, absolute };

struct plateau {
    double base;
    double factor = 0.1;
    long patience = 10;
    double threshold = 1e-4;
    double minimum = 0;
    bool larger_is_better = false;
    gain counts = gain::relative;
    long cooldown = 0;

    struct progress {
        bool any = false;
        double best = 0;
        long since_best = 0;
        double scale = 1;  // of the base rate
        long cooling = 0;  // observations that are still left out
    } seen = {};

    constexpr detail::schedule_fault fault() const {
        if (const auto wrong = detail::fault_of_rate("plateau: base", base)) return wrong;
        if (const auto wrong = detail::fault_of_rate("plateau: minimum", minimum)) return wrong;
        if (!(factor >= 0 && factor < 1)) return {"plateau: factor", "a number from 0 to below 1", factor};
        if (patience < 0) return {"plateau: patience", "0 or more", static_cast<double>(patience)};
        if (!(threshold >= 0)) return {"plateau: threshold", "0 or more", threshold};
        if (cooldown < 0) return {"plateau: cooldown", "0 or more", static_cast<double>(cooldown)};
        return {};
    }
    constexpr double rate(long /*step*/) const {
        stop_at(fault());
        return std::max(base * seen.scale, minimum);
    }

    constexpr void observe(double metric) {
        if (better(metric)) {
            seen.any = true;
            seen.best = metric;
            seen.since_best = 0;
        } else {
            ++seen.since_best;
        }
        if (seen.cooling > 0) {
            --seen.cooling;
            seen.since_best = 0;
        }
        if (seen.since_best > patience) {
            seen.scale *= factor;
            seen.since_best = 0;
            seen.cooling = cooldown;
        }
    }

  private:
    constexpr double wanted() const {
        constexpr double worst = std::numeric_limits<double>::infinity();
        if (!seen.any) return larger_is_better ? -worst : worst;
        const double step = larger_is_better ? threshold : -threshold;
        if (counts == gain::absolute) return seen.best + step;
        return seen.best * (seen.best < 0 ? 1 - step : 1 + step);
    }
    constexpr bool better(double metric) const { return larger_is_better ? metric > wanted() : metric < wanted(); }
};

}  // namespace tessera
