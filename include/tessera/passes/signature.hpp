// signature: a 128-bit hash of what a kernel depends on. Steps of equal signature share one: equal hashes are taken for
// equal steps. So it is two hashes of 64 bits that have nothing in common; each keeps different states different, whatever
// word is added.
#pragma once
#include <bit>
#include <cstdint>
#include <tessera/ir/layout.hpp>
#include <tessera/ir/node.hpp>

namespace tessera::detail {

class signature {
  public:
    struct value {
        std::uint64_t first = 0, second = 0;
        constexpr bool operator==(const value&) const = default;
    };

    constexpr void add(std::int64_t word) { add_bits(static_cast<std::uint64_t>(word)); }
    constexpr void add(const value& of_a_part) {
        add_bits(of_a_part.first);
        add_bits(of_a_part.second);
    }
    constexpr void add(const extents& e) {
        add(e.rank);
        for (int a = 0; a < e.rank; ++a) add(e.size_of[a]);
    }
    // but for where it is
    constexpr void add(const layout& l) {
        add(l.axes);
        for (int a = 0; a < l.axes; ++a) add(l.stride[a]);
    }
    constexpr void add(const node& n) {
        add(static_cast<std::int64_t>(n.kind) * 64 + static_cast<std::int64_t>(n.batched) * 32 +
            static_cast<std::int64_t>(n.type));
        add(n.shape);
    }
    constexpr void add_attributes(const graph_view& g, const node& n) {
        add(n);
        add(n.kind == op::random ? n.slot : 0);
        for (int i = 0; i < n.word_count; ++i) add(g.words[n.first_word + i]);
    }
    constexpr void add_number(double x) { add_bits(std::bit_cast<std::uint64_t>(x)); }
    constexpr value get() const { return state_; }

  private:
    constexpr void add_bits(std::uint64_t word) {
        state_.first = (state_.first ^ word) * 0x9E3779B97F4A7C15ull;
        state_.first ^= state_.first >> 29;
        state_.second = (state_.second + word) * 0xD1342543DE82EF95ull;
    }

    value state_{14695981039346656037ull, 0};
};

// The first step with the same signature as another, by a table of chains.
template <int Steps> struct first_of_equals {
    static constexpr int buckets = 256;
    int head[buckets] = {}, next[Steps + 1] = {};  // numbers of steps, counted from 1; later ones first
    signature::value known[Steps + 1] = {};

    // of step k, which comes after those that were asked for before
    constexpr int first(int k, const signature::value& s) {
        const int bucket = static_cast<int>(s.first % buckets);
        for (int i = head[bucket]; i > 0; i = next[i - 1])
            if (known[i - 1] == s) return i - 1;
        known[k] = s;
        next[k] = head[bucket];
        head[bucket] = k + 1;
        return k;
    }
};

}  // namespace tessera::detail
