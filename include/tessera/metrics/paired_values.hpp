// paired_values: predictions and targets of a regression, checked to be of one length and not empty.
//
// Errors  tessera::error naming `place`.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <tessera/error/error.hpp>

namespace tessera {

struct paired_values {
    std::span<const float> predictions, targets;

    paired_values(const std::string& place, std::span<const float> given, std::span<const float> wanted)
        : predictions(given), targets(wanted) {
        if (given.size() != wanted.size()) {
            throw error(place, std::to_string(wanted.size()) + " predictions", std::to_string(given.size()));
        }
        if (wanted.empty()) throw error(place, "at least one value", "none");
    }

    std::size_t size() const noexcept { return targets.size(); }
    double target(std::size_t i) const noexcept { return static_cast<double>(targets[i]); }
    double residual(std::size_t i) const noexcept { return static_cast<double>(predictions[i]) - target(i); }
};

}  // namespace tessera
