// A program that is made while the tests run: the passes and kernels of a backend on a graph that no type names. What a
// compiled program decides when compiling is decided here by the same functions; pointwise loops are interpreted.
//
//   make_program<T>(graph, capacity, backend::simd{})    graph: simplified and hoisted
//   p->run(memory)     p->at(node)     p->workspace_bytes()
#pragma once
#include <map>
#include <memory>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>

#include "interpreted_loop.hpp"
#include "run_time_program.hpp"

namespace tessera::random_networks {

using namespace detail;

// as many nodes as the arrays of the passes hold; more than a graph has are numbers that nothing reads
template <int Nodes>
using table_of = frozen_graph<Nodes, 4 * Nodes, 16 * Nodes, 8 * Nodes, 511, 15, 255, 127, 63, 63, 63>;
inline constexpr int few_nodes = 255, many_nodes = 1500;  // the latter is what a graph of these tests may have

template <int Nodes> bool fits(const graph& g) {
    const graph_sizes n = graph_sizes::of(g);
    return n.nodes <= Nodes && n.arguments <= 4 * Nodes && n.words <= 16 * Nodes && n.numbers <= 8 * Nodes;
}
template <int Nodes> table_of<Nodes> table_from(const graph& g) {
    require(fits<Nodes>(g), "a table of a random network", "lists within its arrays", "longer ones");
    return freezing::copy<table_of<Nodes>>(g, graph_sizes::of(g));
}

template <class T, class Backend, int Nodes> class planned : public run_time_program<T> {
  public:
    planned(const graph& g, int capacity)
        : named_(g.nodes.size()),
          table_(std::make_unique<table_of<Nodes>>(arranged(g))),
          order_(std::make_unique<schedule<Nodes>>(fuse<Backend, Nodes>(*table_))),
          places_(std::make_unique<placement<Nodes>>(
              place<Backend, Nodes>(*table_, *order_, capacity, static_cast<int>(sizeof(T))))) {
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            named_[i] = g.nodes[i].kind == op::relayout
                            ? named_[static_cast<std::size_t>(g.argument(static_cast<int>(i), 0))]
                            : static_cast<int>(i);
    }

    // of what the caller reads: of a relayout, what it is made of
    placed at(int node) const override { return places_->at[named_[static_cast<std::size_t>(node)]]; }
    long workspace_bytes() const override { return places_->workspace_bytes; }

  private:
    static table_of<Nodes> arranged(const graph& g) {
        table_of<Nodes> table = table_from<Nodes>(g);
        if constexpr (Backend::fuses)
            if (has_relayouts(table)) read_row_major<Backend, Nodes>(table);
        return table;
    }

    std::vector<int> named_;

  protected:
    std::unique_ptr<table_of<Nodes>> table_;
    std::unique_ptr<schedule<Nodes>> order_;
    std::unique_ptr<placement<Nodes>> places_;
};

template <class T, int Nodes> class scalar_program : public planned<T, backend::scalar, Nodes> {
  public:
    scalar_program(const graph& g, int capacity) : planned<T, backend::scalar, Nodes>(g, capacity) {
        const auto& table = *this->table_;
        std::copy(std::begin(table.nodes), std::end(table.nodes), list_->nodes);
        std::copy(std::begin(table.arguments), std::end(table.arguments), list_->arguments);
        std::copy(std::begin(table.words), std::end(table.words), list_->words);
        std::copy(std::begin(table.numbers), std::end(table.numbers), list_->numbers);
        std::copy_n(this->places_->at, g.nodes.size(), list_->at);
        for (std::size_t i = 0; i < g.nodes.size(); ++i)
            list_->at_in_other_width[i] = placed_in_other_width<T>(list_->at[i]);
        scalar::add_steps(*list_, table, *this->order_, *this->places_);
    }
    void run(const memory<T>& m, const other_real<T>* constants) const override {
        memory<other_real<T>> o = shown_in_other_width(m);
        o.constants = constants;
        scalar::run(*list_, m, o, scalar::alone{});
    }

  private:
    using instructions = scalar::instructions<table_of<Nodes>, Nodes, true>;
    std::unique_ptr<instructions> list_ = std::make_unique<instructions>();
};

// The kernels of the steps that compute in T, of a program whose own type that is or, if `other`, is not.
template <class T, int Nodes, int Addresses> class kernel_list {
    using arch = simd::default_arch;

  public:
    kernel_list(const table_of<Nodes>& table, const schedule<Nodes>& order, const emitted<Nodes, Addresses>& steps,
                bool other) {
        kernels_.resize(static_cast<std::size_t>(order.step_count));
        for (int k = 0; k < order.step_count; ++k) {
            const step_addresses& s = steps.steps[k];
            const node& lead = lead_of(table, order, k);
            if (lead.kind == op::cast || has_width(table.view().width_of(lead)) != other) continue;
            if (s.representative != k || steps.elided[k]) continue;
            const step_view v = view_step(table, order, k);
            auto& kernel = kernels_[static_cast<std::size_t>(k)];
            kernel.externals = v.external_count;
            kernel.outputs = v.output_count;
            kernel.indices = simd::mask_of_indices(table, v.externals, v.external_count);
            kernel.mixes_elements = kernel.indices != 0 || simd::mask_of_indices(table, v.outputs, v.output_count) != 0;
            const auto walk_of = [&](const step_view& own, int loop) {
                walks_.push_back(std::make_unique<interpreted_walk>(
                    order.read(table), own, view_step(table, order, step_of_loop(loop), part_of_loop(loop))));
                return walks_.back().get();
            };
            if (v.code_count > 0) {
                kernel.walk = walk_of(v, s.code[0]);
                kernel.run_block = &interpreted_loop<T>::run_block;
            }
            if (order.steps[k].before > 0) {
                const step_view b = view_step(table, order, k, part::before);
                kernel.before.walk = walk_of(b, s.code[1]);
                kernel.before.run_block = &interpreted_loop<T>::run_block;
                kernel.before.externals = b.external_count;
                kernel.before.indices = simd::mask_of_indices(table, b.externals, b.external_count);
                kernel.mixes_elements = kernel.mixes_elements || kernel.before.indices != 0;
                kernel.before.run = &kernel.run_computed;
            }
            if (v.anchor < 0) continue;
            kernel.graph = order.read(table);
            kernel.self = &table.nodes[v.anchor];
            kernel.further = further_results(table, v.anchor);
            if (kernel.indices != 0 || kernel.further != 0 || !kernel.self->is_floating())
                kernel.run_more = &kernel.run_with_more;
            kernel.mixes_elements = kernel.mixes_elements || kernel.further != 0 || !kernel.self->is_floating();
            add_anchor(kernel, std::make_integer_sequence<int, operation_count>{});
        }
    }
    // the node that says what a step computes
    static const node& lead_of(const table_of<Nodes>& table, const schedule<Nodes>& order, int step) {
        const fused_step& t = order.steps[step];
        return table.nodes[t.anchor >= 0 ? t.anchor : order.members[t.first]];
    }
    void run(int step, const memory<T>& m, const emitted<Nodes, Addresses>& steps) const {
        const step_addresses& s = steps.steps[step];
        kernels_[static_cast<std::size_t>(s.representative)].run(m, s, steps.addresses + s.first);
    }

  private:
    template <int... Kind> void add_anchor(simd::kernel<T>& k, std::integer_sequence<int, Kind...>) {
        (try_anchor<op{Kind}>(k), ...);
    }
    template <op Kind> void try_anchor(simd::kernel<T>& k) {
        if constexpr (facts_of(Kind).runs && Kind != op::cast) {
            if (k.self->kind != Kind) return;
            using work = simd::anchor<arch, T, Kind>;
            auto prepared = std::make_shared<typename work::prepared>(work::prepare(k.graph, *k.self));
            k.prepared = prepared.get();
            const int variant = simd::variant_of<work>(*prepared);
            [&]<int... V>(std::integer_sequence<int, V...>) {
                ((variant == V ? void(k.run_anchor = &simd::run_anchor<arch, T, Kind, V>) : void()), ...);
            }(std::make_integer_sequence<int, simd::variants_of<work>>{});
            if constexpr (facts_of(Kind).any_element)
                if (!k.self->is_floating()) k.run_anchor = &simd::run_moving_indices<arch, T, Kind>;
            prepared_.push_back(std::move(prepared));
        }
    }

    std::vector<simd::kernel<T>> kernels_;
    std::vector<std::unique_ptr<interpreted_walk>> walks_;
    std::vector<std::shared_ptr<void>> prepared_;
};

template <class T, int Nodes> class simd_program : public planned<T, backend::simd, Nodes> {
    static constexpr int most_addresses = Nodes * 8;
    using other = other_real<T>;
    using steps = emitted<Nodes, most_addresses>;

  public:
    simd_program(const graph& g, int capacity)
        : planned<T, backend::simd, Nodes>(g, capacity),
          emitted_(std::make_unique<steps>(emit<Nodes, most_addresses>(*this->table_, *this->order_, *this->places_))),
          kernels_(*this->table_, *this->order_, *emitted_, false) {
        if (!has_widths(*this->table_)) return;
        others_ = std::make_unique<steps>(*emitted_);
        for (step_addresses& s : others_->steps) s.anchor = placed_in_other_width<T>(s.anchor);
        for (placed_operand& a : others_->addresses) a = placed_in_other_width<T>(a);
        kernels_of_others_ =
            std::make_unique<kernel_list<other, Nodes, most_addresses>>(*this->table_, *this->order_, *others_, true);
    }
    void run(const memory<T>& m, const other* constants) const override {
        const graph_view g = this->table_->view();
        const auto anchor = [&](int k) { return this->order_->steps[k].anchor; };
        const auto kind = [&](int k) { return anchor(k) < 0 ? op::pointwise : g[anchor(k)].kind; };
        const auto loop = [&](int k) { return g.attributes<loop_attributes>(g[anchor(k)]); };
        memory<other> o = shown_in_other_width(m);
        o.constants = constants;
        run_steps(this->order_->step_count, m, kind, loop, [&](int k, const memory<T>& now) {
            if (emitted_->elided[k]) return;
            const node& lead = kernels_.lead_of(*this->table_, *this->order_, k);
            asm volatile("" : : : "memory");
            if (lead.kind == op::cast) {
                simd::anchor<simd::default_arch, T, op::cast>::run(
                    g, lead, emitted_->addresses[emitted_->steps[k].first], emitted_->steps[k].anchor, now, o);
            } else if (has_width(g.width_of(lead))) {
                o.iteration = now.iteration;
                o.first = now.first;
                kernels_of_others_->run(k, o, *others_);
            } else {
                kernels_.run(k, now, *emitted_);
            }
            asm volatile("" : : : "memory");
        });
    }

  private:
    std::unique_ptr<steps> emitted_, others_;
    kernel_list<T, Nodes, most_addresses> kernels_;
    std::unique_ptr<kernel_list<other, Nodes, most_addresses>> kernels_of_others_;
};

template <class T> std::unique_ptr<run_time_program<T>> make_program(const graph& g, int capacity, backend::simd) {
    if (fits<few_nodes>(g)) return std::make_unique<simd_program<T, few_nodes>>(g, capacity);
    return std::make_unique<simd_program<T, many_nodes>>(g, capacity);
}
template <class T> std::unique_ptr<run_time_program<T>> make_program(const graph& g, int capacity, backend::scalar) {
    if (fits<few_nodes>(g)) return std::make_unique<scalar_program<T, few_nodes>>(g, capacity);
    return std::make_unique<scalar_program<T, many_nodes>>(g, capacity);
}

}  // namespace tessera::random_networks
