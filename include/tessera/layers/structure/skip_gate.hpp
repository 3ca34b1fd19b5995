// skip_gate(f): a residual branch that each sample may leave out.
//
//   in      x (..., C)
//   out     y like x
//
//   s = weight . mean over the places of x + bias
//   y = x + g f(x), g = 1 where s > 0, else 0; backward g is sigmoid(s)
//
// One program has no branches that depend on data, so f is computed whatever the gate says; what a program without the
// branch would save is counted:
//
//   skip_gate_macs<skip_gate(f), shape<...>>     .gate and .branch, multiply-adds; .expected(p) = gate + p branch
//   skip_gated(x, f)                             values: y, g () and sigmoid(s) (), as a function
//
//     struct net : network<(conv<8, 3, same> >> skip_gate(conv<8, 3, same> >> relu)), shape<9, 9, 3>> {};
//
// Options     of skip_gate_with<...>(f): sampled_gate: in training logistic noise is added to s, which is a sample of the
//             gate (Gumbel); execution_cost<S>: adds S g to the loss in training; target_rate<T, S>: adds
//             S (mean of g over the batch - T)^2.
// Parameters  weight (C), zero-mean normal of deviation 0.01; bias (1), 1, so that branches run at first. Those of f
//             below branch.
// Gradient    straight through: that of sigmoid(s) for g, the rest exact.
// Cost        that of f, C multiply-adds.
// Errors      compile time: an input of rank 0; f that changes the shape.
// Source      Veit, Belongie 2018, "Convolutional Networks with Adaptive Inference Graphs"; Wang et al. 2018, "SkipNet:
//             Learning Dynamic Routing in Convolutional Networks". Their gates have a hidden layer or a recurrent state;
//             this one is the linear one.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/network.hpp>

namespace tessera {

struct sampled_gate {};
template <auto S> struct execution_cost {
    static_assert(S >= 0, "execution_cost<S>: S must not be negative");
};
template <auto T, auto S> struct target_rate {
    static_assert(T >= 0 && T <= 1 && S >= 0, "target_rate<T, S>: T from 0 to 1, S not negative");
};

namespace detail {

struct gate_choices {
    bool sampled = false, known = true;
    double cost = 0, rate = 0, of_rate = 0;
};
template <class Option> constexpr void read(gate_choices& c, Option) { c.known = false; }
constexpr void read(gate_choices& c, sampled_gate) { c.sampled = true; }
template <auto S> constexpr void read(gate_choices& c, execution_cost<S>) { c.cost = S; }
template <auto T, auto S> constexpr void read(gate_choices& c, target_rate<T, S>) {
    c.rate = T;
    c.of_rate = S;
}

constexpr values gated_branch(value x, value branch, const gate_choices& choices) {
    if (!expects(branch, branch.shape() == x.shape(), "a branch that keeps the shape")) return {x, x, x};
    const int c = x.extent(-1);
    const value middle = x.rank() > 1 ? mean(x, leading) : x;  // (C)
    const value bias = reshape(parameter("bias", {1}, initial::constant(1)).no_weight_decay().with(x), {});
    value s = einsum("c,c->", middle, parameter("weight", {c}, initial::normal(0.01))) + bias;
    const value likely = sigmoid_layer{}.apply(s);
    if (choices.sampled && x.training()) {
        const value u = clamp(random_like(s), 1e-6, 1 - 1e-6);
        s = s + log(u) - log(1 - u);
    }
    const value soft = choices.sampled ? sigmoid_layer{}.apply(s) : likely;
    const value g = straight_through(less(0, s), soft);  // ()
    if (choices.cost > 0) add_loss(g * choices.cost);
    if (choices.of_rate > 0) add_loss(square(batch_mean(g) - choices.rate) * choices.of_rate);
    return {x + g * branch, g, likely};
}

}  // namespace detail

template <class F, class... Options> struct skip_gate_layer : layer_base<skip_gate_layer<F, Options...>> {
    static constexpr detail::gate_choices choices = [] {
        detail::gate_choices c;
        (read(c, Options{}), ...);
        return c;
    }();
    static_assert(choices.known,
                  "skip_gate_with<...>(f): the options are sampled_gate, execution_cost<S> and "
                  "target_rate<T, S>");
    using combines = void;
    using branch = F;
    static constexpr std::string_view name = "skip_gate";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "channels on the last axis")) return x;
        return detail::gated_branch(x, detail::only(detail::call_in("branch", F{}, x), 0), choices)[0];
    }
};

template <detail::composable F> constexpr skip_gate_layer<F> skip_gate(F) { return {}; }
template <class... Options, detail::composable F> constexpr skip_gate_layer<F, Options...> skip_gate_with(F) {
    return {};
}

template <class F> constexpr values skip_gated(value x, const F& f) {
    if (!expects(x, x.rank() >= 1, "channels on the last axis")) return {x, x, x};
    return detail::gated_branch(x, detail::only(detail::call_in("branch", f, x), 0), {});
}

struct gate_macs {
    double gate, branch;
    constexpr double expected(double probability) const { return gate + probability * branch; }
};
template <auto Gated, class Shape>
inline constexpr gate_macs skip_gate_macs = [] {
    const double branch = network<typename decltype(Gated)::branch{}, Shape>::macs;
    return gate_macs{network<Gated, Shape>::macs - branch, branch};
}();

}  // namespace tessera
