// random_network<Seed>: a callable that writes a random network, to be compiled as any other;
// as_traced(recipe, phase), written(recipe, phase): the same as a graph at run time, which the oracle and programs run.
#pragma once
#include <tessera/layers/causal_conv.hpp>
#include <tessera/layers/delay.hpp>
#include <tessera/network.hpp>

#include "index_steps.hpp"
#include "moving_steps.hpp"
#include "prologue_steps.hpp"
#include "stateful_steps.hpp"
#include "summing_steps.hpp"
#include "width_steps.hpp"

namespace tessera::random_networks {

using namespace detail;

constexpr value any_step(writer& w) {
    switch (w.pick(42)) {
        case 0:
        case 1:
        case 2: return any_function(w, w.operand());
        case 3:
            if (w.chance(2)) return width_step(w);
            return any_function(w, w.operand());
        case 4:
        case 5:
        case 6: return pair_step(w);
        case 7:
            if (w.chance(2)) return width_step(w);
            return pair_step(w);
        case 8:
        case 9: return parameter_step(w);
        case 10: return select_step(w);
        case 11: return stretch_step(w);
        case 12: return prologue_step(w);
        case 13:
        case 14: return einsum_step(w);
        case 15: return single_einsum_step(w);
        case 16:
        case 17: return attention_step(w);
        case 18:
        case 19:
        case 20: return reduction_step(w);
        case 21: return softmax_step(w);
        case 22:
        case 23: return normalise_step(w);
        case 24:
        case 25: return convolution_step(w);
        case 26: return transposed_step(w);
        case 27:
        case 39: return pool_step(w);
        case 28: return resample_step(w);
        case 29: return w.chance(3) ? relayout_step(w) : reshape_step(w);
        case 30: return w.chance(2) ? index_step(w) : permute_step(w);
        case 31: return slice_step(w);
        case 32: return w.chance(2) ? index_step(w) : pad_step(w);
        case 33: return concatenate_step(w);
        case 34:
        case 40: return row_step(w);
        case 35:
        case 36: return scan_step(w);
        case 37: return recurrent_step(w);
        case 38: return w.chance(3) ? random_step(w) : state_step(w);
        default: return named_step(w);
    }
}

// What keeps time apart: the leading axis is never looked along, and its extent never asked for.
constexpr value temporal_step(writer& w) {
    const value x = w.operand(), y = w.operand();
    const auto on_features = [&](auto f) {  // (T, C)
        const value flat = x.rank() == 2   ? x
                           : x.rank() == 1 ? reshape(x, {-1, 1})
                                           : reshape(x, {-1, x.size() / x.extent(0)});
        return f(flat);
    };
    switch (w.pick(12)) {
        case 0:
        case 1:
        case 2: return any_function(w, x);
        case 3: return x.rank() == y.rank() ? any_pair(w, x, w.stretching(y, x)) : any_function(w, y);
        case 4: return x * w.weight(x.rank() > 1 ? extents{x.extent(-1)} : extents{});
        case 5: return x.rank() > 1 ? softmax_over_last(op::softmax, x) : x;
        case 6: return x.rank() > 1 ? layer_norm(x) : x;
        case 7: return on_features([&](value v) { return einsum("tc,co->to", v, w.weight({v.extent(1), 3})); });
        case 8: {
            if (w.chance(12)) return reversed(x, 0);  // no stream
            if (x.rank() < 2) return x;
            return w.chance(3) ? reversed(x, x.rank() - 1) : slice(x, x.rank() - 1, 0, (x.extent(-1) + 1) / 2);
        }
        case 9: {
            const value h = recurrent_step(w);
            return h.extent(0) == x.extent(0) ? h : x + mean(h);  // of the last alone
        }
        case 11:
            if (w.chance(3)) return scan_step(w);
            if (w.chance(3))
                return on_features([&](value v) {
                    const int count = v.extent(1) % 2 == 0 ? 2 : 1;
                    const value heads = reshape(v, {-1, count, v.extent(1) / count});
                    return attend(heads, heads * w.weight({}), heads, {.causal = true});
                });
            if (w.chance(2)) return w.chance(2) ? delay<1>(x) : delay<4>(x);
            return on_features([&](value v) {
                return w.chance(2) ? causal_conv<2, 3>(v) : causal_conv<3, 2, dilation<3>, no_bias>(v);
            });
        default: return scan_step(w);
    }
}

constexpr values write(const recipe& r, graph& g, const values& x) {
    writer w{.of = r, .g = g, .pool = {}, .indices = {}};
    for (int i = 0; i < x.count; ++i) (x[i].get().type == element::int32 ? w.indices : w.pool).push_back(x[i]);
    for (int k = 0; k < r.step_count && !g.failed; ++k) {
        w.step = &r.steps[k];
        w.at = 0;
        w.names = 0;
        value y;
        const scope_guard inside(g, (text("s") + k).view(), text(), true);
        if (w.step->dropped) {
            w.pick(1);
            y = w.operand();
        } else {
            y = r.temporal ? temporal_step(w) : any_step(w);
        }
        if (y.valid()) w.pool.push_back(y);
    }
    values result;
    for (int i = 0; i < r.output_count; ++i) {
        const value y = w.recent(r.outputs[i]);
        result.push(r.outputs[i] % 5 == 4 && !r.temporal ? reshape(y, {-1}) : y);
    }
    return result;
}

template <std::uint64_t Seed, int Steps = 8> struct random_network {
    constexpr values operator()(const values& x) const { return write(recipe_of(Seed, Steps), *x.list[0].owner, x); }
    constexpr values operator()(value x) const { return (*this)(values{x}); }
};

// as it is traced: states that bodies of scans update are not carried yet
constexpr graph as_traced(const recipe& r, phase purpose) {
    graph g;
    g.purpose = purpose;
    values x;
    for (int i = 0; i < r.input_count; ++i) {
        node n;
        n.kind = op::input;
        n.type = r.inputs[i].whole_numbers ? element::int32 : element::real;
        for (int a = 0; a < r.inputs[i].rank; ++a) n.shape.push(r.inputs[i].size_of[a]);
        if (purpose == phase::streaming && n.shape.rank > 0) {
            g.frames = n.shape[0] > g.frames ? n.shape[0] : g.frames;
            n.shape[0] = 1;
        }
        n.batched = true;
        n.slot = i;
        g.inputs.push_back({text("x") + i, n.shape, n.type});
        x.push(add_node(g, n));
    }
    const values y = write(r, g, x);
    for (int i = 0; i < y.count; ++i) g.outputs.push_back(y[i].id);
    return g;
}
constexpr graph written(const recipe& r, phase purpose) { return carry_states(as_traced(r, purpose)); }

}  // namespace tessera::random_networks
