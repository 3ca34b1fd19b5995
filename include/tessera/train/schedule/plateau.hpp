// plateau: the rate is multiplied by `factor` when a metric has stopped falling.
//
//     plateau schedule{.base = 0.1, .patience = 3};
//     ... after each epoch: schedule.observe(validation_loss);
//
// A metric is better when it is below (1 - threshold) times the best so far; with larger_is_better, above
// (1 + threshold) times. More than `patience` observations running that are not better lower the rate, to
// `minimum` at the least. A metric that is not a number is not better.
//
// `seen` is what has been observed; who resumes a run stores it and puts it back.
#pragma once
#include <algorithm>

namespace tessera {

struct plateau {
    double base;
    double factor = 0.1;
    long patience = 10;
    double threshold = 1e-4;
    double minimum = 0;
    bool larger_is_better = false;

    struct progress {
        bool any = false;
        double best = 0;
        long since_best = 0;
        double scale = 1;  // of the base rate
    } seen = {};

    constexpr double rate(long /*step*/) const { return std::max(base * seen.scale, minimum); }

    constexpr void observe(double metric) {
        if (better(metric)) {
            seen.any = true;
            seen.best = metric;
            seen.since_best = 0;
        } else if (++seen.since_best > patience) {
            seen.scale *= factor;
            seen.since_best = 0;
        }
    }

  private:
    constexpr bool better(double metric) const {
        if (!seen.any) return metric == metric;
        return larger_is_better ? metric > seen.best * (1 + threshold) : metric < seen.best * (1 - threshold);
    }
};

}  // namespace tessera
