// numbers: data for tests.
#pragma once
#include <vector>

// `count` numbers between -1 and 1 that differ from one another
template <class T = float> std::vector<T> numbers(int count, int start = 0) {
    std::vector<T> v;
    for (int i = start; i < start + count; ++i) v.push_back(static_cast<T>((i * 37 + 11) % 64) / T(32) - T(1));
    return v;
}
