// The oracle's pointwise nodes, products, reductions and softmax.
#pragma once
#include <string>
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/einsum.hpp>

#include "rows.hpp"

namespace tessera::random_networks {

using namespace detail;

inline numbers pointwise_of(const operands& o) {
    return o.each([&](int s, int i) {
        const indices p = position_in(o.self.shape, i);
        bounded v[3];
        for (int k = 0; k < o.self.argument_count; ++k) v[k] = o.at(k, s, number_in_stretched(o.shape(k), p));
        return function_of(o.with, o.self.function, v[0], v[1], v[2]);
    });
}

// every label runs over its extent; those that the result lacks are summed
inline numbers einsum_of(const operands& o) {
    std::string labels[3];
    const auto own = o.attributes<einsum_attributes>();
    for (int k = 0; k < 3; ++k) labels[k] = own.of(k);
    std::string summed;
    extents over;
    for (int a = 0; a < o.shape(0).rank; ++a)
        if (const char c = labels[0][static_cast<std::size_t>(a)]; labels[2].find(c) == std::string::npos) {
            summed += c;
            over.push(o.shape(0).size_of[a]);
        }
    return o.each([&](int s, int i) {
        const indices p = position_in(o.self.shape, i);
        numbers terms;
        for (int sample : o.samples_of(s))
            for (int r = 0; r < over.size(); ++r) {
                const indices t = position_in(over, r);
                const auto place = [&](int k) {
                    indices q;
                    for (char c : labels[k]) {
                        const auto in_result = labels[2].find(c);
                        q.push_back(in_result != std::string::npos ? p[in_result] : t[summed.find(c)]);
                    }
                    return o.at(k, sample, number_in(o.shape(k), q));
                };
                terms.push_back(o.with.multiply(place(0), place(1)));
            }
        return o.with.sum(terms);
    });
}

inline numbers reduction_of(const operands& o) {
    const extents& from = o.shape(0);
    const auto own = o.attributes<reduce_attributes>();
    return o.each([&](int s, int i) {
        const indices p = position_in(o.self.shape, i);
        numbers terms;
        for (int sample : o.samples_of(s))
            for (int k = 0; k < from.size(); ++k) {
                const indices q = position_in(from, k);
                bool belongs = true;
                for (int a = 0; a < from.rank; ++a)
                    belongs = belongs && ((own.axes >> a & 1u) != 0 ||
                                          q[static_cast<std::size_t>(a)] == p[static_cast<std::size_t>(a)]);
                if (belongs) terms.push_back(o.at(0, sample, k));
            }
        if (o.self.kind == op::maximum) {
            bounded y = terms[0];
            for (const bounded& t : terms) y = o.with.larger(y, t);
            return y;
        }
        bounded y = o.with.sum(terms);
        if (own.factor != 1) y = o.with.multiply(y, o.with.number(own.factor));
        return own.divides_by_count != 0 ? o.with.divide(y, exactly(o.count)) : y;
    });
}

inline numbers cumulative_sum_of(const operands& o) {
    const auto own = o.attributes<cumulative_sum_attributes>();
    const int length = o.self.shape[own.axis], stride = o.self.shape.stride(own.axis);
    return o.each([&](int s, int i) {
        const int t = i / stride % length;
        numbers terms{exactly(0)};
        for (int u = 0; u < length; ++u)
            if ((own.reversed != 0 ? u > t : u < t) || (u == t && own.exclusive == 0))
                terms.push_back(o.at(0, s, i + (u - t) * stride));
        return o.with.sum(terms);
    });
}

inline numbers softmax_of(const operands& o, precision p) {
    const int columns = o.self.shape.rank == 0 ? 1 : o.self.shape[-1];
    return o.each([&](int s, int i) {
        numbers row;
        for (int k = 0; k < columns; ++k) row.push_back(o.at(0, s, i / columns * columns + k));
        const bounded y = log_softmax_at(row, log_sum_of(row, p), static_cast<std::size_t>(i % columns), p);
        return o.self.kind == op::log_softmax ? y : exponential_of(y, o.with);
    });
}

}  // namespace tessera::random_networks
