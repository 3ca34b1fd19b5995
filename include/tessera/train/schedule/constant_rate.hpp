// constant_rate: the same rate in every step.
//
// Errors      a rate that is below 0 or not finite: fit refuses it, rate() stops.
#pragma once
#include <tessera/train/schedule/schedule_fault.hpp>

namespace tessera {

struct constant_rate {
    double value;

    constexpr detail::schedule_fault fault() const { return detail::fault_of_rate("constant_rate: value", value); }
    constexpr double rate(long /*step*/) const {
        stop_at(fault());
        return value;
    }
};

}  // namespace tessera
