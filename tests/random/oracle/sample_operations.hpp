// The oracle's reading between pixels, and its gradients.
#pragma once
#include <tessera/ir/operations/sample.hpp>

#include "operands.hpp"

namespace tessera::random_networks {

using namespace detail;

// what elements of an axis count for at a coordinate, and by how much that moves with it
struct read_axis {
    numbers weight, slope;  // by element; exact zeros are not read
    bool known = true;

    static read_axis of(const operands& o, bounded at, int extent, around image) {
        read_axis r;
        r.weight.assign(static_cast<std::size_t>(extent), exactly(0));
        r.slope = r.weight;
        const auto set = [&](double i, bounded weight, double slope) {
            if (i < 0 || i >= extent) return;
            r.weight[static_cast<std::size_t>(i)] = weight;
            r.slope[static_cast<std::size_t>(i)] = exactly(slope);
        };
        const double low = image == around::border ? 0 : -1, high = image == around::border ? extent - 1 : extent;
        if (!at.known()) {
            r.known = false;
        } else if (std::isnan(at.value)) {
            set(0, at, at.value);
            set(1, at, at.value);
        } else if (at.high() < low || at.low() >= high) {
            if (image == around::border) set(at.value < 0 ? 0 : extent - 1, exactly(1), 0);
        } else if (at.low() < low || at.high() >= high || std::floor(at.low()) != std::floor(at.high())) {
            r.known = false;
        } else if (!(image == around::zeros && at.exact() && at.value == -1)) {
            const double first = std::floor(at.value);
            const bool whole = at.exact() && first == at.value;
            const bounded far = whole ? exactly(0) : o.with.rounded(at.value - first, at.error);
            set(first, whole ? exactly(1) : o.with.add(exactly(1), o.with.negate(far)), -1);
            set(first + 1, far, 1);
        }
        return r;
    }
};

struct read_point {
    read_axis row, column;

    static read_point of(const operands& o, const extents& image, int sample, int p) {
        const around outside = o.attributes<sample_attributes>().image;
        return {read_axis::of(o, o.at(1, sample, 2 * p), image[0], outside),
                read_axis::of(o, o.at(1, sample, 2 * p + 1), image[1], outside)};
    }
    bool known() const { return row.known && column.known; }
};

inline bool is_nothing(bounded b) { return b.exact() && b.value == 0; }

// sum over the image of a_i b_j x_ij of a channel
inline bounded read_with(const operands& o, const extents& image, const numbers& a, const numbers& b, int sample,
                         int channel) {
    numbers terms;
    for (int i = 0; i < image[0]; ++i)
        for (int j = 0; j < image[1]; ++j) {
            const bounded u = a[static_cast<std::size_t>(i)], v = b[static_cast<std::size_t>(j)];
            if (is_nothing(u) || is_nothing(v)) continue;
            const bounded x = o.at(0, sample, (i * image[1] + j) * image[2] + channel);
            terms.push_back(o.with.multiply(u, o.with.multiply(v, x)));
        }
    return o.with.sum(terms);
}

inline numbers sample_of(const operands& o) {
    const extents& image = o.shape(0);
    return o.each([&](int s, int k) {
        const read_point at = read_point::of(o, image, s, k / image[2]);
        return at.known() ? read_with(o, image, at.row.weight, at.column.weight, s, k % image[2]) : unknown();
    });
}

inline numbers sample_input_of(const operands& o) {
    const extents& image = o.self.shape;
    const int points = o.shape(1).size() / 2;
    return o.each([&](int s, int k) {
        const int i = k / image[2] / image[1], j = k / image[2] % image[1];
        numbers terms;
        for (int sample : o.samples_of(s))
            for (int p = 0; p < points; ++p) {
                const read_point at = read_point::of(o, image, sample, p);
                if (!at.known()) return unknown();
                const bounded u = at.row.weight[static_cast<std::size_t>(i)];
                const bounded v = at.column.weight[static_cast<std::size_t>(j)];
                if (is_nothing(u) || is_nothing(v)) continue;
                const bounded dy = o.at(0, sample, p * image[2] + k % image[2]);
                terms.push_back(o.with.multiply(u, o.with.multiply(v, dy)));
            }
        return o.with.sum(terms);
    });
}

inline numbers sample_coordinates_of(const operands& o) {
    const extents& image = o.shape(0);
    return o.each([&](int s, int k) {
        numbers terms;
        for (int sample : o.samples_of(s)) {
            const read_point at = read_point::of(o, image, sample, k / 2);
            if (!at.known()) return unknown();
            const numbers& row = k % 2 == 0 ? at.row.slope : at.row.weight;
            const numbers& column = k % 2 == 0 ? at.column.weight : at.column.slope;
            // where the coordinate leads nowhere, nothing comes back, be it NaN
            if (std::ranges::all_of(k % 2 == 0 ? row : column, is_nothing)) continue;
            for (int c = 0; c < image[2]; ++c)
                terms.push_back(o.with.multiply(read_with(o, image, row, column, sample, c),
                                                o.at(2, sample, k / 2 * image[2] + c)));
        }
        return o.with.sum(terms);
    });
}

}  // namespace tessera::random_networks
