// limits: how large a program, and a step of it, may be to have fixed kernels; measured, see docs/design.md.
#pragma once
#include <cstdint>

namespace tessera::detail::simd {

struct fixed_limits {
    static constexpr int capacity = 8;  // samples of a call
    static constexpr int steps = 64;
    static constexpr int parameters = 1 << 16;    // elements of all
    static constexpr int elements = 1 << 12;      // of a value, all samples together
    static constexpr long work = 1 << 15;         // multiply-adds of a product
    static constexpr long window_work = 1 << 17;  // of a convolution; elements that windows or sums see
    static constexpr int pieces = 8;              // of a copy that is written out
    static constexpr int walked = 1 << 9;         // elements that are moved one by one
    static constexpr int run = 1 << 8;            // terms of a sum that are added plainly, one after another
    static constexpr int blocks = 64;             // of the domain of a loop
    static constexpr int dots = 32;               // results of which each is a sum along lanes
    static constexpr int dear_pieces = 4;         // epilogues of dear functions that are written out side by side
};

enum class fixed_form : std::uint8_t {
    none,
    loop,
    product,
    dots,
    copy,
    walk,
    convolution,
    depthwise,
    pooling,
    reduction,
    softmax,
    rows_out_of_a_ring,
    row_into_a_ring,
    gather
};

}  // namespace tessera::detail::simd
