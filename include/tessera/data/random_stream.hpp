// random_stream: counter-based random numbers, Philox4x32-10.
//
//   random_stream(seed, epoch, sample)   a stream of its own for every triple
//
// A draw depends on nothing but the triple and its position in the stream, so a sample gets the same numbers whichever
// thread handles it, and in whatever order. Integers and uniform numbers are bit-identical on every platform; normal
// numbers are computed in double from the platform's log and cos and rounded to float.
//
// Cost    ten rounds of two 32 x 32 bit products for four 32-bit numbers; 32 bytes of state.
// Limits  2^34 draws a stream.
// Source  Salmon, Moraes, Dror, Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3".
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <tessera/ir/random_block.hpp>
#include <utility>
#include <vector>

namespace tessera {

class random_stream {
  public:
    using result_type = std::uint32_t;
    using counter_type = std::array<std::uint32_t, 4>;
    using key_type = std::array<std::uint32_t, 2>;

    explicit constexpr random_stream(std::uint64_t seed, std::uint32_t epoch = 0, std::uint64_t sample = 0)
        : key_{low(seed), high(seed)}, counter_{0, epoch, low(sample), high(sample)} {}

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    // The next 32 random bits.
    constexpr result_type operator()() {
        if (used_ == block_.size()) {
            block_ = philox(counter_, key_);
            ++counter_[0];
            used_ = 0;
        }
        return block_[used_++];
    }

    // Uniform in [0, 1), a multiple of 2^-24.
    constexpr float uniform() { return static_cast<float>((*this)() >> 8) * 0x1p-24F; }

    // Uniform in [from, to]: rounding may give `to` itself.
    constexpr float uniform(float from, float to) { return from + (to - from) * uniform(); }

    // Uniform in 0 .. bound - 1, without bias; bound must be positive.
    constexpr std::uint64_t below(std::uint64_t bound) {
        const std::uint64_t rejected = (0 - bound) % bound;  // 2^64 mod bound: the incomplete last cycle
        for (;;) {
            const std::uint64_t first = (*this)();
            const std::uint64_t bits = (first << 32) | (*this)();
            if (bits >= rejected) return bits % bound;
        }
    }

    // Uniform in from .. to, both included.
    constexpr std::ptrdiff_t between(std::ptrdiff_t from, std::ptrdiff_t to) {
        return from + static_cast<std::ptrdiff_t>(below(static_cast<std::uint64_t>(to - from) + 1));
    }

    // Mean 0, deviation 1 (Box-Muller; the second number of the pair is not kept, so that a draw has one cost).
    double normal() {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
        return radius * std::cos(2.0 * std::numbers::pi * unit());
    }

    // The numbers 0 .. count - 1 in random order (Fisher-Yates).
    std::vector<std::size_t> permutation(std::size_t count) {
        std::vector<std::size_t> order(count);
        for (std::size_t i = 0; i < count; ++i) order[i] = i;
        for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[static_cast<std::size_t>(below(i))]);
        return order;
    }

    // The bijection itself, for known-answer tests.
    static constexpr counter_type philox(counter_type counter, key_type key) {
        const auto join = [](std::uint32_t l, std::uint32_t h) { return std::uint64_t{h} << 32 | l; };
        const detail::random_block r =
            detail::random_block::at(join(key[0], key[1]), join(counter[2], counter[3]), join(counter[0], counter[1]));
        return {r.word[0], r.word[1], r.word[2], r.word[3]};
    }

  private:
    static constexpr std::uint32_t low(std::uint64_t bits) { return static_cast<std::uint32_t>(bits & 0xFFFFFFFFU); }
    static constexpr std::uint32_t high(std::uint64_t bits) { return static_cast<std::uint32_t>(bits >> 32); }

    double unit() {
        const std::uint64_t first = (*this)();
        return static_cast<double>(((first << 32) | (*this)()) >> 11) * 0x1p-53;
    }

    key_type key_;
    counter_type counter_;
    counter_type block_{};
    std::size_t used_ = 4;
};

}  // namespace tessera
