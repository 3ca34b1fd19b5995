// concatenate_list: values side by side on one axis, as many as a loop has made.
//
//   in      parts, equal in all extents but that of the axis
//   out     their extents on the axis added up
//
// Gradient    slices.    Cost  a copy for every factor of four among the parts.    Errors  those of concatenate.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>

namespace tessera {

constexpr value concatenate_list(std::vector<value> parts, int axis) {
    while (parts.size() > 1) {
        std::vector<value> joined;
        std::size_t i = 0;
        for (; i + 4 <= parts.size(); i += 4)
            joined.push_back(concatenate({parts[i], parts[i + 1], parts[i + 2], parts[i + 3]}, axis));
        const std::size_t left = parts.size() - i;
        if (left == 3) joined.push_back(concatenate({parts[i], parts[i + 1], parts[i + 2]}, axis));
        if (left == 2) joined.push_back(concatenate({parts[i], parts[i + 1]}, axis));
        if (left == 1) joined.push_back(parts[i]);
        parts = joined;
    }
    return parts.front();
}

}  // namespace tessera
