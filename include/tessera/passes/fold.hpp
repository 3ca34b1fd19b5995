// fold: rewriting a network for inference. Scales of channels move into the weights before them, sums of constants
// become one, and what depends on parameters and states alone is cut off: it becomes the parameters of a smaller
// network.
//
//   fold_scales(g)      (conv(x, w) + b) s + t   becomes   conv(x, w s) + (b s + t)
//   folded_part(g)      the network that is left
//   folding_part(g)     a network without inputs that computes the former's parameters, its outputs, from the old ones
//
// A batch norm after a convolution or a dense layer so vanishes, in the body of a loop too; one in another place is left
// as a product and a sum. What a loop would compute of parameters in each iteration is computed once as well.
// Parameters of the result have the path of the first parameter that they are made from.
//
// Runs in time that is linear in the number of nodes, but for names, which are compared with each other.
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/passes/count_readers.hpp>
#include <tessera/passes/fixed_values.hpp>
#include <tessera/passes/rewrite.hpp>
#include <tessera/passes/simplify.hpp>

namespace tessera::detail {

namespace folding {

class rewriter {
  public:
    constexpr graph run(graph g) {
        const list<char> was_fixed = find_foldable_values(g);
        const list<int> readers = count_readers(g);
        rewrite r(g);
        g_ = &g;
        for (int i = 0; i < r.count(); ++i) {
            const node& n = r.before(i);
            r.keep(i);
            note(was_fixed[at(i)]);
            if (n.kind == op::pointwise && was_fixed[at(i)] == 0)
                if (const int made = rewritten(g.nodes.back()); made >= 0) r.becomes(i, made);
            readers_[at(r.now(i))] = readers[at(i)];
        }
        r.finish();
        return g;
    }

  private:
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    constexpr const node& of(int i) const { return g_->nodes[at(i)]; }

    // what is known of nodes that have been added
    constexpr void note(char fixed) {
        fixed_.resize(g_->nodes.size(), fixed);
        readers_.resize(g_->nodes.size(), 1);
    }
    constexpr int add(scalar_function f, int a, int b, int scope) {
        const bool fixed = fixed_[at(a)] != 0 && fixed_[at(b)] != 0;
        g_->scope_now = scope;
        const int made = pointwise(f, {value{g_, a}, value{g_, b}}).id;
        note(fixed);
        return made;
    }

    // what n becomes, or -1
    constexpr int rewritten(const node n) {
        const bool product = n.function == scalar_function::multiply, sum = n.function == scalar_function::add;
        if (!product && !sum) return -1;
        for (int k = 0; k < 2; ++k) {
            const int x = g_->argument(n, k), c = g_->argument(n, 1 - k);
            if (fixed_[at(x)] != 0 || fixed_[at(c)] == 0 || !of_channels(of(c).shape, n.shape)) continue;
            if (!(of(x).shape == n.shape)) continue;  // c stretches x
            if (const int made = product ? scaled(x, c) : increased(x, c); made >= 0) return made;
        }
        return -1;
    }
    // one number for each channel, or for all
    static constexpr bool of_channels(const extents& e, const extents& of) {
        if (e.rank > of.rank || of.rank == 0) return false;
        return e.rank == 0 || (e.size() == e[-1] && (e[-1] == 1 || e[-1] == of[-1]));
    }
    // x c, the factor drawn into what makes x
    constexpr int scaled(int x, int c) {
        const node n = of(x);
        if (readers_[at(x)] != 1) return -1;
        if (n.kind == op::pointwise && n.function == scalar_function::add) {
            for (int k = 0; k < 2; ++k) {
                const int b = g_->argument(n, 1 - k);
                if (fixed_[at(b)] == 0 || !of_channels(of(b).shape, n.shape)) continue;
                if (!(of(g_->argument(n, k)).shape == n.shape)) continue;
                if (const int inner = scaled(g_->argument(n, k), c); inner >= 0)
                    return add(scalar_function::add, inner, add(scalar_function::multiply, b, c, n.scope), n.scope);
            }
            return -1;
        }
        if (!channels_are_of_weight(n) || of(c).shape.rank > of(g_->argument(n, 1)).shape.rank) return -1;
        const int weight = add(scalar_function::multiply, g_->argument(n, 1), c, n.scope);
        node made = n;
        g_->set_arguments(made, {g_->argument(n, 0), weight});
        const int id = g_->add(made);
        note(0);
        return id;
    }
    // whether the last axis of the result is the last axis of the weight, and of the weight alone
    constexpr bool channels_are_of_weight(const node& n) const {
        if (n.argument_count < 2 || fixed_[at(g_->argument(n, 1))] == 0) return false;
        if (n.kind == op::convolution) return true;
        if (n.kind != op::einsum) return false;
        const auto labels = g_->attributes<einsum_attributes>(n);
        const char channel = labels.out().back();
        return equation::find(labels.a(), channel) < 0 && !labels.b().empty() && labels.b().back() == channel;
    }
    // x + c, where x is a sum with a constant already
    constexpr int increased(int x, int c) {
        const node n = of(x);
        if (readers_[at(x)] != 1 || n.kind != op::pointwise || n.function != scalar_function::add) return -1;
        for (int k = 0; k < 2; ++k) {
            const int b = g_->argument(n, 1 - k);
            if (fixed_[at(b)] != 0 && of_channels(of(b).shape, n.shape))
                return add(scalar_function::add, g_->argument(n, k), add(scalar_function::add, b, c, n.scope), n.scope);
        }
        return -1;
    }

