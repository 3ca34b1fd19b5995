// slot_attention<Slots, Iterations>: slots that compete for what is in a set, so that each comes to hold a part of it.
//
//   in      x (N, F), a set; or x and what the slots start from (Slots, D)
//   out     s (Slots, D)
//
//   keys = layer_norm(x) key, kept = layer_norm(x) value                                (N, D)
//   s    = mean + exp(log_deviation) noise                                              (Slots, D)
//   then Iterations times
//     a = softmax over the slots ((layer_norm_slots(s) query) keys / sqrt(D))           (Slots, N), columns add up to 1
//     u = sum over the set (a + 1e-8) kept / sum over the set (a + 1e-8)                a weighted mean for each slot
//     s = gru(u, s)
//     s = s + relu(layer_norm_hidden(s) rise + rise_bias) fall + fall_bias
//
// The noise is normal; in training each sample has its own at each step. Otherwise it is the same for all samples and
// calls, a draw that is known when compiling, so that a model is a function of its input. In another order of the set the
// slots are the same; where they start in another order, they end in it.
//
// Options     slots_of<D, Hidden>: D is otherwise F, Hidden 2 D. learnt_slots: the slots start from a parameter each, and
//             there is no noise.
// Parameters  layer_norm_input, layer_norm_slots, layer_norm_hidden: weight, bias; key, value (F, D), query (D, D); mean,
//             log_deviation (D), or slots (Slots, D); weight_ih, weight_hh (D, 3 D), bias_ih, bias_hh (3 D), gates in the
//             order r, z, n, as those of gru; rise (D, Hidden), fall (Hidden, D), and their biases. Xavier, but of the
//             recurrent unit uniform with bound 1 / sqrt(D).
// Gradient    exact, through all iterations.
// Cost        Iterations Slots (2 N F + 2 F D + 7 D^2 + 2 D Hidden) multiply-adds: queries and what they find are mapped,
//             not the set, of which no keys and no values are made.
// Errors      compile time: a number < 1; a set that is not of rank 2; a start of other extents.
// Source      Locatello et al. 2020, "Object-Centric Learning with Slot Attention", algorithm 1.
//
//     encoder >> reshape_to<-1, 64> >> slot_attention<7>
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

template <int D, int Hidden = 2 * D> struct slots_of {
    static_assert(D >= 1 && Hidden >= 1, "slots_of<D, Hidden>: both must be at least 1");
};
struct learnt_slots {};

namespace detail::slots {

struct widths {
    int slot = 0, hidden = 0;
};
template <class Option> constexpr void read(widths&, Option) {}
template <int D, int Hidden> constexpr void read(widths& w, slots_of<D, Hidden>) { w = {D, Hidden}; }

template <class Option> inline constexpr bool is_option = std::is_same_v<Option, learnt_slots>;
template <int D, int Hidden> inline constexpr bool is_option<slots_of<D, Hidden>> = true;

// layer_norm, with parameters that a loop's body may use
struct scaling {
    value weight, bias;

    static constexpr scaling of(value x, std::string_view path, int features) {
        const scope_guard inside(*x.owner, path, text("layer_norm"), false);
        return {parameter("weight", {features}, initial::constant(1)).no_weight_decay().with(x),
                parameter("bias", {features}).no_weight_decay().with(x)};
    }
    constexpr value operator()(value x) const {  // (rows, features)
        return normalise(x, 2u, false, 1e-5).y * weight + bias;
    }
};

}  // namespace detail::slots

template <int Slots, int Iterations = 3, class... Options>
struct slot_attention_layer : layer_base<slot_attention_layer<Slots, Iterations, Options...>> {
    static_assert(Slots >= 1 && Iterations >= 1, "slot_attention<Slots, Iterations>: both must be at least 1");
    static_assert((detail::slots::is_option<Options> && ...),
                  "slot_attention<Slots, Iterations, ...>: the options are slots_of<D, Hidden> and learnt_slots");
    static constexpr std::string_view name = "slot_attention";
    static constexpr text describe() { return detail::written("slot_attention", {Slots, Iterations}); }

