// constant_rate: the same rate in every step.
#pragma once

namespace tessera {

struct constant_rate {
    double value;

    constexpr double rate(long /*step*/) const { return value; }
};

}  // namespace tessera
