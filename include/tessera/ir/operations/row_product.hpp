// Products of whole numbers and of bits: every row of one with every row of the other.
//
//   integer_product(a, b)     a (..., K), b (N, K), of int8, uint8, int16 or int32, to int32 (..., N): sum_k a_k b_nk
//   sign_bits(x)              x real (..., n) to bits: 1 where x < 0
//   bit_product(a, b)         bits a (..., K), b (N, K) to real (..., N): sum_k s_k t_nk of the signs that they stand for
//   signs_of(b)               bits to real: -1 where 1, else 1
//   to_integer(b)             bits to int32
//
//   Of bits, 32 along the last axis are a word, the first of them its lowest bit; a row is filled up with zeros. So they
//   lie in memory and in a network's output, int32 (..., ceil(n / 32)). What moves rows as they are takes bits too:
//   reshape, permute, slice and concatenate of axes before the last, gather of rows, a sequence in a loop. A reshape may
//   join or part rows of whole words, of multiples of 32 bits.
//
//   The rows of b are what a layer's weights are, an output each. bit_product is that of XNOR networks (Rastegari et al.
//   2016): n less twice the number of bits in which two rows differ.
//
// Gradient    none; with_gradient(y, x, rule) gives one of your own, such as the straight-through estimator.
// Cost        K N multiply-adds a row, exact; bits: 32 of them in one exclusive or.
// Errors      real numbers; bits among numbers; rows that are not equally long; a sum that may not fit int32; bits that are
//             moved along their last axis.
#pragma once
#include <bit>
#include <tessera/ir/operations/integer.hpp>

namespace tessera {

namespace detail {

struct row_product_attributes {
    int bits;  // in a row; 0 where it is made of numbers
};

constexpr value row_product(within w, value a, value b, bool of_bits) {
    if (!a.valid() || !b.valid()) return {a.owner, -1};
    for (const value& x : {a, b})
        if (const element type = x.get().type; of_bits ? type != element::bit : !is_whole(type))
            return reject(*x.owner, w, text(of_bits ? "bits" : "whole numbers"),
                          text(name_of(type)) + std::string_view(" ones"),
                          text(of_bits ? "sign_bits(x)" : "quantise<int8>(x, scale)"));
    if (!expects(w, a, a.rank() >= 1, "rows (..., K)") || !expects(w, b, b.rank() == 2, "rows (N, K)"))
        return {a.owner, -1};
    if (a.extent(-1) != b.extent(1))
        return reject(*a.owner, w, text("rows as long as ") + a.extent(-1), text() + b.extent(1));
    node n;
    n.kind = op::row_product;
    n.type = of_bits ? element::real : element::int32;
    n.shape = a.shape();
    n.shape[-1] = b.extent(0);
    return add_node(*a.owner, n, {a, b}, row_product_attributes{of_bits ? a.extent(-1) : 0});
}

// bits as numbers
constexpr value unpacked(within w, value x, element type) {
    if (!x.valid()) return x;
    if (x.get().type != element::bit)
        return reject(*x.owner, w, text("bits"), text(name_of(x.get().type)) + std::string_view(" numbers"));
    node n;
    n.kind = op::unpack_bits;
    n.type = type;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x});
}

}  // namespace detail

constexpr value integer_product(value a, value b) {
    const detail::within here{"integer_product"};
    const value y = detail::row_product(here, a, b, false);
    if (!y.valid()) return y;
    const detail::graph_view g = y.owner->view();
    const detail::index_bounds one =
        bounds_of(detail::integer_function::multiply, bounds_of(g, a.id), bounds_of(g, b.id));
    const std::int64_t count = a.extent(-1);
    if (!detail::index_bounds{one.low * count, one.high * count}.within({}))
        return reject(*y.owner, here, text("a sum that fits int32"),
                      text("rows of ") + a.extent(-1) + std::string_view(" numbers that it may not fit for"),
                      text("narrower numbers, as quantise<int8> gives, or shorter rows"));
    return y;
}

constexpr value sign_bits(value x) {
    if (!expects(detail::within{"sign_bits"}, x, x.rank() >= 1, "rows (..., n)")) return {x.owner, -1};
    detail::node n;
    n.kind = detail::op::sign_bits;
    n.type = element::bit;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x});
}

constexpr value bit_product(value a, value b) { return detail::row_product(detail::within{"bit_product"}, a, b, true); }
constexpr value signs_of(value bits) { return detail::unpacked(detail::within{"signs_of"}, bits, element::real); }
constexpr value to_integer(value bits) { return detail::unpacked(detail::within{"to_integer"}, bits, element::int32); }

namespace detail {

struct row_product_operation {
    template <class T> static constexpr int items(const call<T>& c) {
        return c.self->kind == op::sign_bits ? c.samples() * stored_size(*c.self) : c.elements();
    }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        if (c.self->kind == op::sign_bits) return pack(c, item);
        if (c.self->kind == op::unpack_bits) return unpack(c, item);
        const int rows = c.self->shape[-1], count = stored_shape(c.argument(1))[1],
                  bits = c.template attributes<row_product_attributes>().bits;
        const int size = c.self->shape.size(), sample = item / size, at = item % size;
        const int a = origin(c, 0, sample) + at / rows * count, b = origin(c, 1, sample) + at % rows * count;
        if (bits == 0) {
            std::int64_t sum = 0;
            for (int k = 0; k < count; ++k) sum += std::int64_t{c.stored(0, a + k)} * c.stored(1, b + k);
            return c.put(item, static_cast<std::int32_t>(sum));
        }
        int different = 0;
        for (int k = 0; k < count; ++k)
            different += std::popcount(static_cast<std::uint32_t>(c.index[0][a + k] ^ c.index[1][b + k]));
        c.y[item] = static_cast<T>(bits - 2 * different);
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view& g, const node& n) {
        if (n.kind != op::row_product) return 0;
        return static_cast<double>(n.shape.size()) * stored_shape(g.operand(n, 1))[1];
    }

  private:
    // where a sample of an argument begins, which may be made of words
    template <class T> static constexpr int origin(const call<T>& c, int k, int sample) {
        return c.argument(k).batched ? sample * stored_size(c.argument(k)) : 0;
    }
    template <class T> static constexpr void pack(const call<T>& c, int word) {
        const int n = c.self->shape[-1], words = words_of(n), first = word % words * 32;
        const T* const x = c.x[0] + static_cast<std::int64_t>(word / words) * n + first;
        std::uint32_t bits = 0;
        for (int k = 0; k < 32 && first + k < n; ++k) bits |= std::uint32_t{x[k] < T(0)} << k;
        c.index_y[word] = std::bit_cast<std::int32_t>(bits);
    }
    template <class T> static constexpr void unpack(const call<T>& c, int item) {
        const bool one = bit_at(c.index[0], c.self->shape[-1], item);
        if (c.self->type == element::int32)
            c.index_y[item] = one;
        else
            c.y[item] = one ? T(-1) : T(1);
    }
};

}  // namespace detail

}  // namespace tessera
