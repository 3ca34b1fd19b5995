// sample: an image read between its pixels (bilinear interpolation), at coordinates that are computed.
//
//   in      x (H, W, C)    image
//           at (..., 2)    row and column in pixels: (0, 0) is the first pixel, (H - 1, W - 1) the last
//   out     (..., C)
//
//   sample(x, at)                    what lies around the image counts as 0
//   sample(x, at, around::border)    the nearest pixel of the border goes on
//
//   y = sum over the four pixels (i, j) around (r, c) of (1 - |r - i|) (1 - |c - j|) x_ij
//
// A pixel whose weight is 0 is not read. A coordinate of any size has a meaning: far outside it reads 0, or the border.
// At a NaN the result is NaN, and so are the gradients.
// Gradient    to the image: weights, added up plainly, in the order of the coordinates. To the coordinates: exact; at a
//             whole number that of the side of the greater numbers; 0 where nothing is read or the border goes on.
// Cost        four pixels a coordinate; each gradient about twice as much.
// Errors      an image that is not of rank 3; coordinates whose last extent is not 2; a second derivative of the
//             coordinates.
// Source      Jaderberg, Simonyan, Zisserman, Kavukcuoglu 2015, "Spatial Transformer Networks", section 3.3. It is
//             PyTorch's grid_sample of align_corners=True, but for coordinates: pixels, not -1 to 1, the row first.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/running_sum.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

enum class around : int { zeros, border };

namespace detail {

struct sample_attributes {
    around image;
};

// sample: (x, at); sample_input: (dy, at) to the gradient of x; sample_coordinates: (x, at, dy) to that of at
constexpr value sample_node(op kind, const extents& shape, bool batched, std::initializer_list<value> arguments,
                            sample_attributes own) {
    node n;
    n.kind = kind;
    n.shape = shape;
    const value y = add_node(*arguments.begin()->owner, n, arguments, own);
    if (y.valid() && !batched) y.owner->nodes[static_cast<std::size_t>(y.id)].batched = false;
    return y;
}

}  // namespace detail

constexpr value sample(value x, value at, around image = around::zeros) {
    if (!x.valid() || !at.valid()) return {x.owner, -1};
    if (!expects(x, rank == 3, "an image (rows, columns, channels)")) return {x.owner, -1};
    if (!expects(at, at.rank() >= 1 && at.extent(-1) == 2, "coordinates (..., 2), row and column"))
        return {x.owner, -1};
    extents shape = at.shape();
    shape[-1] = x.extent(2);
    return detail::sample_node(detail::op::sample, shape, x.batched() || at.batched(), {x, at}, {image});
}

namespace detail {

// the two elements of an axis between which a coordinate lies, of which one or both may be outside
template <class T> struct neighbours {
    int extent, first;
    T fraction, slope;  // how far from the first to the second; and its derivative

    static constexpr neighbours of(T at, int extent, around image) {
        const T last = static_cast<T>(extent - 1);
        if (image == around::border) {
            if (at < T(0)) return {extent, 0, T(0), T(0)};
            if (at >= last) return {extent, extent - 1, T(0), T(0)};
        } else if (at <= T(-1) || at >= last + T(1)) {
            return {extent, -2, T(0), T(0)};
        }
        if (!(at == at)) return {extent, 0, at, at};
        const int whole = at < T(0) ? -1 : static_cast<int>(at);
        const int first = whole < extent ? whole : extent - 1;
        return {extent, first, at - static_cast<T>(first), T(1)};
    }
    constexpr bool holds(int k) const { return first + k >= 0 && first + k < extent; }
    constexpr bool reads(int k) const { return holds(k) && (k == 0 || fraction != T(0)); }
    constexpr T weight(int k) const { return k == 0 ? T(1) - fraction : fraction; }
};

struct sample_operation {
    template <class T> static constexpr int items(const call<T>& c) {
        switch (c.self->kind) {
            case op::sample_input: return c.samples() * c.self->shape[-1];  // a channel
            case op::sample_coordinates: return c.elements() / 2;           // a point
            default: return c.elements();
        }
    }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        switch (c.self->kind) {
            case op::sample_input: return scatter(c, item);
            case op::sample_coordinates: return derive(c, item);
            default: return read(c, item);
        }
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<sample_attributes>();
        const value x = y.argument(0), at = y.argument(1);
        if (y.get().kind == op::sample_coordinates) {
            if (t.wants(x) || t.wants(at) || t.wants(y.argument(2)))
                reject(*y.owner, text("one derivative of sample's coordinates"), text("a second one"));
            return;
        }
        const bool forward = y.get().kind == op::sample;
        const value image = forward ? x : dy, read = forward ? dy : x;
        if (t.wants(x))
            t.add(x, forward ? sample_node(op::sample_input, x.shape(), x.batched(), {dy, at}, own)
                             : sample(dy, at, own.image));
        if (t.wants(at))
            t.add(at, sample_node(op::sample_coordinates, at.shape(), at.batched(), {image, at, read}, own));
    }

