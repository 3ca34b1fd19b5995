// one_cycle: the rate up to a peak and far down again, momentum the other way round, along half cosines.
//
//   steps 0 ... u         peak / div_factor  to  peak,                 u = pct_start total - 1
//   steps u ... total-1   peak               to  peak / div_factor / final_div_factor, which then stays
//
//   momentum(k)           max_momentum to base_momentum and back, in the same steps
//
// Errors      `total` below 2, a peak that is below 0 or not finite, pct_start outside 0 ... 1, a factor that is not above
//             0: fit refuses them, rate() stops.
// Source      Smith, Topin 2018, "Super-Convergence".
#pragma once
#include <tessera/ir/mathematics.hpp>
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

struct one_cycle {
    double peak;
    long total;
    double pct_start = 0.3;
    double div_factor = 25;
    double final_div_factor = 1e4;
    double base_momentum = 0.85;
    double max_momentum = 0.95;

    constexpr detail::schedule_fault fault() const {
        if (total < 2) return {"one_cycle: total", "at least 2 steps", static_cast<double>(total)};
        if (const auto wrong = detail::fault_of_rate("one_cycle: peak", peak)) return wrong;
        if (!(pct_start >= 0 && pct_start <= 1)) return {"one_cycle: pct_start", "a number from 0 to 1", pct_start};
        if (!(div_factor > 0)) return {"one_cycle: div_factor", "a number above 0", div_factor};
        if (!(final_div_factor > 0)) return {"one_cycle: final_div_factor", "a number above 0", final_div_factor};
        return {};
    }
    constexpr double rate(long step) const {
        stop_at(fault());
        const double start = peak / div_factor;
        return between(step, start, peak, start / final_div_factor);
    }
    constexpr double momentum(long step) const { return between(step, max_momentum, base_momentum, max_momentum); }

  private:
    constexpr double between(long step, double first, double middle, double end) const {
        const double k = static_cast<double>(step), last_step = static_cast<double>(total - 1);
        const double rise = pct_start * static_cast<double>(total), up = rise - 1;  // need not be whole
        if (k >= last_step) return end;
        // not k < up: a compiler may round pct_start total - 1 once, to a little above 0 for a rise of one step
        if (k + 1 < rise) return along(k / up, first, middle);
        return along((k - up) / (last_step - up), middle, end);
    }
    static constexpr double along(double part, double from, double to) {
        return to + (from - to) / 2 * (1 + detail::mathematics::cos(detail::mathematics::pi * part));
    }
};

}  // namespace tessera
