// differentiate: reverse mode. A graph becomes a longer graph that also holds the gradients.
//
// Adjoints are values like any other: that of a value of each sample is one a sample, that of a shared value is
// the sum over the samples present. Nodes that lead to nothing wanted are skipped. A loop becomes a second loop that
// runs the other way; so does a loop in its body, within each of its iterations.
#pragma once
#include <tessera/ir/operations.hpp>
#include <tessera/ir/operations/normalise.hpp>

namespace tessera::detail {

class tape {
  public:
    constexpr tape(graph& g, const list<int>& roots) : graph_(g) {
        wanted_.assign(g.nodes.size(), 0);
        adjoint_.assign(g.nodes.size(), -1);
        reached_.assign(g.nodes.size(), 0);
        for (int r : roots) wanted_[index(r)] = 1;
        const node* const nodes = g.nodes.data();
        const int *const arguments = g.arguments.data(), count = static_cast<int>(g.nodes.size());
        char* const wanted = wanted_.data();
        // again where a carry is wanted for what comes after it in its loop
        for (bool again = true; again;) {
            again = false;
            for (int i = 0; i < count; ++i) {
                for (int k = nodes[i].first_argument; k < nodes[i].first_argument + nodes[i].argument_count; ++k)
                    if (wanted[arguments[k]] != 0 && !is_whole(nodes[i].type)) wanted[i] = 1;
                if (nodes[i].kind != op::next || wanted[i] == 0) continue;
                char& carry = wanted[arguments[nodes[i].first_argument]];
                again = again || carry == 0;
                carry = 1;
            }
        }
    }

    constexpr bool wants(value x) const { return x.id >= 0 && index(x.id) < wanted_.size() && wanted_[index(x.id)]; }
    constexpr value inverse_count() {
        node n;
        n.kind = op::inverse_count;
        return add_node(graph_, n);
    }

    // with which the mean of a loss over the samples present is differentiated
    constexpr value mean_seed(value loss) {
        return broadcast_to(loss.batched() ? inverse_count() : constant(graph_, 1), loss.shape(), loss.batched());
    }

    // of y = normalise(x) with respect to x; root is 1 / sqrt(variance + epsilon). Where dy is dz times a weight for each
    // of what is normalised apart, as of a batch norm, it is taken out of the sums: they are then those of the gradients
    // of the weight and of a bias, and dy itself is not needed.
    constexpr value normalised_gradient(value y, value dy, value root) {
        const auto own = y.attributes<normalise_attributes>();
        const unsigned mask = own.axes;
        const bool over_batch = own.over_batch != 0;
        const double share = 1.0 / reduced_size(y.shape(), mask);
        if (const node& n = dy.get(); n.kind == op::pointwise && n.function == scalar_function::multiply) {
            const value dz = dy.argument(0), weight = dy.argument(1);
            if (dz.shape() == y.shape() && dz.batched() == y.batched() &&
                is_the_same_along(weight, y, mask, over_batch)) {
                const value one = over_batch && y.batched() ? inverse_count() * share : constant(graph_, share);
                const value mean = reduce(op::sum, dz, mask, {.over_batch = over_batch}) * one,
                            along = reduce(op::sum, dz * y, mask, {.over_batch = over_batch}) * one;
                return weight * root * (dz - mean - y * along);
            }
        }
        const reduction_options average{over_batch, over_batch, share};
        const value mean = reduce(op::sum, dy, mask, average), along = reduce(op::sum, dy * y, mask, average);
        return root * (dy - mean - y * along);
    }

    // Of a node of several results: one of them has an adjoint, so its rule is wanted, whose own may be missing.
    constexpr void reach(value producer) { reached_[index(producer.id)] = 1; }
    // the adjoint of result `which` of y; a void value where there is none
    constexpr value of_result(value y, int which) {
        value sum{&graph_, -1};
        const auto count = static_cast<int>(adjoint_.size());
        for (int i = y.id + 1; i < count; ++i) {
            const node& n = graph_.nodes[index(i)];
            if (n.kind != op::result || n.slot != which || adjoint_[index(i)] < 0 || graph_.argument(n, 0) != y.id)
                continue;
            const value d{&graph_, adjoint_[index(i)]};
            sum = sum.id < 0 ? d : sum + d;
        }
        return sum;
    }

    constexpr void add(value x, value dx) {
        if (!wants(x) || !dx.valid()) return;
        const node n = x.get();
        if (!(dx.shape() == n.shape) || (dx.batched() && !n.batched)) dx = sum_to(dx, n.shape, n.batched);
        dx = broadcast_to(dx, n.shape, n.batched, n.type);
        int& sum = adjoint_[index(x.id)];
        sum = sum < 0 ? dx.id : (value{&graph_, sum} + dx).id;
    }

