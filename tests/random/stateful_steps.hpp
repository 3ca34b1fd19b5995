// Steps of random networks with loops, states, random numbers, names and shared parameters.
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

#include "pointwise_steps.hpp"

namespace tessera::random_networks {

// a sequence of rank 1 to 4, not too long
constexpr value sequence_operand(writer& w) {
    value x = w.operand();
    if (x.rank() == 0) x = w.ranked(x, 1);
    return !w.of.temporal && x.extent(0) > 6 ? slice(x, 0, 0, 6) : x;
}

constexpr value scan_step(writer& w) {
    const value x = sequence_operand(w);
    const int which = w.raw();
    const int wide = 1 + which % 4;
    const bool own_start = (which >> 4 & 3) == 0, per_sample = (which >> 6 & 1) != 0;
    value start;
    if (own_start && !w.of.temporal)
        start = w.matching(w.operand(), stretch(constant(w.g, 0), {wide}, true), -1);
    else if (own_start)
        start = w.weight({wide});
    else
        start = stretch(constant(w.g, 0.5), {wide}, per_sample);
    const value outside = w.weight({wide, wide}), bias = w.weight({wide});
    return scan(
        [&](value h, value item) {
            const value features = item.rank() == 0 ? reshape(item, {1}) : reshape(item, {-1});
            const value in = einsum("c,ch->h", features, w.weight({features.extent(0), wide}));
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
        start, x);
}
constexpr value recurrent_step(writer& w) {
    value x = w.ranked(w.operand(), 2);
    if (!w.of.temporal && x.extent(0) > 5) x = slice(x, 0, 0, 5);
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
