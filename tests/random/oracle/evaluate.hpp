// The oracle: a graph evaluated in double, node by node as it was traced, each value in memory of its own, with bounds
// of what a program of another precision may be off by. It shares no pass, no memory and no operation with the library.
//
//   stop_gradient    holds its first value while inputs are moved, if asked: see `held_values`
#pragma once
#include <tessera/ir/operations/store.hpp>

#include "../../nodes.hpp"
#include "arithmetic_operations.hpp"
#include "attention_operations.hpp"
#include "index_operations.hpp"
#include "moving_operations.hpp"
#include "sample_operations.hpp"
#include "window_operations.hpp"

namespace tessera::random_networks {

using namespace detail;

// what a call is given
struct given {
    int count = 1;
    std::uint64_t seed = 0;
    std::vector<std::vector<double>> inputs;              // by slot; whole numbers too
    std::vector<std::vector<double>> parameters, states;  // by slot
};

struct evaluated {
    std::vector<numbers> made;               // by node
    std::vector<numbers> states, gradients;  // by slot; as they were, or empty, where nothing was stored
};

// The values of stop_gradient in the order in which they were met: written once, read ever after.
struct held_values {
    bool written = false;
    std::size_t at = 0;
    std::vector<numbers> list;
};

class oracle {
  public:
    oracle(const graph& g, const given& in, precision p, held_values* held = nullptr)
        : g_(g), in_(in), p_(p), with_(p), held_(held) {
        result_.made.resize(g.nodes.size());
        for (const auto& s : in.states) result_.states.push_back(exact(s));
        seen_ = result_.states;
        result_.gradients.resize(g.parameters.size());
        carried_.resize(g.nodes.size());
        inside_norm_.resize(g.nodes.size());
        for (const node& n : g.nodes)
            if (const int mean = mean_of_norm(n); mean >= 0) inside_norm_[index(mean)] = true;
    }

    evaluated run() {
        if (held_ != nullptr) held_->at = 0;
        run_nodes(0, static_cast<int>(g_.nodes.size()));
        if (held_ != nullptr) held_->written = true;
        return std::move(result_);
    }

  private:
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }
    static numbers exact(const std::vector<double>& x) {
        numbers y;
        for (double v : x) y.push_back(exactly(v));
        return y;
    }

    // normalise takes its mean off in two parts, x + stop_gradient(-mean) and second - (mean - first), and has one
    // gradient for both: the first of them if that is what n does, or -1
    int mean_of_norm(const node& n) const {
        const auto is = [](const node& x, scalar_function f) { return x.kind == op::pointwise && x.function == f; };
        const graph_view g = g_.view();
        const auto argument = [&](const node& x, int k) -> const node& { return g.operand(x, k); };
        using f = scalar_function;
        if (!is(n, f::normalise) || !is(argument(n, 0), f::add) || !is(argument(n, 1), f::subtract)) return -1;
        const int stopped = g.argument(argument(n, 0), 1);
        const node& rest = argument(argument(n, 1), 1);
        if (!is(g_.nodes[index(stopped)], f::stop_gradient) || !is(rest, f::subtract)) return -1;
        const node& minus = argument(g_.nodes[index(stopped)], 0);
        return is(minus, f::negate) && g.argument(minus, 0) == g.argument(rest, 0) ? stopped : -1;
    }

    // what a state is from now on, to the nodes that read it
    void show_state(std::size_t slot, const numbers& y) {
        seen_[slot] = y;
        result_.made[index(g_.state_ids[slot])] = y;
    }

