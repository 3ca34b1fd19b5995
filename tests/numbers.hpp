// numbers: data for tests.
#pragma once
#include <vector>

// `count` numbers between -1 and 1 that differ from one another
template <class T = float> std::vector<T> numbers(int count, int start = 0) {
    std::vector<T> v;
    for (int i = start; i < start + count; ++i) v.push_back(static_cast<T>((i * 37 + 11) % 64) / T(32) - T(1));
    return v;
}

// `count` multiples of 1/16 from `from` on, mixed up: numbers that float and double both hold
inline std::vector<float> sixteenths(int count, float from = -1.5f) {
    std::vector<float> v;
    for (int i = 0; i < count; ++i) v.push_back(from + static_cast<float>(i * 37 % 61) / 16);
    return v;
}