    constexpr value apply(value x) const {
        if (!expects_set(x)) return x;
        const int d = width_of(x).slot;
        if constexpr (detail::has_option<learnt_slots, Options...>) {
            return bind(x, parameter("slots", {Slots, d}, initial::xavier(d, d)).with(x));
        } else {
            const value mean = parameter("mean", {d}, initial::xavier(d, 1)).with(x);
            const value log_deviation = parameter("log_deviation", {d}, initial::xavier(d, 1)).with(x);
            return bind(x, mean + exp(log_deviation) * noise_for(x, d));
        }
    }
    constexpr value apply(value x, value start) const {
        if (!expects_set(x)) return x;
        const int d = width_of(x).slot;
        if (!expects(start, start.shape() == extents{Slots, d},
                     (text("slots to start from ") + extents{Slots, d}.describe().view()).view()))
            return {x.owner, -1};
        return bind(x, start);
    }

  private:
    static constexpr bool expects_set(value x) { return expects(x, rank == 2, "a set (elements, features)"); }

    static constexpr detail::slots::widths width_of(value x) {
        detail::slots::widths w;
        (detail::slots::read(w, Options{}), ...);
        return w.slot > 0 ? w : detail::slots::widths{x.extent(1), 2 * x.extent(1)};
    }

    static constexpr value noise_for(value x, int d) {
        if (x.training())
            return random_like(broadcast_to(constant(*x.owner, 0), {Slots, d}, x.batched()), random_kind::normal);
        detail::list<double> drawn;
        for (int i = 0; i < Slots * d; ++i) drawn.push_back(detail::normal_number(0, 0, static_cast<std::uint64_t>(i)));
        return constant(drawn, {Slots, d}).with(x);
    }

    static constexpr value bind(value x, value start) {
        const detail::slots::widths wide =
            width_of(x);  // no structured binding: clang++ 19 captures none in a constant
        const int f = x.extent(1), d = wide.slot, hidden = wide.hidden;
        using detail::slots::scaling;
        const auto weight = [&](std::string_view own, int in, int out, initialiser init) {
            return parameter(own, {in, out}, init).with(x);
        };
        const auto bias = [&](std::string_view own, int out, initialiser init = {}) {
            return parameter(own, {out}, init).no_weight_decay().with(x);
        };
        const scaling of_input = scaling::of(x, "layer_norm_input", f),
                      of_slots = scaling::of(x, "layer_norm_slots", d),
                      of_hidden = scaling::of(x, "layer_norm_hidden", d);
        const value set = of_input(x);
        const value key = weight("key", f, d, initial::xavier(f, d));
        const value value_map = weight("value", f, d, initial::xavier(f, d));
        const value query = weight("query", d, d, initial::xavier(d, d));
        const initialiser uniform = initial::uniform(rsqrt(d));
        const value w = weight("weight_ih", d, 3 * d, uniform), u = weight("weight_hh", d, 3 * d, uniform);
        const value b = bias("bias_ih", 3 * d, uniform), c = bias("bias_hh", 3 * d, uniform);
        const value rise = weight("rise", d, hidden, initial::xavier(d, hidden)), rise_bias = bias("rise_bias", hidden);
        const value fall = weight("fall", hidden, d, initial::xavier(hidden, d)), fall_bias = bias("fall_bias", d);
        return iterate<Iterations>(
            [&](value s) {
                const value q = einsum("sd,de->se", of_slots(s), query) * rsqrt(d);
                const value asking = einsum("sd,fd->sf", q, key);
                const value a = softmax(einsum("nf,sf->ns", set, asking)) + 1e-8;                        // (N, Slots)
                const value found = einsum("ns,nf->sf", a, set) / reshape(sum(a, axes(0)), {Slots, 1});  // (Slots, F)
                const value read = einsum("sf,fd->sd", found, value_map);                                // (Slots, D)
                const value p = einsum("sd,dg->sg", read, w) + b, h = einsum("sd,dg->sg", s, u) + c;
                const auto gate = [&](value of, int i) { return slice(of, 1, i * d, d); };
                const value r = sigmoid(gate(p, 0) + gate(h, 0)), z = sigmoid(gate(p, 1) + gate(h, 1));
                const value n = tanh(gate(p, 2) + r * gate(h, 2));
                const value kept_state = n + z * (s - n);
                const value inner = relu(einsum("sd,dh->sh", of_hidden(kept_state), rise) + rise_bias);
                return kept_state + (einsum("sh,hd->sd", inner, fall) + fall_bias);
            },
            broadcast_to(start, {Slots, d}, x.batched() || start.batched()));
    }
};

template <int Slots, int Iterations = 3, class... Options>
inline constexpr slot_attention_layer<Slots, Iterations, Options...> slot_attention{};

}  // namespace tessera
