// extents: the sizes of a value's axes, the feature axis last. A sample's extents; the batch is never among them.
#pragma once
#include <initializer_list>
#include <tessera/ir/text.hpp>

namespace tessera {

inline constexpr int max_rank = 6;

struct extents {
    static constexpr long most = 0x7fffffff;

    int rank = 0;
    int size_of[max_rank + 1] = {};  // one more than any value has, to tell of a mistake

    constexpr extents() = default;
    constexpr extents(std::initializer_list<int> sizes) {
        for (int s : sizes) push(s);
    }

    constexpr void push(int size) {
        if (rank <= max_rank) size_of[rank++] = size;
    }
    // negative axes count from the last one
    constexpr int axis(int a) const { return a < 0 ? rank + a : a; }
    constexpr int operator[](int a) const { return size_of[axis(a)]; }
    constexpr int& operator[](int a) { return size_of[axis(a)]; }
    constexpr int size() const { return product(0, rank); }
    constexpr int product(int first, int last) const {
        int n = 1;
        for (int a = first; a < last; ++a) n *= size_of[a];
        return n;
    }
    // whether so many of them have fewer than 2^31 elements together: an int counts them
    constexpr bool is_countable(long samples = 1) const {
        long n = samples;
        for (int a = 0; a < rank && n <= most; ++a) n *= size_of[a];
        return n <= most;
    }
    // distance, in elements, between neighbours along an axis
    constexpr int stride(int a) const { return product(axis(a) + 1, rank); }

    constexpr bool operator==(const extents& other) const {
        if (rank != other.rank) return false;
        for (int a = 0; a < rank; ++a)
            if (size_of[a] != other.size_of[a]) return false;
        return true;
    }
    constexpr text describe() const {
        text t("(");
        for (int a = 0; a < rank; ++a) {
            if (a > 0) t += ", ";
            t += size_of[a];
        }
        return t + ")";
    }
};

namespace detail {

// Row-major position of an element, and back.
struct position {
    int at[max_rank] = {};

    static constexpr position of(int index, const extents& e) {
        position p;
        for (int a = e.rank - 1; a >= 0; --a) {
            p.at[a] = index % e.size_of[a];
            index /= e.size_of[a];
        }
        return p;
    }
    constexpr int index(const extents& e) const {
        int i = 0;
        for (int a = 0; a < e.rank; ++a) i = i * e.size_of[a] + at[a];
        return i;
    }
};

// What two operands of a pointwise operation have in common: axes are aligned at the last one, a missing
// axis or an extent of 1 stretches. Rank -1 when they do not fit.
constexpr extents broadcast(const extents& a, const extents& b) {
    extents e;
    e.rank = a.rank > b.rank ? a.rank : b.rank;
    for (int i = 1; i <= e.rank; ++i) {
        const int p = i <= a.rank ? a[-i] : 1, q = i <= b.rank ? b[-i] : 1;
        if (p != q && p != 1 && q != 1) {
            e.rank = -1;
            return e;
        }
        e.size_of[e.rank - i] = p == 1 ? q : p;
    }
    return e;
}

// the element of a stretched operand that belongs to an element of the result
constexpr int broadcast_place(const extents& from, const extents& to, int index) {
    if (from == to) return index;
    const position p = position::of(index, to);
    int i = 0;
    for (int a = 0; a < from.rank; ++a)
        i = i * from.size_of[a] + (from.size_of[a] == 1 ? 0 : p.at[a + to.rank - from.rank]);
    return i;
}

}  // namespace detail

}  // namespace tessera