    void run_nodes(int from, int until) {
        for (int i = from; i < until; ++i) {
            const node& n = g_.nodes[index(i)];
            if (n.kind != op::loop) {
                run_node(i);
                continue;
            }
            int end = i + 1;
            for (int depth = 1; depth > 0; ++end)
                depth += (g_.nodes[index(end)].kind == op::loop) - (g_.nodes[index(end)].kind == op::loop_end);
            --end;
            const int outer_iteration = iteration_;
            const bool outer_first = first_;
            // each iteration sees the states that the one before left; what stands after the loop, as before it
            const std::vector<std::size_t> updated = states_updated(i + 1, end);
            const std::vector<numbers> before = seen_;
            const auto [length, reversed, repeats] = g_.attributes<loop_attributes>(n);
            for (int k = 0; k < length; ++k) {
                iteration_ = reversed != 0 ? length - 1 - k : k;
                first_ = k == 0;
                for (std::size_t slot : updated)
                    if (k > 0) show_state(slot, result_.states[slot]);
                run_nodes(i + 1, end);
            }
            for (std::size_t slot : updated) show_state(slot, before[slot]);
            iteration_ = outer_iteration;
            first_ = outer_first;
            i = end;
        }
    }

    std::vector<std::size_t> states_updated(int from, int until) const {
        std::vector<std::size_t> slots;
        for (int i = from; i < until; ++i)
            if (const node& n = g_.nodes[index(i)]; updates_state(g_.view(), n)) slots.push_back(index(n.slot));
        return slots;
    }

