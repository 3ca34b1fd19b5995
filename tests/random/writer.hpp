// writer: reads the numbers of a step and holds the values made so far. What the families of steps share: operands of a
// wanted rank, values that stretch to each other, parameters with names of their own.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>

#include "recipe.hpp"

namespace tessera::random_networks {

using namespace detail;

struct writer {
    static constexpr int most_elements = 1200;

    const recipe& of;
    graph& g;
    std::vector<value> pool, indices;
    const step_recipe* step = nullptr;
    int at = 0, names = 0;
    element width = element::real;  // of what the step works on

    // --- numbers of the step
    constexpr int raw() {
        const int i = at++ % step_recipe::length;
        return step->numbers[i];
    }
    constexpr int pick(int n) { return raw() % n; }
    constexpr bool chance(int in) { return pick(in) == 0; }

    // --- values
    constexpr value recent(int n) const { return pool[pool.size() - 1 - static_cast<std::size_t>(n) % pool.size()]; }
    constexpr value operand() {
        const int n = raw();
        return n % 3 == 0 ? recent(n / 3) : recent(n / 3 % 3);
    }
    constexpr text name(std::string_view stem) { return text(stem) + names++; }
    constexpr value weight(const extents& shape, double deviation = 0.5) {
        return cast_to(bind(g, parameter(name("p").view(), shape, initial::normal(deviation))), width);
    }
    constexpr bool fits(const extents& e) const { return e.is_countable() && e.size() <= most_elements; }

    // the same elements as a value of a rank: leading axes become one, or further ones of extent 1 come in
    constexpr value ranked(value x, int rank) {
        extents e = x.shape();
        while (e.rank > rank && e.rank > 1) {
            extents shorter{e[0] * e[1]};
            for (int a = 2; a < e.rank; ++a) shorter.push(e[a]);
            e = shorter;
        }
        if (rank == 0) return reshape(slice(reshape(x, {-1}), 0, 0, 1), {});
        const int where = pick(3);
        while (e.rank < rank) {
            extents longer;
            const int place = where == 0 ? 0 : where == 1 ? e.rank : e.rank > 0 ? e.rank - 1 : 0;
            for (int a = 0; a <= e.rank; ++a) {
                if (a == place) longer.push(1);
                if (a < e.rank) longer.push(e[a]);
            }
            e = longer;
        }
        return reshape(x, e);
    }
    // y made such that it stretches to x, or x to y: axes on which they differ are cut to one element or averaged
    constexpr value stretching(value y, value x, bool to_x = false) {
        const bool average = chance(2);
        while (to_x && y.rank() > x.rank())
            y = average ? mean(y, axes(0)) : reshape(slice(y, 0, 0, 1), without(y.shape(), 1u));
        for (int a = 1; a <= y.rank() && a <= x.rank(); ++a) {
            const int p = y.extent(-a), q = x.extent(-a);
            if (p == q || p == 1 || (q == 1 && !to_x)) continue;
            const int axis = y.rank() - a;
            y = average ? reduce(op::sum, y, 1u << axis, {.factor = 1.0 / p}) : slice(y, axis, p - 1, 1);
        }
        if (!fits(broadcast(y.shape(), x.shape()))) y = ranked(y, 0);
        return y;
    }
    // y with exactly the extents of x on all axes but one (none: -1)
    constexpr value matching(value y, value x, int but) {
        y = ranked(y, x.rank());
        for (int a = 0; a < x.rank(); ++a) {
            if (a == but) continue;
            if (y.extent(a) > x.extent(a)) y = slice(y, a, 0, x.extent(a));
            const int missing = x.extent(a) - y.extent(a);
            if (missing == 0) continue;
            extents before = x.shape(), after = x.shape();
            for (int b = 0; b < x.rank(); ++b) before[b] = after[b] = 0;
            after[a] = missing;
            y = padded(y, before, after);
        }
        return y;
    }
};

}  // namespace tessera::random_networks
