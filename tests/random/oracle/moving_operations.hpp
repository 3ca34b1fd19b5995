// The oracle's operations that say where things are, and random numbers.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/random.hpp>

#include "operands.hpp"

namespace tessera::random_networks {

using namespace detail;

inline numbers reshape_of(const operands& o) {
    return o.each([&](int s, int i) { return o.at(0, s, i); });
}
inline numbers permute_of(const operands& o) {
    const auto own = o.attributes<permute_attributes>();
    return o.each([&](int s, int i) {
        const indices p = position_in(o.self.shape, i);
        indices q(p.size());
        for (std::size_t a = 0; a < p.size(); ++a) q[static_cast<std::size_t>(own.order[a])] = p[a];
        return o.at(0, s, number_in(o.shape(0), q));
    });
}
// element p of the smaller is element first + p step of the larger
inline numbers slice_of(const operands& o) {
    const auto own = o.attributes<slice_attributes>();
    return o.each([&](int s, int i) {
        indices p = position_in(o.self.shape, i);
        for (std::size_t a = 0; a < p.size(); ++a) p[a] = own.first[a] + p[a] * own.step[a];
        return o.at(0, s, number_in(o.shape(0), p));
    });
}
inline numbers pad_of(const operands& o) {
    const auto own = o.attributes<slice_attributes>();
    numbers y(static_cast<std::size_t>(o.samples() * o.self.shape.size()), o.with.number(own.fill));
    for (int s = 0; s < o.samples(); ++s)
        for (int i = 0; i < o.shape(0).size(); ++i) {
            indices p = position_in(o.shape(0), i);
            for (std::size_t a = 0; a < p.size(); ++a) p[a] = own.first[a] + p[a] * own.step[a];
            y[static_cast<std::size_t>(s * o.self.shape.size() + number_in(o.self.shape, p))] = o.at(0, s, i);
        }
    return y;
}
inline numbers concatenate_of(const operands& o) {
    const auto axis = static_cast<std::size_t>(o.attributes<concatenate_attributes>().axis);
    return o.each([&](int s, int i) {
        indices p = position_in(o.self.shape, i);
        int part = 0;
        for (; p[axis] >= o.shape(part).size_of[axis]; ++part) p[axis] -= o.shape(part).size_of[axis];
        return o.at(part, s, number_in(o.shape(part), p));
    });
}
inline numbers gather_of(const operands& o) {
    const int wide = o.self.shape[-1];
    return o.each([&](int s, int i) {
        return o.at(1, s, i / wide).known() ? o.at(0, s, o.index_at(1, s, i / wide) * wide + i % wide) : unknown();
    });
}
inline numbers scatter_of(const operands& o) {
    const int wide = o.self.shape[-1], rows = o.shape(1).size();
    return o.each([&](int s, int i) {
        numbers terms;
        for (int sample : o.samples_of(s))
            for (int r = 0; r < rows; ++r)
                if (!o.at(1, sample, r).known())
                    return unknown();
                else if (o.index_at(1, sample, r) == i / wide)
                    terms.push_back(o.at(0, sample, r * wide + i % wide));
        return o.with.sum(terms);
    });
}
inline numbers one_hot_of(const operands& o) {
    const int classes = o.self.shape[-1];
    const auto own = o.of.attributes<one_hot_attributes>(o.self);
    return o.each([&](int s, int i) {
        if (!o.at(0, s, i / classes).known()) return unknown();
        const int index = o.index_at(0, s, i / classes);
        const bool ignored = own.ignores != 0 && index == own.ignored;
        return exactly(index == i % classes && !ignored);
    });
}
// the numbers are a definition: Philox, counted over all samples
inline numbers random_of(const operands& o) {
    const auto stream = static_cast<std::uint64_t>(o.self.slot);
    return o.each([&](int s, int i) {
        const auto at = static_cast<std::uint64_t>(s * o.self.shape.size() + i);
        if (o.attributes<random_attributes>().kind == random_kind::uniform)
            return exactly(uniform_number(o.seed, stream, at));
        return o.with.rounded(normal_number(o.seed, stream, at), 0);
    });
}

}  // namespace tessera::random_networks