  private:
    template <class T> struct point {
        neighbours<T> row, column;
    };
    template <class T> static constexpr point<T> point_of(const call<T>& c, const extents& image, int sample, int p) {
        const T* at = c.x[1] + c.origin(1, sample) + 2L * p;
        const around outside = c.template attributes<sample_attributes>().image;
        return {neighbours<T>::of(at[0], image[0], outside), neighbours<T>::of(at[1], image[1], outside)};
    }

    template <class T> static constexpr void read(const call<T>& c, int item) {
        const extents& image = c.argument(0).shape;
        const int size = c.self->shape.size(), sample = item / size;
        const int channels = image[2], channel = item % channels;
        const auto [row, column] = point_of(c, image, sample, item % size / channels);
        const T* x = c.x[0] + c.origin(0, sample) + channel;
        T y = T(0);
        for (int i = 0; i < 2; ++i) {
            if (!row.reads(i)) continue;
            T of_row = T(0);
            for (int j = 0; j < 2; ++j)
                if (column.reads(j))
                    of_row += column.weight(j) *
                              x[((row.first + i) * static_cast<long>(image[1]) + column.first + j) * channels];
            y += row.weight(i) * of_row;
        }
        c.y[item] = y;
    }

    // dy (..., C), at (..., 2) -> a channel of the image's gradient
    template <class T> static constexpr void scatter(const call<T>& c, int item) {
        const extents& image = c.self->shape;
        const int channels = image[2], of = item / channels, channel = item % channels;
        const int points = c.argument(1).shape.size() / 2;
        T* const y = c.y + static_cast<long>(of) * image.size() + channel;
        for (long k = 0; k < static_cast<long>(image[0]) * image[1]; ++k) y[k * channels] = T(0);
        const bool summed = c.sums_batch();
        for (int s = summed ? 0 : of; s < (summed ? c.count : of + 1); ++s)
            for (int p = 0; p < points; ++p) {
                const auto [row, column] = point_of(c, image, s, p);
                const T dy = c.x[0][c.origin(0, s) + static_cast<long>(p) * channels + channel];
                for (int i = 0; i < 2; ++i)
                    for (int j = 0; j < 2; ++j)
                        if (row.reads(i) && column.reads(j))
                            y[((row.first + i) * static_cast<long>(image[1]) + column.first + j) * channels] +=
                                row.weight(i) * (column.weight(j) * dy);
            }
    }

    // the gradient of a point's coordinates
    template <class T> static constexpr void derive(const call<T>& c, int item) {
        const extents& image = c.argument(0).shape;
        const int points = c.self->shape.size() / 2, of = item / points, p = item % points, channels = image[2];
        const bool summed = c.sums_batch();
        summation::running_sum<T> to_row, to_column;
        for (int s = summed ? 0 : of; s < (summed ? c.count : of + 1); ++s) {
            const auto [row, column] = point_of(c, image, s, p);
            const T* const x = c.x[0] + c.origin(0, s);
            const T* const dy = c.x[2] + c.origin(2, s) + static_cast<long>(p) * channels;
            const auto pixel = [&](int i, int j, int channel) {
                if (!row.holds(i) || !column.holds(j)) return T(0);
                return x[((row.first + i) * static_cast<long>(image[1]) + column.first + j) * channels + channel];
            };
            for (int channel = 0; channel < channels; ++channel)
                for (int k = 0; k < 2; ++k) {
                    if (row.slope != T(0) && column.reads(k))
                        to_row.add(row.slope * (column.weight(k) * (pixel(1, k, channel) - pixel(0, k, channel))) *
                                   dy[channel]);
                    if (column.slope != T(0) && row.reads(k))
                        to_column.add(column.slope * (row.weight(k) * (pixel(k, 1, channel) - pixel(k, 0, channel))) *
                                      dy[channel]);
                }
        }
        c.y[2L * item] = to_row.total();
        c.y[2L * item + 1] = to_column.total();
    }
};

}  // namespace detail

}  // namespace tessera
