// Products of whole numbers and of bits: every row of one with every row of the other.
//
//   integer_product(a, b)     a (..., K), b (N, K), of int8, uint8, int16 or int32, to int32 (..., N): sum_k a_k b_nk
//   sign_bits(x)              x real (..., n) to int32 (..., ceil(n / 32)): bit k of a row is set where x_k < 0
//   bit_product(a, b, n)      rows of n such bits, (..., W) and (N, W), to real (..., N): sum_k s_k t_nk of signs
//
//   The rows of b are what a layer's weights are, an output each. bit_product is that of XNOR networks (Rastegari et al.
//   2016): n less twice the number of bits in which two rows differ.
//
// Gradient    none; with_gradient(y, x, rule) gives one of your own, such as the straight-through estimator.
// Cost        K N multiply-adds a row, exact; bits: 32 of them in one exclusive or.
// Errors      real numbers; rows that are not equally long; a sum that may not fit int32.
#pragma once
#include <bit>
#include <tessera/ir/operations/integer.hpp>

namespace tessera {

namespace detail {

struct row_product_attributes {
    int bits;  // in a row; 0 where it is made of numbers
};

constexpr value row_product(within w, value a, value b, int bits) {
    if (!a.valid() || !b.valid()) return {a.owner, -1};
    for (const value& x : {a, b})
        if (!is_whole(x.get().type))
            return reject(*x.owner, w, text("whole numbers"), text(name_of(x.get().type)) + std::string_view(" ones"));
    if (!expects(w, a, a.rank() >= 1, "rows (..., K)") || !expects(w, b, b.rank() == 2, "rows (N, K)"))
        return {a.owner, -1};
    if (a.extent(-1) != b.extent(1))
        return reject(*a.owner, w, text("rows as long as ") + a.extent(-1), text() + b.extent(1));
    node n;
    n.kind = op::row_product;
    n.type = bits > 0 ? element::real : element::int32;
    n.shape = a.shape();
    n.shape[-1] = b.extent(0);
    return add_node(*a.owner, n, {a, b}, row_product_attributes{bits});
}

}  // namespace detail

constexpr value integer_product(value a, value b) {
    const detail::within here{"integer_product"};
    const value y = detail::row_product(here, a, b, 0);
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
    n.type = element::int32;
    n.shape = x.shape();
    n.shape[-1] = (x.extent(-1) + 31) / 32;
    return add_node(*x.owner, n, {x});
}

constexpr value bit_product(value a, value b, int n) {
    const detail::within here{"bit_product"};
    if (!a.valid() || !b.valid()) return {a.owner, -1};
    if (n < 1 || a.rank() < 1 || (n + 31) / 32 != a.extent(-1))
        return reject(*a.owner, here, text("bits that fill the words of a row"),
                      text() + n + std::string_view(" in ") + a.shape().describe().view());
    return detail::row_product(here, a, b, n);
}

namespace detail {

struct row_product_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        if (c.self->kind == op::sign_bits) return pack(c, item);
        const int rows = c.self->shape[-1], count = c.argument(1).shape[1],
                  bits = c.template attributes<row_product_attributes>().bits;
        const int size = c.self->shape.size(), sample = item / size, at = item % size;
        const int a = c.origin(0, sample) + at / rows * count, b = c.origin(1, sample) + at % rows * count;
        if (bits == 0) {
            std::int64_t sum = 0;
            for (int k = 0; k < count; ++k) sum += std::int64_t{c.stored(0, a + k)} * c.stored(1, b + k);
            return c.put(item, static_cast<std::int32_t>(sum));
        }
        int different = 0;
        for (int k = 0; k < count; ++k)
            different += std::popcount(static_cast<std::uint32_t>(c.stored(0, a + k) ^ c.stored(1, b + k)));
        c.y[item] = static_cast<T>(bits - 2 * different);
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view& g, const node& n) {
        if (n.kind == op::sign_bits) return 0;
        return static_cast<double>(n.shape.size()) * g.operand(n, 1).shape[1];
    }

  private:
    template <class T> static constexpr void pack(const call<T>& c, int word) {
        const int words = c.self->shape[-1], n = c.argument(0).shape[-1], first = word % words * 32;
        const T* const x = c.x[0] + static_cast<std::int64_t>(word / words) * n + first;
        std::uint32_t bits = 0;
        for (int k = 0; k < 32 && first + k < n; ++k) bits |= std::uint32_t{x[k] < T(0)} << k;
        c.put(word, std::bit_cast<std::int32_t>(bits));
    }
};

}  // namespace detail

}  // namespace tessera
