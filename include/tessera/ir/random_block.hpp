// random_block: counter-based random numbers. Number i of stream s under a seed is a function of (seed, s, i)
// alone, so every backend, thread and device draws the same.
//
// Philox 4x32 with 10 rounds; uniform numbers are multiples of 2^-24 in [0, 1), so exact in float.
// Source  Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
#pragma once
#include <cstdint>
#include <tessera/ir/mathematics.hpp>

namespace tessera::detail {

struct random_block {
    std::uint32_t word[4];

    static constexpr random_block at(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
        random_block r{{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                        static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)}};
        auto k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t p = 0xD2511F53ull * r.word[0], q = 0xCD9E8D57ull * r.word[2];
            r = {{static_cast<std::uint32_t>(q >> 32) ^ r.word[1] ^ k0, static_cast<std::uint32_t>(q),
                  static_cast<std::uint32_t>(p >> 32) ^ r.word[3] ^ k1, static_cast<std::uint32_t>(p)}};
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        return r;
    }
};

// uniform in [0, 1)
constexpr double uniform_number(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
    return (random_block::at(seed, stream, index / 4).word[index % 4] >> 8) * 0x1p-24;
}

// standard normal, by Box and Muller
constexpr double normal_number(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
    const random_block r = random_block::at(seed, stream, index);
    const double u = ((r.word[0] >> 8) + 1) * 0x1p-24, v = (r.word[1] >> 8) * 0x1p-24;
    return mathematics::sqrt(-2 * mathematics::log(u)) * mathematics::cos(2 * mathematics::pi * v);
}

}  // namespace tessera::detail
