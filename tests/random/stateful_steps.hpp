// Steps of random networks with loops, states, random numbers, names and shared parameters.
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

#include "pointwise_steps.hpp"

namespace tessera::random_networks {

using namespace detail;

// a sequence of rank 1 to 4, not too long
constexpr value sequence_operand(writer& w) {
    value x = w.operand();
    if (x.rank() == 0) x = w.ranked(x, 1);
    return !w.of.temporal && x.extent(0) > 6 ? slice(x, 0, 0, 6) : x;
}

// what a body does with what comes in, a vector
constexpr value body_layer(writer& w, int which, value in) {
    const int wide = in.size();
    switch (which) {
        case 0: return batch_norm(in);
        case 1: return layer_norm(in);
        case 2: return in + random_like(in, random_kind::normal) * 0.1;
        case 3: {
            window v;
            v.kernel[2] = wide > 1 ? 2 : 1;
            const value y = convolution(reshape(in, {wide, 1}), w.weight({v.kernel[2], 1, wide}, 0.3), v, 1);
            return mean(y, axes(0));
        }
        case 4: {
            const value rows = reshape(in, {wide, 1, 1});
            return reshape(attend(rows, rows, rows * 0.5, {}, {}), {wide});
        }
        case 5: return reversed(in, 0) * 0.5;
        default: return in;
    }
}
// a recurrence over the rows of what is at hand, inside the body of another
constexpr value inner_scan(writer& w, int which, value h, value rows) {
    const int wide = h.size();
    const value all = scan(
        [&](value g, value row) {
            const value features = reshape(row, {-1});
            return tanh(einsum("c,ch->h", features, w.weight({features.extent(0), wide})) + g * 0.5);
        },
        (which & 1) != 0 ? h : broadcast_to(constant(w.g, 0.25), h.shape(), h.batched()), rows,
        {.from_the_end = (which & 2) != 0});
    return (which & 4) != 0 ? mean(all, axes(0)) : reshape(slice(all, 0, all.extent(0) - 1, 1), {wide});
}
// the carry is a vector that a product makes
constexpr value vector_scan(writer& w, value x) {
    const int which = w.raw(), more = w.raw();
    const int wide = 1 + which % 4;
    const bool own_start = (which >> 4 & 3) == 0, per_sample = (which >> 6 & 1) != 0;
    value start;
    if (own_start && !w.of.temporal)
        start = w.matching(w.operand(), broadcast_to(constant(w.g, 0), {wide}, true), -1);
    else if (own_start)
        start = w.weight({wide});
    else
        start = broadcast_to(constant(w.g, 0.5), {wide}, per_sample);
    const value outside = w.weight({wide, wide}), bias = w.weight({wide});
    const int time_flow = more & 7, layer = more >> 3 & 15, inner = more >> 7 & 7, inner_way = more >> 10;
    if (layer == 2 && !w.of.temporal) start = broadcast_to(start, start.shape(), true);  // numbers of each sample
    const bool backwards = w.of.temporal ? more % 31 == 1 : time_flow < 3;
    const int kept = more >> 13 & 15;  // a state that the body updates, of 16: in 0 and 1 seen before, in 2 after
    const extents state_shape = (more & 1) != 0 ? extents{} : extents{wide};
    const auto bound = [&] { return state(w.name("s").view(), state_shape, 0.5).with(x); };
    value s;
    if (kept == 1) s = bound();
    const value result = scan(
        [&](value h, value item) {
            const value features = reshape(item, {-1});
            value in = body_layer(w, layer, einsum("c,ch->h", features, w.weight({features.extent(0), wide})));
            if (inner == 0 && (!w.of.temporal || more % 5 == 0))
                in = in + inner_scan(w, inner_way, h, item.rank() > 0 && !w.of.temporal ? item : outside);
            if (kept == 0 || kept == 2) s = bound();
            if (kept < 3) {
                const value seen = reduce(op::sum, in, state_shape.rank > 0 ? 0u : 1u,
                                          {.over_batch = true, .divide_by_count = true, .factor = 0.25});
                const value next = s * 0.5 + reshape(seen, state_shape);
                update(s, next);
                in = in + (kept == 2 ? next : s);
            }
            switch (which >> 8 & 7) {
                case 0: return h * 0.5 + in;
                case 1: return tanh(einsum("h,hg->g", h, outside) + in);
                case 2: return maximum(h, in) * 0.75 + bias;
                case 3: return tanh(in) * (1 - square(h)) + select(less(h, in), h, bias);
                case 4: return softmax_over_last(op::softmax, h + in) - mean(h);
                case 5: {
                    const value both = concatenate({h, in * bias});
                    return slice(both, 0, 0, wide) - slice(both, 0, wide, wide) * 0.5;
                }
                case 6: return einsum("h,hg->g", h, exp(outside) * 0.2) + sum(square(in)) * 0.1;
                default: return any_pair(w, h, in) * 0.3;
            }
        },
        start, x, {.from_the_end = backwards});
    return kept == 1 && (which & 4) != 0 && (!w.of.temporal || more % 5 == 0) ? result + s : result;
}
// the carry is like an element of the sequence, of whatever rank
constexpr value alike_scan(writer& w, value x) {
    const int which = w.raw();
    const extents like = without(x.shape(), 1u);
    const bool backwards = w.of.temporal ? which % 31 == 0 : (which & 1) == 0;
    return scan(
        [&](value h, value item) {
            switch (which >> 3 & 3) {
                case 0: return h * 0.5 + item;
                case 1: return maximum(h, item) - h * 0.25;
                case 2: return h + tanh(item) * 0.3;
                default: return any_pair(w, h, item) * 0.3;
            }
        },
        broadcast_to(constant(w.g, (which >> 5 & 1) != 0 ? 0 : 0.5), like, x.batched()), x,
        {.from_the_end = backwards});
}
// no recurrence in time: of two values that read each other, with a scan in the body, or of one
constexpr value repeated(writer& w, int which, value x) {
    switch (which & 3) {
        case 0: {
            const values both = iterate<3>(
                [&](const values& v) { return values{v[1] * 0.5 + x, tanh(v[0]) - v[1] * 0.25}; }, values{x * 0.5, x});
            return (which & 4) != 0 ? both[0] * both[1] : both[0] - both[1];
        }
        case 1: return iterate<2>([&](value v) { return softmax_over_last(op::softmax, v + x * 0.5); }, x);
        case 2:
            return iterate<2>([&](value v) { return w.of.temporal ? tanh(v) + x : alike_scan(w, v) * 0.5; },
                              w.of.temporal ? x : x * 0.5);
        default: return iterate<4>([&](value v) { return any_pair(w, v, x) * 0.3; }, (which & 4) != 0 ? x : abs(x));
    }
}
// numbers that are known when compiling, for each feature
constexpr value numbered(int which, value x) {
    constant_request c{{}, {x.extent(-1)}};
    for (int i = 0; i < x.extent(-1); ++i) c.numbers.push_back(((which + 5 * i) % 7 - 3) * 0.5);
    const value t = c.with(x);
    return (which & 1) != 0 ? x * t : x + exp(t) * reversed(t, 0);
}
// two carries, from numbers or not, of which one comes to be by the other alone
constexpr value scan_of_two(writer& w, int which, value x) {
    const extents one = without(x.shape(), 1u);
    const value start = broadcast_to(constant(w.g, (which & 1) != 0 ? -0.25 : -0.75), one, true);
    const value other = (which & 2) != 0 || w.of.temporal ? start : reshape(slice(x, 0, 0, 1), one);
    const values both =
        scan([&](const values& s,
                 value item) { return values{(which & 4) != 0 ? s[1] : s[0] * -0.5 + item, tanh(s[0]) + item * s[1]}; },
             values{start, other}, x, {.from_the_end = (which & 8) != 0 && !w.of.temporal});
    return (which & 16) != 0 ? both[1] : both[0] - both[1];
}
constexpr value scan_step(writer& w) {
    const value x = sequence_operand(w);
    const int which = w.raw();
    const auto one = [&](value sequence, bool alike) {
        return alike ? alike_scan(w, sequence) : vector_scan(w, sequence);
    };
    const value y = one(x, (which & 7) == 0);
    switch (which >> 3 & 15) {
        case 0: return one(y, (which >> 7 & 1) != 0);  // along the other's carries
        case 1: {                                      // beside it
            const value z = one(x, (which >> 7 & 1) != 0);
            if (!w.of.temporal) return y + w.stretching(z, y, true);
            extents one_each{y.extent(0)};
            while (one_each.rank < y.rank()) one_each.push(1);
            return y * reshape(mean(reshape(z, {z.extent(0), -1}), last), one_each);
        }
        case 2:
        case 3: return repeated(w, which >> 7, y);
        case 4: return y.rank() > 1 ? numbered(which >> 7, y) : y;
        case 5: return scan_of_two(w, which >> 7, y);
        default: return y;
    }
}
constexpr value recurrent_step(writer& w) {
    value x = w.ranked(w.operand(), 2);
    if (!w.of.temporal && x.extent(0) > 5) x = slice(x, 0, 0, 5);
    const auto start = [&](int hidden) {
        return w.of.temporal ? w.weight({hidden})
                             : w.matching(w.operand(), broadcast_to(constant(w.g, 0), {hidden}, true), -1);
    };
    switch (w.pick(w.of.temporal ? 96 : 12)) {
        case 0: return gru<3, from_the_end>(x);
        case 1: return bidirectional(rnn<2>)(x);
        case 2: {
            const values all = lstm<2, with_last_state>(x);  // (T, 2), (2), (2)
            return all[0] * all[1] + all[2];
        }
        case 3: return gru<2, last_state>(x)[0];
        case 4: return lstm<2, last_output, from_the_end>(x);
        case 5: {
            const values both = bidirectional(gru<2, with_last_state>)(x);  // (T, 4), (4)
            return both[0] - both[1];
        }
        case 6: {  // one goes on from where another ended
            const values ended = lstm<2, last_state>(x);
            return lstm<2, from_the_end>(x, ended[0], ended[1]);
        }
        case 7: return rnn<3>(x, start(3));
        default: break;
    }
    switch (w.pick(3)) {
        case 0: return gru<3>(x);
        case 1: return lstm<2>(x);
        default: return rnn<5>(x);
    }
}
constexpr value state_step(writer& w) {
    const value x = w.operand();
    const int which = w.raw();
    const extents shape = which % 2 == 0 || x.rank() == 0 ? extents{} : extents{x.extent(-1)};
    const value s = state(w.name("s").view(), shape, 0.5).with(x);
    const value seen =
        reshape(reduce(op::sum, x, ((1u << x.rank()) - 1) & ~(shape.rank > 0 ? 1u << (x.rank() - 1) : 0u),
                       {.over_batch = true, .divide_by_count = true, .factor = 0.1}),
                shape);
    const value next = which % 3 == 0 ? s + 1 : s * 0.5 + seen;
    if (which >> 4 & 1) update(s, next);
    switch (which >> 5 & 3) {
        case 0: return x + s;
        case 1: return x * next;
        case 2: return x - s * next;
        default: return x;
    }
}
constexpr value random_step(writer& w) {
    const value x = w.operand();
    switch (w.pick(4)) {
        case 0: return dropout<0.25>(x);
        case 1: return x + random_like(x, random_kind::normal);
        default: return select(less(random_like(x), 0.5), x, 0);
    }
}

struct keeps {
    constexpr value operator()(value x) const { return x; }
};
struct bends {
    constexpr value operator()(value x) const { return tanh(x) - x; }
};
constexpr value named_step(writer& w) {
    const value x = w.operand();
    switch (w.pick(6)) {
        case 0: return named<"kept">(keeps{})(x);
        case 1: return named<"bent">(bends{})(x);
        case 2: {  // one set of parameters for two applications
            const value y = x.rank() == 0 || x.size() / x.extent(-1) > 400 ? w.ranked(w.ranked(x, 0), 1) : x;
            const auto shared = tied<"shared">(named<"inner">(dense<3>));
            return shared(y) - shared(tanh(y)) * 0.5;
        }
        case 3: add_loss(mean(square(x)) * 0.1); return x;
        default:
            return named<"layer">(dense<2>)(x.rank() == 0 || x.size() / x.extent(-1) > 400 ? w.ranked(w.ranked(x, 0), 1)
                                                                                           : x);
    }
}

}  // namespace tessera::random_networks
