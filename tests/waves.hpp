// waves: data for tests of layers, numbers between -1 and 1 that follow no pattern of an extent.
#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

inline std::vector<double> waves(std::size_t count, double phase = 0.3) {
    std::vector<double> list;
    for (std::size_t i = 0; i < count; ++i) list.push_back(std::sin(1.7 * static_cast<double>(i) + phase));
    return list;
}
inline void fill(std::vector<double>& list, double phase) { list = waves(list.size(), phase); }
