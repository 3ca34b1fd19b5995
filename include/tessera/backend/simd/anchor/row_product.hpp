// The anchors of products of whole numbers and of bits, results shared out over the threads; and of what makes bits of
// numbers and numbers of bits.
#pragma once
#include <algorithm>
#include <bit>
#include <cstring>
#include <tessera/backend/simd/anchor/fallback.hpp>
#include <tessera/backend/simd/bits.hpp>

namespace tessera::detail::simd {

// Of a length that compilers know, so that they make vectors of it; the rest number by number.
template <class Arch, class A, class B> std::int32_t dot(const A* a, const B* b, int count) noexcept {
    constexpr int block = 32;
    std::int32_t sum = 0;
    int k = 0;
    for (; k + block <= count; k += block) {
        std::int32_t part = 0;
        for (int i = 0; i < block; ++i) part += std::int32_t{a[k + i]} * std::int32_t{b[k + i]};
        sum += part;
    }
    for (; k < count; ++k) sum += std::int32_t{a[k]} * std::int32_t{b[k]};
    return sum;
}
template <class Arch> int different_bits(const std::int32_t* a, const std::int32_t* b, int words) noexcept {
    int count = 0, k = 0;
    for (; k + 2 <= words; k += 2) {
        std::uint64_t u, v;
        std::memcpy(&u, a + k, sizeof u);
        std::memcpy(&v, b + k, sizeof v);
        count += std::popcount(u ^ v);
    }
    if (k < words) count += std::popcount(static_cast<std::uint32_t>(a[k] ^ b[k]));
    return count;
}

template <class Arch, class T> struct anchor<Arch, T, op::row_product> {
    static constexpr bool native = true, takes_tail = true;

    struct prepared {
        int rows, outputs, count;  // rows of a sample; those of the other; how long they are, in numbers or words
        int a_sample, b_sample;    // from one to the next
        int bits;                  // in a row; 0 where it is made of numbers
        element a, b;
    };
    static constexpr prepared prepare(const graph_view& g, const node& self) {
        const node &a = g.operand(self, 0), &b = g.operand(self, 1);
        return {self.shape.size() / self.shape[-1],
                self.shape[-1],
                stored_shape(b)[1],
                stored_size(a),
                stored_size(b),
                g.attributes<row_product_attributes>(self).bits,
                a.type,
                b.type};
    }
    static constexpr bool accepts_tail(const prepared&) { return true; }

    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte*) noexcept {
        if (p.bits > 0)
            return for_each<std::int32_t, std::int32_t>(p, c, c.y, after, [&](auto a, auto b) noexcept {
                return static_cast<T>(p.bits - 2 * different_bits<Arch>(a, b, p.count));
            });
        const auto products = [&]<class A, class B>(const A&, const B&) noexcept {
            for_each<typename A::stored, typename B::stored>(
                p, c, c.index_y, after, [&](auto a, auto b) noexcept { return dot<Arch>(a, b, p.count); });
        };
        if (p.b == element::int8 && p.a == element::int8) return products(int8{}, int8{});
        if (p.b == element::int8 && p.a == element::uint8) return products(uint8{}, int8{});
        if (p.b == element::int16 && p.a == element::int16) return products(int16{}, int16{});
        with_tag(p.a, [&](auto a) { with_tag(p.b, [&](auto b) { products(a, b); }); });
    }

  private:
    static constexpr int most = 512;  // results that are handed over at a time

    // y: null where they are handed over only
    template <class A, class B, class Result, class F>
    static void for_each(const prepared& p, const call<T>& c, Result* y, const tail& after, const F& f) noexcept {
        const A* const a = reinterpret_cast<const A*>(c.index[0]);
        const B* const b = reinterpret_cast<const B*>(c.index[1]);
        const int all = p.rows * c.samples(), at_once = std::max(most / p.outputs, 1);
        threads::parallel((all + at_once - 1) / at_once, [&](int item) noexcept {
            Result results[most];
            const int begin = item * at_once, end = std::min(all, begin + at_once);
            const int width = std::min(p.outputs, most);
            for (int first = 0; first < p.outputs; first += width) {
                const int columns = std::min(width, p.outputs - first);
                Result* to = results;
                for (int row = begin; row < end; ++row) {
                    const int sample = row / p.rows;
                    const A* const own = a + (c.argument(0).batched ? std::ptrdiff_t{sample} * p.a_sample : 0) +
                                         std::ptrdiff_t{row % p.rows} * p.count;
                    const B* const other = b + (c.argument(1).batched ? std::ptrdiff_t{sample} * p.b_sample : 0) +
                                           std::ptrdiff_t{first} * p.count;
                    for (int k = 0; k < columns; ++k) *to++ = f(own, other + std::ptrdiff_t{k} * p.count);
                }
                const std::ptrdiff_t at = std::ptrdiff_t{begin} * p.outputs + first;
                if (y != nullptr) std::copy(results, to, y + at);
                after.of(results, at, static_cast<int>(to - results));
            }
        });
    }
};

struct rows_of_bits {
    int rows, bits;  // of a sample; in a row

    static constexpr rows_of_bits of(const node& self) { return {self.shape.size() / self.shape[-1], self.shape[-1]}; }
};

template <class Arch, class T> struct anchor<Arch, T, op::sign_bits> {
    static constexpr bool native = true, takes_tail = false;
    using prepared = rows_of_bits;

    static constexpr prepared prepare(const graph_view&, const node& self) { return rows_of_bits::of(self); }
    static constexpr bool accepts_tail(const prepared&) { return false; }
    static void run(const prepared& p, const call<T>& c, const tail&, std::byte*) noexcept {
        pack_signs<Arch>(p.rows * c.samples(), p.bits, c.x[0], c.index_y);
    }
};

template <class Arch, class T> struct anchor<Arch, T, op::unpack_bits> {
    static constexpr bool native = true, takes_tail = true;

    struct prepared : rows_of_bits {
        bool real;  // -1 and 1; else 1 and 0
    };
    static constexpr prepared prepare(const graph_view&, const node& self) {
        return {rows_of_bits::of(self), self.is_real()};
    }
    static constexpr bool accepts_tail(const prepared& p) { return p.real; }
    static void run(const prepared& p, const call<T>& c, const tail& after, std::byte*) noexcept {
        if (p.real)
            unpack(p, c, c.y, after, [](std::uint32_t bit) noexcept {
                return T(1) - T(2) * static_cast<T>(static_cast<std::int32_t>(bit));
            });
        else
            unpack(p, c, c.index_y, after, [](std::uint32_t bit) noexcept { return static_cast<std::int32_t>(bit); });
    }

  private:
    template <class Number, class F>
    static void unpack(const prepared& p, const call<T>& c, Number* y, const tail& after, const F& number) noexcept {
        const std::int32_t* const words = c.index[0];
        const int of_row = (p.bits + 31) / 32;
        for_rows<Arch>(p.rows * c.samples(), p.bits, [&](int begin, int end) noexcept {
            for (int r = begin; r < end; ++r)
                unpack_row<Arch>(p.bits, words + std::ptrdiff_t{r} * of_row, y + std::ptrdiff_t{r} * p.bits, number);
            after(std::ptrdiff_t{begin} * p.bits, end - begin, p.bits, p.bits);
        });
    }
};

}  // namespace tessera::detail::simd
