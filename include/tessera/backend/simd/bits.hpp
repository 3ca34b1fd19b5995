// bits: the signs of rows of numbers as bits, and bits as numbers; see ir/operations/row_product.hpp for how they lie.
//
//   pack_signs<Arch>(rows, n, x, words)          bit k of a row: whether x_k < 0; a row is filled up with zeros
//   unpack_row<Arch>(n, words, y, number)        y_k = number(bit k), a whole word at a time where there is one
//
// Cost        a comparison and a mask for each vector; a shift, a mask and what `number` takes for each bit.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

// f(row) on the threads, some thousand numbers of n to a row at a time
template <class Arch, class F> void for_rows(int rows, int n, const F& f) noexcept {
    const int group = std::clamp(16384 / std::max(n, 1), 1, std::max(rows, 1));
    threads::parallel((rows + group - 1) / group,
                      [&](int item) noexcept { f(item * group, std::min(rows, (item + 1) * group)); });
}

// the signs of at most 32 numbers
template <class Arch, class T>
[[gnu::always_inline]] inline std::uint32_t signs_of_word(const T* x, int count) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    std::uint32_t bits = 0;
    int k = 0;
    for (; k + width <= count; k += width) bits |= vector_traits<V>::below_zero(load<V>(x + k)) << k;
    if (k < count) bits |= vector_traits<V>::below_zero(load<V>(x + k, first<V>(count - k))) << k;
    return bits;
}

template <class Arch, class T>
[[gnu::noinline]] void pack_signs(int rows, int n, const T* x, std::int32_t* words) noexcept {
    const int whole = n / 32, rest = n % 32, of_row = whole + (rest > 0);
    for_rows<Arch>(rows, n, [=](int begin, int end) noexcept {
        for (int r = begin; r < end; ++r) {
            const T* from = x + std::ptrdiff_t{r} * n;
            std::int32_t* to = words + std::ptrdiff_t{r} * of_row;
            for (int w = 0; w < whole; ++w, from += 32)
                *to++ = std::bit_cast<std::int32_t>(signs_of_word<Arch>(from, 32));
            if (rest > 0) *to = std::bit_cast<std::int32_t>(signs_of_word<Arch>(from, rest));
        }
    });
}

// Loops of a length that compilers know, so that they make vectors of them.
template <class Arch, class T, class F>
void unpack_row(int n, const std::int32_t* words, T* y, const F& number) noexcept {
    for (; n >= 32; n -= 32, y += 32) {
        const auto bits = std::bit_cast<std::uint32_t>(*words++);
        for (unsigned k = 0; k < 32; ++k) y[k] = number(bits >> k & 1);
    }
    for (unsigned k = 0; k < static_cast<unsigned>(n); ++k)
        y[k] = number(std::bit_cast<std::uint32_t>(*words) >> k & 1);
}

}  // namespace tessera::detail::simd