    // from the seed of y back to the roots
    constexpr void run(value y, value seed) {
        add(y, seed);
        sweep(y.id, 0);
        graph_.scope_now = 0;
    }

    // the gradient of a root; zero where nothing depends on it
    constexpr value gradient(int root) {
        const node n = graph_.nodes[index(root)];
        const int a = adjoint_[index(root)];
        return a >= 0 ? value{&graph_, a} : broadcast_to(constant(graph_, 0), n.shape, n.batched, n.type);
    }

  private:
    static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

    // whether a, stretched over y, does not change along these axes, nor over the samples where asked
    static constexpr bool is_the_same_along(value a, value y, unsigned mask, bool over_batch) {
        if (over_batch && a.batched()) return false;
        for (int from_behind = 1; from_behind <= a.rank(); ++from_behind)
            if ((mask >> (y.rank() - from_behind) & 1u) != 0 && a.extent(-from_behind) != 1) return false;
        return true;
    }

    constexpr void sweep(int from, int down_to) {
        for (int i = from; i >= down_to && !graph_.failed; --i) {
            if (graph_.nodes[index(i)].kind == op::loop_end) {
                i = turn_around(i);
                continue;
            }
            if (adjoint_[index(i)] < 0 && reached_[index(i)] == 0) continue;
            const value v{&graph_, i}, dv{&graph_, adjoint_[index(i)]};
            graph_.scope_now = v.get().scope;
            with_operation(v.get().kind, [&](auto operation) { operation.gradient(*this, v, dv); });
        }
    }

