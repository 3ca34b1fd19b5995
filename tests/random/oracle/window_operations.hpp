// The oracle's convolutions, pooling and resampling.
#pragma once
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/resample.hpp>

#include "operands.hpp"

namespace tessera::random_networks {

using namespace detail;

// f(d, h, w) for all positions of a box
template <class F> void over(const int (&size)[3], F f) {
    for (int d = 0; d < size[0]; ++d)
        for (int h = 0; h < size[1]; ++h)
            for (int w = 0; w < size[2]; ++w) f(d, h, w);
}

// tap (a, b, c) of the window at (d, h, w) looks at element at[0..2]
inline void looks_at(const window& v, int d, int h, int w, int a, int b, int c, int (&at)[3]) {
    at[0] = d * v.stride[0] + a * v.dilation[0] - v.before[0];
    at[1] = h * v.stride[1] + b * v.dilation[1] - v.before[1];
    at[2] = w * v.stride[2] + c * v.dilation[2] - v.before[2];
}

// y[p][o] = sum x[p stride + t dilation - before][c] weight[t][c][o]; every product of the sum, for all three of them
inline numbers convolution_of(const operands& o) {
    const node& n = o.self;
    const auto [view, groups] = o.attributes<convolution_attributes>();
    const bool forward = n.kind == op::convolution, to_input = n.kind == op::convolution_backward_data;
    const extents& x_shape = forward ? o.shape(0) : to_input ? n.shape : o.shape(0);
    const extents& y_shape = forward ? n.shape : to_input ? o.shape(0) : o.shape(1);
    const extents& w_shape = n.kind == op::convolution_backward_filter ? n.shape : o.shape(1);
    const image x = image::of(x_shape), y = image::of(y_shape);
    const int outputs = y.channels, inputs = w_shape[-2], per_group = outputs / groups;
    const int size = n.shape.size();
    numbers result;
    for (int s = 0; s < o.samples(); ++s) {
        std::vector<numbers> terms(static_cast<std::size_t>(size));
        for (int sample : o.samples_of(s))
            over(y.size, [&](int d, int h, int w) {
                over(view.kernel, [&](int a, int b, int c) {
                    int at[3];
                    looks_at(view, d, h, w, a, b, c, at);
                    const int tap = (a * view.kernel[1] + b) * view.kernel[2] + c;
                    for (int out = 0; out < outputs; ++out)
                        for (int in = 0; in < inputs; ++in) {
                            const int weight = (tap * inputs + in) * outputs + out;
                            const int to = y.number(d, h, w, out);
                            const int channel = out / per_group * inputs + in;
                            if (!x.holds(at[0], at[1], at[2])) {
                                // padding is 0; whether it is multiplied with what is not finite is not said
                                if (forward && !o.at(1, sample, weight).finite())
                                    terms[static_cast<std::size_t>(to)].push_back(unknown());
                                if (n.kind == op::convolution_backward_filter && !o.at(1, sample, to).finite())
                                    terms[static_cast<std::size_t>(weight)].push_back(unknown());
                                continue;
                            }
                            const int from = x.number(at[0], at[1], at[2], channel);
                            const int first = forward ? from : to_input ? to : from;
                            const int second = forward ? weight : to_input ? weight : to;
                            const int target = forward ? to : to_input ? from : weight;
                            terms[static_cast<std::size_t>(target)].push_back(
                                o.with.multiply(o.at(0, sample, first), o.at(1, sample, second)));
                        }
                });
            });
        for (const numbers& t : terms) result.push_back(o.with.sum(t));
    }
    if (to_input)  // as above: gaps of a stride count as padding
        for (int s = 0; s < o.samples(); ++s)
            for (int i = 0; i < w_shape.size(); ++i)
                if (!o.at(1, s, i).finite()) return numbers(result.size(), unknown());
    return result;
}

// elements under the window at p, in row-major order
inline std::vector<int> covered(const window& v, const image& x, int d, int h, int w, int channel) {
    std::vector<int> list;
    over(v.kernel, [&](int a, int b, int c) {
        int at[3];
        looks_at(v, d, h, w, a, b, c, at);
        if (x.holds(at[0], at[1], at[2])) list.push_back(x.number(at[0], at[1], at[2], channel));
    });
    return list;
}

// patches (places, taps, channels) without padding
inline numbers unfold_of(const operands& o) {
    const window view = o.attributes<unfold_attributes>().view;
    const image x = image::of(o.shape(0));
    int places[3] = {};
    for (int a = 0; a < 3; ++a)
        places[a] = (x.size[a] - view.dilation[a] * (view.kernel[a] - 1) - 1) / view.stride[a] + 1;
    return o.each([&](int s, int i) {
        const int channel = i % x.channels;
        int tap = i / x.channels, at[3] = {};
        int place = tap / (view.kernel[0] * view.kernel[1] * view.kernel[2]);
        for (int a = 2; a >= 0; --a) {
            at[a] = place % places[a] * view.stride[a] + tap % view.kernel[a] * view.dilation[a];
            place /= places[a];
            tap /= view.kernel[a];
        }
        return o.at(0, s, x.number(at[0], at[1], at[2], channel));
    });
}

inline numbers pooling_of(const operands& o) {
    const node& n = o.self;
    const auto [view, counted] = o.attributes<pooling_attributes>();
    const bool forward = n.kind == op::max_pool || n.kind == op::average_pool;
    const bool largest = n.kind == op::max_pool || n.kind == op::max_pool_input;
    const extents& x_shape = forward ? o.shape(0) : n.shape;
    const image x = image::of(x_shape);
    image y = x;
    for (int a = 0; a < 3; ++a) {
        const int span = view.dilation[a] * (view.kernel[a] - 1) + 1;
        y.size[a] = (x.size[a] + view.before[a] + view.after[a] - span) / view.stride[a] + 1;
    }
    const int taps = view.kernel[0] * view.kernel[1] * view.kernel[2];
    numbers result;
    for (int s = 0; s < o.samples(); ++s) {
        std::vector<numbers> terms(static_cast<std::size_t>(n.shape.size()));
        over(y.size, [&](int d, int h, int w) {
            for (int channel = 0; channel < x.channels; ++channel) {
                const std::vector<int> under = covered(view, x, d, h, w, channel);
                const auto to = static_cast<std::size_t>(y.number(d, h, w, channel));
                const auto divisor =
                    static_cast<double>(counted == padding_counts::yes ? taps : static_cast<int>(under.size()));
                if (forward) {
                    numbers all;
                    for (int i : under) all.push_back(o.at(0, s, i));
                    bounded best = all[0];
                    for (const bounded& b : all) best = o.with.larger(best, b);
                    terms[to] = {largest ? best : o.with.divide(o.with.sum(all), exactly(divisor))};
                } else if (!largest) {
                    const bounded part = o.with.divide(o.at(0, s, static_cast<int>(to)), exactly(divisor));
                    for (int i : under) terms[static_cast<std::size_t>(i)].push_back(part);
                } else {
                    int first = under[0];
                    for (int i : under)
                        if (o.at(0, s, first).value < o.at(0, s, i).value) first = i;
                    bool sure = true;
                    for (int i : under) {
                        const bounded rival = o.at(0, s, i), best = o.at(0, s, first);
                        sure = sure && rival.known() && best.known() && !std::isnan(rival.value) &&
                               (i == first || rival.high() < best.low() || (rival.exact() && best.exact()));
                    }
                    const bounded dy = o.at(1, s, static_cast<int>(to));
                    if (sure)
                        terms[static_cast<std::size_t>(first)].push_back(dy);
                    else
                        for (int i : under) terms[static_cast<std::size_t>(i)].push_back(unknown());
                }
            }
        });
        for (const numbers& t : terms) result.push_back(forward ? t[0] : o.with.sum(t));
    }
    return result;
}

// what element `from` of n counts for in element `to` of m
inline double resampling_weight(resampling kind, int n, int m, int to, int from) {
    if (kind == resampling::adaptive_mean) {
        const int first = to * n / m;
        const int end = ((to + 1) * n + m - 1) / m;
        return from >= first && from < end ? 1.0 / (end - first) : 0;
    }
    double at = (to + 0.5) * n / m - 0.5;
    if (kind == resampling::linear_aligned) at = m > 1 ? static_cast<double>(to) * (n - 1) / (m - 1) : 0;
    at = std::clamp(at, 0.0, static_cast<double>(n - 1));
    const double far = std::abs(at - from);
    return far < 1 ? 1 - far : 0;
}
inline numbers resample_of(const operands& o) {
    const auto own = o.attributes<resample_attributes>();
    const int axis = own.axis;
    const int n = o.shape(0).size_of[axis], m = o.self.shape.size_of[axis];
    const resampling kind = own.kind;
    return o.each([&](int s, int i) {
        indices p = position_in(o.self.shape, i);
        int& moving = p[static_cast<std::size_t>(axis)];
        const int to = moving;
        numbers terms;
        for (moving = 0; moving < n; ++moving) {
            const int from = moving;
            const double weight =
                own.transposed != 0 ? resampling_weight(kind, m, n, from, to) : resampling_weight(kind, n, m, to, from);
            if (weight == 0) continue;
            terms.push_back(o.with.multiply(o.with.rounded(weight, 0, 2), o.at(0, s, number_in(o.shape(0), p))));
        }
        return o.with.sum(terms);
    });
}

}  // namespace tessera::random_networks
