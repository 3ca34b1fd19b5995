// step_decay: the rate is multiplied by `factor` every `every` steps.
//
//   rate(k) = base factor^floor(k / every),   k = 0, 1, ...
//
// Errors      none; `every` is at least 1.
#pragma once
#include <tessera/ir/mathematics.hpp>

namespace tessera {

struct step_decay {
    double base;
    long every;
    double factor = 0.1;

    constexpr double rate(long step) const {
        return base * mathematics::pow(factor, static_cast<double>(step / every));
    }
};

}  // namespace tessera