    graph* g_ = nullptr;  // as it is rewritten, and what is known of each node
    list<char> fixed_;
    list<int> readers_;
};

// the fixed values that something else reads, in order
constexpr list<int> boundary(const graph& g, const list<char>& fixed) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    list<char> read(g.nodes.size(), 0);
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        for (int k = 0; k < g.nodes[i].argument_count && fixed[i] == 0; ++k)
            if (const int a = g.argument(static_cast<int>(i), k); fixed[at(a)] != 0) read[at(a)] = 1;
    for (int o : g.outputs) read[at(o)] = fixed[at(o)];
    list<int> list;
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        if (read[i] != 0 && g.nodes[i].kind != op::constant) list.push_back(static_cast<int>(i));
    return list;
}

// the first variable that a fixed value is made from
constexpr variable_info origin(const graph& g, int i) {
    const node& n = g.nodes[static_cast<std::size_t>(i)];
    if (n.kind == op::parameter) return g.parameters[static_cast<std::size_t>(n.slot)];
    if (n.kind == op::state) return g.states[static_cast<std::size_t>(n.slot)];
    for (int k = 0; k < n.argument_count; ++k)
        if (const variable_info v = origin(g, g.argument(i, k)); !v.name.empty()) return v;
    return {};
}

}  // namespace folding

constexpr graph fold_scales(graph g) { return simplify<false>(folding::rewriter().run(std::move(g))); }

constexpr graph folded_part(const graph& g) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const list<char> fixed = find_foldable_values(g);
    graph rest = g;
    rest.clear_nodes();
    rest.parameters.clear();
    rest.parameter_ids.clear();
    rest.states.clear();
    rest.state_ids.clear();
    rest.losses.clear();
    list<int> now(g.nodes.size(), -1), state_now(g.states.size(), -1);
    for (int i : folding::boundary(g, fixed)) {
        const node& n = g.nodes[at(i)];
        variable_info v = folding::origin(g, i);
        v.name = free_name(rest.parameters, v);
        v.shape = n.shape;
        v.start = {};
        v.decays = false;
        v.offset = end_of(rest.parameters);
        node p;
        p.kind = op::parameter;
        p.shape = n.shape;
        p.slot = static_cast<int>(rest.parameters.size());
        p.scope = v.scope;
        now[at(i)] = rest.add(p);
        rest.parameters.push_back(v);
        rest.parameter_ids.push_back(now[at(i)]);
    }
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        node n = g.nodes[i];
        if (now[i] >= 0 || (fixed[i] != 0 && n.kind != op::constant)) continue;
        if (n.kind == op::state) {
            variable_info s = g.states[at(n.slot)];
            s.offset = end_of(rest.states);
            state_now[at(n.slot)] = static_cast<int>(rest.states.size());
            rest.states.push_back(s);
            rest.state_ids.push_back(static_cast<int>(rest.nodes.size()));
        }
        if (n.kind == op::state || n.kind == op::store) n.slot = state_now[at(n.slot)];
        now[i] = rest.add_from(g.view(), n, now.data());
    }
    for (int& o : rest.outputs) o = now[at(o)];
    list<tap_info> taps;
    for (const tap_info& t : g.taps)
        if (now[at(t.id)] >= 0) taps.push_back({t.scope, now[at(t.id)]});
    rest.taps = taps;
    return rest;
}

constexpr graph folding_part(const graph& g) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const list<char> fixed = find_foldable_values(g);
    graph part = g;
    part.clear_nodes();
    part.inputs.clear();
    part.losses.clear();
    part.taps.clear();
    part.outputs.clear();
    list<int> now(g.nodes.size(), -1);
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        if (fixed[i] == 0) continue;
        now[i] = part.add_from(g.view(), g.nodes[i], now.data());
    }
    for (int& i : part.parameter_ids) i = i < 0 ? -1 : now[at(i)];
    for (int& i : part.state_ids) i = i < 0 ? -1 : now[at(i)];
    for (int i : folding::boundary(g, fixed)) part.outputs.push_back(now[at(i)]);
    return part;
}

}  // namespace tessera::detail