    // The loop that ends at `end`, run the other way: saved carries are read, the body is computed again and taken
    // back. Returns the node at which the loop begins.
    constexpr int turn_around(int end) {
        const int begin = loop_begin(graph_.nodes.data(), end);
        bool needed = false;
        for (int i = begin; i < end; ++i) needed = needed || adjoint_[index(i)] >= 0;
        if (!needed) return begin;

        const node mark = graph_.nodes[index(begin)];
        const auto [length, reversed, repeats] = graph_.attributes<loop_attributes>(mark);
        graph_.scope_now = mark.scope;
        if (read_behind(begin, end)) {
            reject(graph_, text("a scan of which its result alone is read after it"), text("a value of its body"),
                   text("make the value a part of the carry"));
            return begin;
        }
        for (int i = begin; i < end; ++i) {
            int& d = adjoint_[index(i)];
            if (graph_.nodes[index(i)].kind != op::total || d < 0) continue;
            const extents shape = value{&graph_, graph_.argument(i, 0)}.shape();
            d = reshape(slice({&graph_, d}, 0, 0, 1), shape).id;  // its rows are added up, so each has the same
        }
        // what is wanted of the carries as they are after the loop
        list<int> after_loop;
        for (int i = begin + 1, depth = 0; i < end; ++i) {
            const node n = graph_.nodes[index(i)];
            depth += (n.kind == op::loop) - (n.kind == op::loop_end);
            if (n.kind == op::carry && depth == 0) {
                const int d = adjoint_[index(next_of(i, end))];
                after_loop.push_back(d >= 0 ? d : broadcast_to(constant(graph_, 0), n.shape, n.batched, n.type).id);
            }
        }
        const auto walk = repeats != 0 ? loops::walk::repeat : loops::walk::time;
        const value turned = loops::begin(graph_, length, reversed == 0, walk);
        list<int> copy(index(end), -1);  // of the body's nodes, by number
        list<int> roots;                 // what the body takes from outside, and wants a gradient of
        list<int> outside, carries, sequences;
        const auto take = [&](int i) {
            if (!wants(value{&graph_, i})) return;
            for (int o : outside)
                if (o == i) return;
            outside.push_back(i);
        };
        const auto copied = [&](int i) { return i < begin ? i : copy[index(i)]; };
        for (int i = begin + 1, depth = 0; i < end; ++i) {
            node n = graph_.nodes[index(i)];
            depth += n.kind == op::loop;
            const bool inner = depth > 0;  // of a loop in the body: computed again as it is
            depth -= n.kind == op::loop_end;
            const value from = n.argument_count > 0 ? value{&graph_, graph_.argument(n, 0)} : value{};
            if (n.kind == op::carry && !inner) {
                carries.push_back(i);
                copy[index(i)] = loops::item(value{&graph_, saved_of(i, end)}).id;
                roots.push_back(copy[index(i)]);
            } else if (n.kind == op::item && !inner) {
                copy[index(i)] = loops::item(from).id;
                if (wants(from)) {
                    sequences.push_back(i);
                    roots.push_back(copy[index(i)]);
                }
            } else if (n.kind == op::parameter || n.kind == op::state) {
                copy[index(i)] = i;  // bound in the body, and the same in every iteration
                take(i);
            } else {
                for (int k = 0; k < n.argument_count; ++k)
                    if (const int a = graph_.argument(n, k); a < begin) take(a);
                const bool leaves = n.kind == op::next || n.kind == op::stack || n.kind == op::total;
                if ((leaves && !inner) || n.kind == op::store) continue;
                n = graph_.copy_of(n);
                for (int k = 0; k < n.argument_count; ++k) graph_.argument(n, k) = copied(graph_.argument(n, k));
                copy[index(i)] = graph_.add(n);
            }
        }
        for (int o : outside) roots.push_back(o);
        const int end_of_body = static_cast<int>(graph_.nodes.size()) - 1;
        tape body(graph_, roots);
        list<int> running;  // adjoints carried from iteration to iteration
        for (std::size_t k = 0; k < carries.size(); ++k) running.push_back(loops::carry({&graph_, after_loop[k]}).id);
        for (int i = begin + 1, depth = 0; i < end; ++i) {
            const node n = graph_.nodes[index(i)];
            const int d = adjoint_[index(i)];
            depth += (n.kind == op::loop) - (n.kind == op::loop_end);
            if (depth > 0) continue;
            if (n.kind == op::next) {
                for (std::size_t k = 0; k < carries.size(); ++k)
                    if (carries[k] == graph_.argument(n, 0))
                        body.add({&graph_, copied(graph_.argument(n, 1))}, {&graph_, running[k]});
            } else if (n.kind == op::stack && d >= 0) {
                body.add({&graph_, copied(graph_.argument(n, 0))}, loops::item({&graph_, d}));
            } else if (n.kind == op::total && d >= 0) {
                body.add({&graph_, copied(graph_.argument(n, 0))}, {&graph_, d});
            }
        }
        body.sweep(end_of_body, turned.id + 1);
        list<int> of_outside, of_sequences, of_carries;
        for (int o : outside) of_outside.push_back(loops::total(body.gradient(o), length).id);
        for (int i : sequences) of_sequences.push_back(loops::stack(body.gradient(copy[index(i)]), length).id);
        for (std::size_t k = 0; k < carries.size(); ++k) {
            const value d = body.gradient(copy[index(carries[k])]);
            of_carries.push_back((carries.size() > 1 ? loops::apart(d) : d).id);
        }
        for (std::size_t k = 0; k < carries.size(); ++k) loops::next({&graph_, running[k]}, {&graph_, of_carries[k]});
        loops::end(graph_);
        const auto argument_of = [&](int i) { return value{&graph_, graph_.argument(i, 0)}; };
        for (std::size_t k = 0; k < outside.size(); ++k) {
            const extents shape = graph_.nodes[index(outside[k])].shape;
            add({&graph_, outside[k]}, loops::of_total({&graph_, of_outside[k]}, shape));
        }
        for (std::size_t k = 0; k < sequences.size(); ++k) add(argument_of(sequences[k]), {&graph_, of_sequences[k]});
        for (std::size_t k = 0; k < carries.size(); ++k) add(argument_of(carries[k]), {&graph_, of_carries[k]});
        return begin;
    }
    // whether something after a loop wants the gradient of a value that is not collected for it
    constexpr bool read_behind(int begin, int end) const {
        for (int i = begin + 1, depth = 0; i < end; ++i) {
            const op kind = graph_.nodes[index(i)].kind;
            depth += (kind == op::loop) - (kind == op::loop_end);
            const bool collected = depth == 0 && (kind == op::stack || kind == op::total || kind == op::next);
            if (adjoint_[index(i)] >= 0 && !collected && !is_source(kind)) return true;
        }
        return false;
    }
    // the stack that saved a carry, and what it becomes
    constexpr int saved_of(int carried, int end) const { return reader_of(op::stack, carried, end); }
    constexpr int next_of(int carried, int end) const { return reader_of(op::next, carried, end); }
    constexpr int reader_of(op kind, int carried, int end) const {
        for (int i = carried; i < end; ++i)
            if (graph_.nodes[index(i)].kind == kind && graph_.argument(i, 0) == carried) return i;
        return -1;
    }

    graph& graph_;
    list<int> adjoint_;
    list<char> wanted_, reached_;
};

}  // namespace tessera::detail
