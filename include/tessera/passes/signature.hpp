// signature: a 64-bit hash of what a kernel depends on. Steps of equal signature share one.
#pragma once
#include <bit>
#include <cstdint>
#include <tessera/ir/node.hpp>

namespace tessera {

class signature {
  public:
    constexpr void add(long word) {
        state_ = (state_ ^ static_cast<std::uint64_t>(word)) * 0x9E3779B97F4A7C15ull;
        state_ ^= state_ >> 29;
    }
    constexpr void add(const extents& e) {
        add(e.rank);
        for (int a = 0; a < e.rank; ++a) add(e.size_of[a]);
    }
    constexpr void add(const node& n) {
        add(static_cast<long>(n.kind) * 4 + static_cast<long>(n.batched) * 2 + static_cast<long>(n.type));
        add(n.shape);
    }
    constexpr void add_attributes(const node& n) {
        add(n);
        add(n.groups);
        add(n.kind == op::random ? n.slot : 0);
        add_number(n.factor);
        for (int a = 0; n.kind >= op::convolution && n.kind < op::resample && a < 3; ++a) {
            add(n.view.kernel[a] * 65536L + n.view.stride[a]);
            add(n.view.dilation[a] * 65536L + n.view.before[a]);
            add(n.view.after[a]);
        }
        int used = 2 * max_rank;
        while (used > 0 && n.list[used - 1] == 0) --used;
        for (int i = 0; i < used; ++i) add(n.list[i]);
        for (int k = 0; n.kind == op::einsum && k < 3; ++k)
            for (int a = 0; a < max_rank && n.labels[k][a] != 0; ++a) add(n.labels[k][a] * 4L + k);
    }
    constexpr void add_number(double x) { add(static_cast<long>(std::bit_cast<std::uint64_t>(x))); }
    constexpr std::uint64_t get() const { return state_; }

  private:
    std::uint64_t state_ = 14695981039346656037ull;
};

// The first step with the same signature as another, by a table of chains.
template <int Steps> struct first_of_equals {
    static constexpr int buckets = 256;
    int head[buckets] = {}, next[Steps + 1] = {};  // numbers of steps, counted from 1; later ones first
    std::uint64_t signature[Steps + 1] = {};

    // of step k, which comes after those that were asked for before
    constexpr int first(int k, std::uint64_t s) {
        const int bucket = static_cast<int>(s % buckets);
        for (int i = head[bucket]; i > 0; i = next[i - 1])
            if (signature[i - 1] == s) return i - 1;
        signature[k] = s;
        next[k] = head[bucket];
        head[bucket] = k + 1;
        return k;
    }
};

}  // namespace tessera
