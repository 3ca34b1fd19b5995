// error: what everything outside the core throws. It names the place, what was wanted and what was found.
#pragma once
#include <stdexcept>
#include <string>

namespace tessera {

struct error : std::runtime_error {
    using std::runtime_error::runtime_error;

    [[gnu::cold]] error(const std::string& place, const std::string& wanted, const std::string& found)
        : std::runtime_error(place + ": expected " + wanted + ", found " + found) {}
};

}  // namespace tessera
