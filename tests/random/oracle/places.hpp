// Positions in a value: as a list of indices, and counted row by row.
#pragma once
#include <tessera/ir/extents.hpp>
#include <vector>

namespace tessera::random_networks {

class indices {
  public:
    indices() = default;
    explicit indices(std::size_t count) : count_(count) {}
    void push_back(int i) { list_[count_++] = i; }
    std::size_t size() const { return count_; }
    int operator[](std::size_t i) const { return list_[i]; }
    int& operator[](std::size_t i) { return list_[i]; }

  private:
    int list_[max_rank + 1] = {};
    std::size_t count_ = 0;
};

inline indices position_in(const extents& e, int number) {
    indices p(static_cast<std::size_t>(e.rank));
    for (int a = e.rank - 1; a >= 0; --a) {
        p[static_cast<std::size_t>(a)] = number % e.size_of[a];
        number /= e.size_of[a];
    }
    return p;
}
inline int number_in(const extents& e, const indices& p) {
    int number = 0;
    for (int a = 0; a < e.rank; ++a) number = number * e.size_of[a] + p[static_cast<std::size_t>(a)];
    return number;
}

// of an operand that stretches to what p is a position in
inline int number_in_stretched(const extents& from, const indices& p) {
    indices q;
    for (int a = 0; a < from.rank; ++a) {
        const int there = p[static_cast<std::size_t>(a) + p.size() - static_cast<std::size_t>(from.rank)];
        q.push_back(from.size_of[a] == 1 ? 0 : there);
    }
    return number_in(from, q);
}

// (spatial..., channels) as three spatial axes, missing ones of extent 1
struct image {
    int size[3] = {1, 1, 1}, channels = 1;

    static image of(const extents& e) {
        image i;
        i.channels = e[-1];
        for (int a = 0; a < e.rank - 1; ++a) i.size[3 - (e.rank - 1) + a] = e.size_of[a];
        return i;
    }
    int number(int d, int h, int w, int channel) const {
        return ((d * size[1] + h) * size[2] + w) * channels + channel;
    }
    bool holds(int d, int h, int w) const {
        return d >= 0 && h >= 0 && w >= 0 && d < size[0] && h < size[1] && w < size[2];
    }
};

}  // namespace tessera::random_networks
