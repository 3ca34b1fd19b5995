// The oracle's whole numbers that are computed: an element is unknown where rounding could decide for another.
#pragma once
#include <algorithm>
#include <tessera/ir/operations/convert.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/take_along.hpp>
#include <tessera/ir/operations/top_k.hpp>

#include "operands.hpp"

namespace tessera::random_networks {

using namespace detail;

// whether a stands before b in falling order: 1 yes, -1 no, 0 not known
inline int stands_before(bounded a, int at, bounded b, int other) {
    const bool nan_a = std::isnan(a.value), nan_b = std::isnan(b.value);
    if (!a.known() || !b.known()) return 0;
    if (nan_a || nan_b) return nan_a != nan_b ? (nan_b ? 1 : -1) : at < other ? 1 : -1;
    if (a.exact() && b.exact() && a.value == b.value) return at < other ? 1 : -1;
    if (a.low() > b.high()) return 1;
    return b.low() > a.high() ? -1 : 0;
}
// the largest elements, or where they are
inline numbers top_k_of(const operands& o, bool indices) {
    const int count = o.shape(0)[-1], k = o.self.shape[-1];
    return o.each([&](int s, int i) {
        // the element with exactly `rank` others before it
        for (int e = 0, rank = i % k; e < count; ++e) {
            int before = 0;
            bool sure = true;
            for (int other = 0; other < count; ++other) {
                if (other == e) continue;
                const int order =
                    stands_before(o.at(0, s, i / k * count + other), other, o.at(0, s, i / k * count + e), e);
                before += order == 1;
                sure = sure && order != 0;
            }
            if (sure && before == rank) return indices ? exactly(e) : o.at(0, s, i / k * count + e);
        }
        return unknown();
    });
}
inline numbers to_index_of(const operands& o) {
    const double most = o.attributes<to_index_attributes>().count - 1;
    const auto index = [&](double x) { return !(x >= 1) ? 0 : std::min(std::floor(x), most); };
    return o.each([&](int s, int i) {
        const bounded x = o.at(0, s, i);
        if (!x.known()) return unknown();
        if (x.exact()) return exactly(index(x.value));
        return index(x.low()) == index(x.high()) ? exactly(index(x.low())) : unknown();
    });
}
inline numbers integer_of(const operands& o) {
    using f = integer_function;
    const auto own = o.attributes<integer_attributes>();
    return o.each([&](int s, int i) {
        const auto operand = [&](number_at side) {
            if (own.where == side) return exactly(own.number);
            const int k = side == number_at::right && o.self.argument_count > 1 ? 1 : 0;
            return o.at(k, s, number_in_stretched(o.shape(k), position_in(o.self.shape, i)));
        };
        const bounded a = operand(number_at::left), b = operand(number_at::right);
        if (!a.known() || !b.known()) return unknown();
        switch (own.function) {
            case f::identity: return a;
            case f::add: return exactly(a.value + b.value);
            case f::subtract: return exactly(a.value - b.value);
            case f::multiply: return exactly(a.value * b.value);
            case f::divide: return exactly(std::floor(a.value / b.value));
            case f::remainder: return exactly(a.value - b.value * std::floor(a.value / b.value));
            case f::minimum: return exactly(std::min(a.value, b.value));
            case f::maximum: return exactly(std::max(a.value, b.value));
            case f::less: return exactly(a.value < b.value);
            case f::equal: return exactly(a.value == b.value);
        }
        return unknown();
    });
}
// stored in fewer bits: a small real number as what it is read as
inline numbers convert_of(const operands& o) {
    const auto own = o.attributes<convert_attributes>();
    const whole_range range = whole_range::of(o.self.type);
    const auto stored = [&](double x) {
        switch (o.self.type) {
            case element::float16: return double{float16_format::decode(float16_format::encode(x))};
            case element::bfloat16: return double{bfloat16_format::decode(bfloat16_format::encode(x))};
            default: break;
        }
        if (std::isnan(x)) return double{static_cast<double>(own.zero)};
        return std::clamp(std::nearbyint(x / own.scale) + own.zero, static_cast<double>(range.low),
                          static_cast<double>(range.high));
    };
    return o.each([&](int s, int i) {
        const bounded x = o.at(0, s, i);
        if (!x.known()) return unknown();
        if (x.exact()) return exactly(stored(x.value));
        const double low = stored(x.low()), high = stored(x.high());
        return low == high ? exactly(low) : unknown();
    });
}
inline numbers sign_bits_of(const operands& o) {
    return o.each([&](int s, int i) {
        const bounded x = o.at(0, s, i);
        if (!x.known() || (!x.exact() && x.low() < 0 && x.high() >= 0)) return unknown();
        return exactly(x.value < 0);
    });
}
inline numbers unpack_bits_of(const operands& o) {
    return o.each([&](int s, int i) {
        const bounded x = o.at(0, s, i);
        if (!x.known()) return unknown();
        return exactly(o.self.type == element::int32 ? x.value : 1 - 2 * x.value);
    });
}
inline numbers row_product_of(const operands& o) {
    const int rows = o.self.shape[-1], count = o.shape(1)[1], bits = o.attributes<row_product_attributes>().bits;
    return o.each([&](int s, int i) {
        double sum = bits;
        for (int k = 0; k < count; ++k) {
            const bounded a = o.at(0, s, i / rows * count + k), b = o.at(1, s, i % rows * count + k);
            if (!a.known() || !b.known()) return unknown();
            sum += bits == 0 ? a.value * b.value : -2 * (a.value != b.value);
        }
        return exactly(sum);
    });
}
inline numbers take_along_of(const operands& o) {
    const auto own = o.attributes<take_along_attributes>();
    return o.each([&](int s, int i) {
        indices p = position_in(o.self.shape, i);
        if (!o.at(1, s, i).known()) return unknown();
        const int index = o.index_at(1, s, i);
        if (own.ignores != 0 && index == own.ignored) return exactly(0);
        p[static_cast<std::size_t>(own.axis)] = index;
        return o.at(0, s, number_in(o.shape(0), p));
    });
}
inline numbers add_along_of(const operands& o) {
    const auto own = o.attributes<take_along_attributes>();
    const auto axis = static_cast<std::size_t>(own.axis);
    return o.each([&](int s, int i) {
        numbers terms;
        if (o.self.argument_count > 2) terms.push_back(o.at(2, s, i));
        indices p = position_in(o.self.shape, i);
        const int here = p[axis];
        for (int k = 0; k < o.shape(1).size_of[own.axis]; ++k) {
            p[axis] = k;
            const int from = number_in(o.shape(1), p);
            if (!o.at(1, s, from).known()) return unknown();
            const int index = o.index_at(1, s, from);
            if (index == here && (own.ignores == 0 || index != own.ignored)) terms.push_back(o.at(0, s, from));
        }
        return o.with.sum(terms);
    });
}

}  // namespace tessera::random_networks
