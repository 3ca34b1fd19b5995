// schedule_fault: what is wrong with the numbers of a schedule. A schedule that has such numbers says so by fault();
// fit throws it before the first step, and rate() stops the program with it.
#pragma once
#include <limits>
#include <tessera/error/contract.hpp>
#include <tessera/ir/number_text.hpp>

namespace tessera::detail {

struct schedule_fault {
    const char* place = nullptr;  // none: nothing is wrong
    const char* wanted = "";
    double found = 0;

    constexpr explicit operator bool() const { return place != nullptr; }
};

// A rate, or a factor of one, may be 0, so that nothing moves; below 0 it would lead uphill.
constexpr schedule_fault fault_of_rate(const char* place, double rate) {
    if (rate >= 0 && rate <= std::numeric_limits<double>::max()) return {};
    return {place, "a finite number, 0 or more", rate};
}

constexpr void stop_at(const schedule_fault& fault) noexcept {
    if (fault) violate({fault.place, fault.wanted, number_text(fault.found).letters});
}

}  // namespace tessera::detail