    void run_node(int i) {
        const node& n = g_.nodes[index(i)];
        numbers& y = result_.made[index(i)];
        const precision p = precision_of(n);
        const bounded_arithmetic with(p);
        const operands o{g_, n, result_.made, with, in_.count, in_.seed};
        switch (n.kind) {
            case op::input: y = exact(in_.inputs[index(n.slot)]); break;
            case op::parameter: y = exact(in_.parameters[index(n.slot)]); break;
            case op::state: y = seen_[index(n.slot)]; break;
            case op::constant:
                y.clear();
                for (int k = 0; k < n.shape.size(); ++k) y.push_back(with.number(g_.view().number(n, k)));
                break;
            case op::inverse_count: y = {with.number(1.0 / in_.count)}; break;
            case op::pointwise:
                y = pointwise_of(o);
                if (n.function == scalar_function::stop_gradient && !inside_norm_[index(i)]) hold(y);
                if (n.function == scalar_function::straight_through) hold_beside(y, o);
                break;
            case op::einsum: y = einsum_of(o); break;
            case op::sum:
            case op::maximum: y = reduction_of(o); break;
            case op::cumulative_sum: y = cumulative_sum_of(o); break;
            case op::softmax:
            case op::log_softmax: y = softmax_of(o, p); break;
            case op::attention:
            case op::attention_gradient:
            case op::attention_bias: y = attention_of(o, p); break;
            case op::result:
                y = further_result(o);
                if (!n.is_floating()) hold(y);
                break;
            case op::convolution:
            case op::convolution_backward_data:
            case op::convolution_backward_filter: y = convolution_of(o); break;
            case op::max_pool:
            case op::max_pool_input:
            case op::average_pool:
            case op::average_pool_input: y = pooling_of(o); break;
            case op::resample: y = resample_of(o); break;
            case op::sample: y = sample_of(o); break;
            case op::sample_input: y = sample_input_of(o); break;
            case op::sample_coordinates: y = sample_coordinates_of(o); break;
            case op::reshape:
            case op::relayout: y = reshape_of(o); break;
            case op::permute: y = permute_of(o); break;
            case op::slice: y = slice_of(o); break;
            case op::pad: y = pad_of(o); break;
            case op::unfold: y = unfold_of(o); break;
            case op::concatenate: y = concatenate_of(o); break;
            case op::gather: y = gather_of(o); break;
            case op::scatter_add: y = scatter_of(o); break;
            case op::one_hot: y = one_hot_of(o); break;
            case op::take_along: y = take_along_of(o); break;
            case op::add_along: y = add_along_of(o); break;
            case op::top_k: y = top_k_of(o, false); break;
            case op::to_index:
                y = to_index_of(o);
                hold(y);
                break;
            case op::integer: y = integer_of(o); break;
            case op::convert:
                y = convert_of(o);
                hold(y);
                break;
            case op::sign_bits:
                y = sign_bits_of(o);
                hold(y);
                break;
            case op::unpack_bits: y = unpack_bits_of(o); break;
            case op::cast: y = o.each([&](int s, int k) { return cast_to(with, n.type, o.at(0, s, k)); }); break;
            case op::row_product: y = row_product_of(o); break;
            case op::to_real: y = o.each([&](int s, int k) { return o.at(0, s, k); }); break;
            case op::with_gradient: y = o.each([&](int s, int k) { return o.at(0, s, k); }); break;
            case op::random: y = random_of(o); break;
            case op::store: {
                y = reshape_of(o);
                (updates_state(g_.view(), n) ? result_.states : result_.gradients)[index(n.slot)] = y;
                break;
            }
            case op::carry: y = first_ ? reshape_of(o) : carried_[index(i)]; break;
            case op::next: y = carried_[index(o.id(0))] = o.each([&](int s, int k) { return o.at(1, s, k); }); break;
            case op::item: y = o.each([&](int s, int k) { return o.at(0, s, iteration_ * n.shape.size() + k); }); break;
            case op::stack: {
                y.resize(index(o.samples() * n.shape.size()));
                const int size = n.shape.size() / n.shape[0];
                for (int s = 0; s < o.samples(); ++s)
                    for (int k = 0; k < size; ++k) y[index(s * n.shape.size() + iteration_ * size + k)] = o.at(0, s, k);
                break;
            }
            case op::total:
                y.resize(index(o.samples() * n.shape.size()));
                for (int s = 0; s < o.samples(); ++s)
                    for (int k = 0; k < n.shape.size(); ++k) {  // all is in the first row
                        bounded& sum = y[index(s * n.shape.size() + k)];
                        if (k >= n.shape[1])
                            sum = exactly(0);
                        else
                            sum = first_ ? o.at(0, s, k) : with.add(sum, o.at(0, s, k));
                    }
                break;
            case op::delay_line:
            case op::cached_attention:  // of streams, which are held against whole sequences
            case op::loop:
            case op::loop_end: break;
        }
    }
    // in which a program computes a node
    precision precision_of(const node& n) const {
        const element width = g_.view().width_of(n);
        return width == element::float64   ? precision::of<double>()
               : width == element::float32 ? precision::of<float>()
                                           : p_;
    }
    // rounded, where the number type may not hold it
    bounded cast_to(const bounded_arithmetic& with, element to, bounded x) const {
        const bool narrows = to == element::float32 || (to == element::real && p_.unit > 1e-10);
        if (!narrows || !x.known() || !std::isfinite(x.value)) return x;
        if (x.exact() && static_cast<double>(static_cast<float>(x.value)) == x.value) return x;
        return with.rounded(x.value, x.error, 1);
    }
    // of the operation that the one operand of `of` is the first result of
    numbers further_result(const operands& of) const {
        const precision p = precision_of(of.argument(0));
        const operands o{g_, of.argument(0), result_.made, bounded_arithmetic(p), in_.count, in_.seed};
        return o.self.kind == op::top_k ? top_k_of(o, true) : attention_of(o, p, of.self.slot);
    }
    void hold(numbers& y) {
        if (held_ == nullptr) return;
        if (held_->written)
            y = held_->list[held_->at];
        else
            held_->list.push_back(y);
        ++held_->at;
    }

    // a straight_through value moves as its second operand does
    void hold_beside(numbers& y, const operands& o) {
        if (held_ == nullptr) return;
        node beside = o.self;
        beside.function = scalar_function::identity;
        ++beside.first_argument;
        beside.argument_count = 1;
        const numbers moving = pointwise_of({o.of, beside, o.made, o.with, o.count, o.seed});
        for (std::size_t k = 0; k < y.size(); ++k) y[k] = with_.add(y[k], with_.negate(moving[k]));
        hold(y);
        for (std::size_t k = 0; k < y.size(); ++k) y[k] = with_.add(y[k], moving[k]);
    }

    const graph& g_;
    const given& in_;
    precision p_;
    bounded_arithmetic with_;
    held_values* held_;
    evaluated result_;
    std::vector<numbers> carried_;
    std::vector<numbers> seen_;  // states, by slot
    std::vector<bool> inside_norm_;
    int iteration_ = 0;
    bool first_ = true;
};

}  // namespace tessera::random_networks
