// evaluation: a network run on the reference implementations of its operations, in double precision, node by node.
// For tests of values and gradients that need no backend.
//
//     evaluation<net> e(phase::training, batch);
//     e.input(0) = {...};  e.index(1) = {...};  e.parameter("weight") = {...};  e.run(seed of the first output);
//     e.output();  e.gradient("weight");  e.input_gradient(0);  e.updated("running_mean");
#pragma once
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <tessera/network.hpp>
#include <tessera/passes/differentiate.hpp>
#include <utility>
#include <vector>

namespace tessera {

using namespace detail;

using numbers = std::vector<double>;

template <class Net> class evaluation {
  public:
    explicit evaluation(phase purpose = phase::inference, int batch = 1) : batch_(batch), graph_(Net::trace(purpose)) {
        const value y{&graph_, graph_.outputs[0]};
        list<int> roots;
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
            if (const node& n = graph_.nodes[i]; (n.kind == op::input || n.kind == op::parameter) && n.is_floating())
                roots.push_back(static_cast<int>(i));
        node seed;
        seed.kind = op::input;
        seed.shape = y.shape();
        seed.batched = y.batched();
        seed_ = add_node(graph_, seed).id;
        tape t(graph_, roots);
        t.run(y, {&graph_, seed_});
        for (int r : roots) gradients_.push_back({r, t.gradient(r).id});
        values_.resize(graph_.nodes.size());
        whole_.resize(graph_.nodes.size());
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
            if (graph_.nodes[i].is_floating())
                values_[i].resize(length(static_cast<int>(i)));
            else
                whole_[i].resize(length(static_cast<int>(i)));
        for (int p : graph_.parameter_ids) fill(p, graph_.parameters[at(node_of(p).slot)].start.scale);
        for (int s : graph_.state_ids) fill(s, graph_.states[at(node_of(s).slot)].start.scale);
        fill(seed_, 1);
    }

    numbers& input(int slot = 0) { return values_[at(input_id(slot))]; }
    numbers& parameter(std::string_view path) {
        return values_[at(id_of(path, graph_.parameters, graph_.parameter_ids))];
    }
    numbers& state(std::string_view path) { return values_[at(id_of(path, graph_.states, graph_.state_ids))]; }
    numbers& seed() { return values_[at(seed_)]; }
    // an input of whole numbers
    std::vector<std::int32_t>& index(int slot = 0) { return whole_[at(input_id(slot))]; }

    const numbers& output() const { return values_[at(graph_.outputs[0])]; }
    const numbers& gradient(std::string_view path) const {
        return gradient_of(id_of(path, graph_.parameters, graph_.parameter_ids));
    }
    const numbers& input_gradient(int slot = 0) const { return gradient_of(input_id(slot)); }
    const numbers& updated(std::string_view path) const {
        const int slot = node_of(id_of(path, graph_.states, graph_.state_ids)).slot;
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            const node& n = graph_.nodes[i];
            if (updates_state(graph_.view(), n) && n.slot == slot) return values_[i];
        }
        throw std::out_of_range("no update of this state");
    }

    void run(std::uint64_t random_seed = 1) {
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            const node& n = graph_.nodes[i];
            if (n.kind == op::inverse_count) values_[i][0] = 1.0 / batch_;
            if (n.kind == op::constant) set_constant(i);
            const double* x[max_arguments] = {};
            const std::int32_t* index[max_arguments] = {};
            double* further[max_results - 1] = {};
            std::int32_t* index_further[max_results - 1] = {};
            call<double> c;
            c.graph = graph_.view();
            c.self = &n;
            c.x = x;
            c.index = index;
            c.further = further;
            c.index_further = index_further;
            c.count = batch_;
            c.seed = random_seed;
            c.y = real_of(i);
            c.index_y = whole_of(i);
            for (int k = 0; k < n.argument_count; ++k) {
                const std::size_t from = at(graph_.argument(static_cast<int>(i), k));
                x[k] = real_of(from);
                index[k] = whole_of(from);
            }
            for (std::size_t r = i + 1; r < graph_.nodes.size(); ++r)
                if (const node& m = graph_.nodes[r];
                    m.kind == op::result && graph_.argument(static_cast<int>(r), 0) == static_cast<int>(i)) {
                    further[m.slot - 1] = real_of(r);
                    index_further[m.slot - 1] = whole_of(r);
                }
            const auto run_as = [](auto operation, const auto& now) {
                for (int item = 0; item < operation.items(now); ++item) operation.run(now, item);
            };
            if (!n.is_floating() && facts_of(n.kind).any_element)
                with_moving_operation(n.kind, [&](auto operation) {
                    with_moving_call(c, [&](const auto& moving) { run_as(operation, moving); });
                });
            else
                with_operation(n.kind, [&](auto operation) { run_as(operation, c); });
        }
    }

  private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
    const node& node_of(int i) const { return graph_.nodes[at(i)]; }
    std::size_t length(int i) const { return at(stored_shape(node_of(i)).size() * (node_of(i).batched ? batch_ : 1)); }
    // where the elements of a node stand; null where they are of the other kind
    double* real_of(std::size_t i) { return graph_.nodes[i].is_floating() ? values_[i].data() : nullptr; }
    std::int32_t* whole_of(std::size_t i) { return graph_.nodes[i].is_floating() ? nullptr : whole_[i].data(); }
    void set_constant(std::size_t i) {
        const node& n = graph_.nodes[i];
        for (int k = 0; k < n.shape.size(); ++k)
            if (const double number = graph_.view().number(n, k); n.is_floating())
                values_[i][at(k)] = number;
            else if (n.type == element::bit)
                set_bit(whole_[i].data(), n.shape[-1], k, number != 0);
            else
                whole_[i][at(k)] = static_cast<std::int32_t>(number);
    }
    void fill(int i, double number) { std::fill(values_[at(i)].begin(), values_[at(i)].end(), number); }
    int input_id(int slot) const {
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
            if (graph_.nodes[i].kind == op::input && graph_.nodes[i].slot == slot) return static_cast<int>(i);
        throw std::out_of_range("no such input");
    }
    int id_of(std::string_view path, const detail::list<variable_info>& list, const detail::list<int>& ids) const {
        for (std::size_t i = 0; i < list.size(); ++i)
            if (graph_.path_of(list[i]).view() == path) return ids[i];
        throw std::out_of_range("no such variable");
    }
    const numbers& gradient_of(int id) const {
        for (const auto& [root, gradient] : gradients_)
            if (root == id) return values_[at(gradient)];
        throw std::out_of_range("no such gradient");
    }

    int batch_;
    graph graph_;
    int seed_ = -1;
    std::vector<std::pair<int, int>> gradients_;
    std::vector<numbers> values_;  // by node, one of the two
    std::vector<std::vector<std::int32_t>> whole_;
};

}  // namespace tessera
