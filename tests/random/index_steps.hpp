// Steps of random networks that compute whole numbers: order, selection along an axis, arithmetic.
#pragma once
#include <tessera/ir/operations/convert.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/take_along.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

// the same in another order
constexpr value permuted(writer& w, value x) {
    if (x.rank() < 2 || w.chance(2)) return x;
    permutation order;
    for (int a = 1; a <= x.rank(); ++a) order.push(a % x.rank());
    return permute(x, order);
}

// bits moved and moved back
constexpr value permuted_rows(writer& w, value bits) {
    const value other = w.chance(2) ? concatenate({bits, bits}, 0) : bits;
    return slice(other, 0, other.extent(0) - bits.extent(0), bits.extent(0));
}

constexpr value index_step(writer& w) {
    value x = w.operand();
    if (x.rank() == 0 || x.rank() > 4) x = w.ranked(x, 1);
    const int axis = w.pick(x.rank()), n = x.extent(axis), k = 1 + w.pick(n);
    switch (w.pick(12)) {
        case 9: return dequantise(quantise<int8>(x, 0.25, 3), 0.25, 3);
        case 10: {
            const value stored = w.chance(2) ? cast<bfloat16>(x) : cast<float16>(x);
            return stop_gradient(to_real(permuted(w, stored)));
        }
        case 11: {
            const value rows = w.ranked(x, 2), weight = w.weight({1 + w.pick(5), rows.extent(1)}, 2);
            if (w.chance(4)) return signs_of(permuted_rows(w, sign_bits(rows))) * to_real(to_integer(sign_bits(rows)));
            if (w.chance(2)) return bit_product(permuted_rows(w, sign_bits(rows)), sign_bits(weight));
            return to_real(integer_product(quantise<uint8>(rows, 0.5, 9), quantise<int8>(weight, 0.25))) * 0.125;
        }
        case 0: return to_real(arg_max(x, axis)) * 0.5;
        case 1: return top_k(x, k, axis).values;
        case 2: return sort(x, axis).values;
        case 3: return take_along_axis(x, arg_top_k(w.matching(w.operand(), x, -1), k, axis), axis);
        case 4: {
            const value at = slice(arg_top_k(w.matching(w.operand(), x, -1), k, axis), axis, 0, 1);
            return take_along_axis(x, clamp(at + 1, 0, n - 1), axis);
        }
        case 5: {
            const value rows = slice(reshape(x, {-1}), 0, 0, x.size() < 24 ? x.size() : 24);
            return gather(w.weight({3, 1 + w.pick(5)}), to_index(rows + 1.25, 3));
        }
        case 6: {
            const value a = arg_sort(x, axis), b = arg_top_k(w.matching(w.operand(), x, -1), n, axis);
            return to_real(remainder(a * 3 - b, 4) + floor_divide(b - 7, 2)) * 0.25 +
                   less(a, b) * to_real(to_index(x * 2, 3));
        }
        case 7: {
            const value first = slice(x, x.rank() - 1, 0, 1);
            return pick(x, to_index(reshape(first, without_axis(x.shape(), -1)), x.extent(-1)));
        }
        default: {
            if (w.indices.empty()) {
                const sorted_values most = top_k(x, k, axis);
                return most.values + to_real(most.indices) * 0.125;
            }
            const value index = w.indices[static_cast<std::size_t>(w.pick(static_cast<int>(w.indices.size())))];
            const value rows = reshape(clamp(clamp(index, 0, 9) + w.pick(3), 0, x.extent(0) - 1), {-1});
            return w.fits({rows.size(), x.size() / x.extent(0)}) ? gather(x, rows, 0) : to_real(rows);
        }
    }
}

}  // namespace tessera::random_networks
